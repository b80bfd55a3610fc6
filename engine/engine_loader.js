// The worker's script: `new Worker("/engine_loader.js")`. It lies beside engine.js and engine_bg.wasm.
// Trunk's own loader would be silent when the program does not arrive.
importScripts("engine.js");
wasm_bindgen({ module_or_path: "engine_bg.wasm" }).catch((error) => {
  const event = { type: "failed", error: { type: "not_started", problem: `${error}` } };
  postMessage(JSON.stringify({ request: null, event }));
});

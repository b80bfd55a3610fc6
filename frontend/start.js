// Runs before the first paint: the chosen theme, then the program. Its names are in the page's meta
// element, because an inline script would not pass the server's content security policy.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem("theme");
  } catch {
    // Storage is switched off: the system's theme it is.
  }
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;

  // A page's program has no `import()` of its own; labs are loaded with this one.
  globalThis.importModule = (address) => import(address);

  const tell = (words) => {
    const place = document.getElementById("starting-words");
    if (place) place.textContent = words;
  };

  document.addEventListener("DOMContentLoaded", async () => {
    const program = document.querySelector('meta[name="page-program"]');
    if (typeof WebAssembly !== "object") {
      tell("이 브라우저에는 WebAssembly가 없습니다. 최신 브라우저로 열어 주세요.");
      return;
    }
    try {
      const module = await import(program.content);
      await module.default({ module_or_path: program.dataset.wasm });
    } catch (error) {
      console.error(error);
      tell("페이지를 불러오지 못했습니다. 연결을 확인하고 새로고침하세요.");
    }
  });
})();

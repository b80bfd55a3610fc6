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

  // Each is in the page once; one that did not come is asked for anew.
  const sheets = new Map();
  const sheet = (address) => {
    if (!sheets.has(address)) {
      const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
      const there = new Promise((resolve, reject) => {
        link.onload = resolve;
        link.onerror = () => {
          link.remove();
          sheets.delete(address);
          reject(new Error(`${address} did not come`));
        };
      });
      sheets.set(address, there);
      document.head.append(link);
    }
    return sheets.get(address);
  };

  // A page's program has no `import()` of its own; the programs beside it are loaded with this one, and what
  // they show is not shown without its style.
  globalThis.importModule = async (address, styles) => {
    const [module] = await Promise.all([import(address), ...styles.split(" ").map(sheet)]);
    return module;
  };

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

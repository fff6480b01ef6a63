// Notes, on a page for the beamer, how long after a key the first new text is there.
addEventListener("keydown", (event) => {
  const pressed = performance.now();
  const watcher = new MutationObserver(() => {
    watcher.disconnect();
    (window.answered ??= []).push(performance.now() - pressed);
  });
  if (event.key === "Enter") watcher.observe(document.querySelector("#talk"), { childList: true, subtree: true });
}, true);

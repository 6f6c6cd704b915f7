// One letter for each decision, only while the bar that holds them has the focus: nothing is decided by chance.
for (const bar of document.querySelectorAll("[data-keys]")) {
  bar.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const chosen = bar.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (chosen) { event.preventDefault(); chosen.click(); }
  });
}

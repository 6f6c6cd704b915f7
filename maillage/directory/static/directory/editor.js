// The rich text editor takes the name of its field: its editable zone has none by itself.
const name = () => {
  for (const area of document.querySelectorAll("textarea[data-django-prose-editor-configurable]")) {
    const zone = area.closest(".prose-editor")?.querySelector("[contenteditable]") ?? area.parentElement.querySelector("[contenteditable]");
    if (!zone || zone.hasAttribute("aria-label")) continue;
    zone.setAttribute("role", "textbox");
    zone.setAttribute("aria-multiline", "true");
    zone.setAttribute("aria-label", document.querySelector(`label[for="${area.id}"]`)?.firstChild.textContent.trim() ?? area.name);
    if (area.getAttribute("aria-describedby")) zone.setAttribute("aria-describedby", area.getAttribute("aria-describedby"));
  }
};
new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
name();

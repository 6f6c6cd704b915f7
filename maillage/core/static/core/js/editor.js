// Before the rich text editor starts: it must write no style of its own (the content policy refuses it; work.css has the
// rules), and its editable zone takes the name of its field, for it has none by itself.
const styled = document.createElementNS("http://www.w3.org/1998/Math/MathML", "style");
styled.setAttribute("data-tiptap-style", "");
document.head.append(styled);

const name = () => {
  for (const zone of document.querySelectorAll(".prose-editor [contenteditable]:not([aria-label])")) {
    const area = zone.closest(".prose-editor").querySelector("textarea") ?? document.querySelector("textarea[data-django-prose-editor-configurable]");
    if (!area) continue;
    zone.setAttribute("role", "textbox");
    zone.setAttribute("aria-multiline", "true");
    zone.setAttribute("aria-label", document.querySelector(`label[for="${area.id}"]`)?.firstChild.textContent.trim() ?? area.name);
    if (area.getAttribute("aria-describedby")) zone.setAttribute("aria-describedby", area.getAttribute("aria-describedby"));
  }
};
new MutationObserver(name).observe(document.documentElement, { childList: true, subtree: true });

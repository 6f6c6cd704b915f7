// Before the rich text editor starts: it must write no style of its own (the content policy refuses it; work.css has the
// rules), its editable zone takes the name of its field, for it has none by itself, and it speaks French: it asks `gettext`
// for the words of its dialogs, but writes those of its bar without asking.
const WORDS = {
  "paragraph": "paragraphe", "Paragraph": "Paragraphe", "Heading 2": "Titre 2", "Heading 3": "Titre 3", "Heading 4": "Titre 4",
  "heading 2": "titre 2", "heading 3": "titre 3", "heading 4": "titre 4",
  "unordered list": "liste à puces", "ordered list": "liste numérotée", "List properties": "Propriétés de la liste",
  "blockquote": "citation", "bold": "gras", "italic": "italique", "insert link": "mettre un lien", "remove link": "ôter le lien",
  "Insert table": "Insérer un tableau", "Add column": "Ajouter une colonne", "Delete column": "Supprimer la colonne",
  "Add row": "Ajouter une ligne", "Delete row": "Supprimer la ligne", "Merge cells": "Fusionner les cellules",
  "Split cell": "Scinder la cellule", "Toggle header cell": "Cellule d'en-tête, oui ou non", "Delete table": "Supprimer le tableau",
  "undo": "défaire", "redo": "refaire", "Edit Link": "Lien", "URL": "Adresse", "Title": "Titre du lien", "Update": "Valider", "Cancel": "Annuler",
  "Insert": "Insérer", "Insert Table": "Insérer un tableau", "Table Properties": "Tableau", "Rows": "Lignes", "Columns": "Colonnes",
  "Include header row": "Avec une ligne d'en-tête", "List type": "Sorte de liste", "Start at": "Commencer à", "Bullets": "Puces",
  "Decimal numbers": "1, 2, 3", "Lowercase letters": "a, b, c", "Uppercase letters": "A, B, C", "Lowercase Roman numerals": "i, ii, iii",
  "Uppercase Roman numerals": "I, II, III",
};
window.gettext ??= (text) => WORDS[text] ?? text;
const translate = () => {
  for (const button of document.querySelectorAll(".prose-menubar [title]")) {
    const word = WORDS[button.title];
    if (word) { button.title = word; button.setAttribute("aria-label", word); }
  }
  for (const choice of document.querySelectorAll(".prose-menubar :is(p, h2, h3, h4)")) {
    const word = WORDS[choice.textContent];
    if (word) choice.textContent = word;
  }
};

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
// A button that does nothing just now looks so: it also says so to those who do not see it.
const able = () => {
  for (const button of document.querySelectorAll(".prose-menubar__button")) {
    button.setAttribute("aria-disabled", button.classList.contains("disabled"));
  }
};
const watched = { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] };
new MutationObserver(() => { name(); translate(); able(); }).observe(document.documentElement, watched);

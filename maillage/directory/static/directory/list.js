/* What a script adds to the public pages of the directory; every page works without it. */

const form = document.getElementById("recherche");
const facets = document.getElementById("facettes");
const drawer = document.getElementById("filtres");

// Facets are replaced by those of the new answer: what the reader had opened stays open, where it was scrolled to.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if (event.detail.target !== facets) return;
  for (const incoming of event.detail.fragment.querySelectorAll("details[data-facet]")) {
    const present = facets.querySelector(`details[data-facet="${incoming.dataset.facet}"]`);
    if (present) incoming.open = present.open;
  }
});

// A chip taken away empties its place in the form, which asks again: the page stays where it is, and the focus goes to the
// next chip or, after the last one, to the new count.
const boxes = (name) => [...form.elements].filter((box) => box.name === name && box.type === "checkbox");
const empty = ({ drop: name, value }) => {
  if (name === "q") form.elements.q.value = "";
  else if (name === "pres") form.elements.pres.value = form.elements.pres_text.value = "";
  else for (const box of boxes(name)) if (box.value === value) box.checked = false;
};
let dropped = -1;
document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-drop]");
  if (!form || !window.htmx || !chip || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const chips = [...document.querySelectorAll("[data-drop]")];
  dropped = chips.indexOf(chip);
  for (const each of chip.dataset.drop ? [chip] : chips) empty(each.dataset);
  form.requestSubmit();
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (dropped < 0 || event.target.id !== "resultats") return;
  const left = [...document.querySelectorAll("[data-drop]:not([data-drop=''])")];
  (left[Math.min(dropped, left.length - 1)] ?? document.getElementById("resultats-titre")).focus({ preventScroll: true });
  dropped = -1;
});

// On a phone, « Voir les 12 acteurs » closes the drawer and shows the list.
facets?.addEventListener("click", (event) => {
  if (!event.target.closest("[data-close-drawer]") || !drawer.matches(":popover-open")) return;
  drawer.hidePopover();
  document.getElementById("resultats").scrollIntoView({ block: "start" });
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    field.select();
    document.getElementById("annonce").textContent = button.dataset.done ?? "";
  });
}

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

// On a phone, « Voir les 12 acteurs » closes the drawer and shows the list.
facets?.addEventListener("click", (event) => {
  if (!event.target.closest("[data-close-drawer]") || !drawer.matches(":popover-open")) return;
  drawer.hidePopover();
  document.getElementById("resultats").scrollIntoView({ block: "start" });
});

const locate = document.querySelector("[data-locate]");
if (form && locate && "geolocation" in navigator) {
  locate.hidden = false;
  locate.addEventListener("click", () => {
    locate.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        locate.disabled = false;
        // About a hundred metres: enough to sort, and no home address in a link that is shared.
        const place = `${coords.latitude.toFixed(3)},${coords.longitude.toFixed(3)}`;
        form.elements.pres.value = place;
        form.elements.pres_text.value = locate.dataset.here;
        form.requestSubmit();
      },
      () => {
        locate.disabled = false;
        document.getElementById("annonce").textContent = locate.dataset.refused ?? "";
      },
      { maximumAge: 600000, timeout: 10000 },
    );
  });
}

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

// The working table with JavaScript: arrows between rows, a row edited in place, ticks in ranges. Keys act only inside the grid.

const grid = () => document.querySelector("[data-grid]");
const inside = (target) => target.closest?.("[data-grid] tbody");
const typing = (target) => target.closest?.("input:not([type=checkbox]), select, textarea, [contenteditable]");
const focusable = (row) => row?.querySelector("th a") ?? row?.querySelector("input, a");
let opened = [];
let drawn = false;
let held = "";
let last = null;

function prepare() {
  const table = grid();
  if (!table) return;
  const all = table.querySelector("[data-all]");
  if (all) { all.hidden = false; all.nextElementSibling?.remove(); }
  document.querySelector("[data-keys]")?.removeAttribute("hidden");
  count();
}

function ticks() { return [...document.querySelectorAll("[data-grid] input[name=acteur]")]; }

function count() {
  const table = grid();
  const said = document.querySelector("[data-selected]");
  if (!table || !said) return;
  said.dataset.empty ??= said.textContent;
  const number = ticks().filter((tick) => tick.checked).length;
  const text = number ? `${number} ${number > 1 ? table.dataset.selectedMany : table.dataset.selectedOne}` : said.dataset.empty;
  if (said.textContent !== text) said.textContent = text;
  const all = table.querySelector("[data-all]");
  if (all) { all.checked = number > 0 && number === ticks().length; all.indeterminate = number > 0 && number < ticks().length; }
}

async function swap(row, request) {
  const answer = await request;
  const box = document.createElement("tbody");
  box.innerHTML = await answer.text();
  const fresh = box.firstElementChild;
  // A page in place of a row: the session is over, or the actor is gone.
  if (!fresh?.matches("tr")) { location.reload(); return null; }
  row.replaceWith(fresh);
  return fresh;
}

// While a row is edited the columns keep the widths they had.
function hold() {
  const heads = [...grid().tHead.rows[0].cells];
  if (grid().querySelector("[data-row-form]")) return;
  const widths = heads.map((head) => `${head.getBoundingClientRect().width}px`);
  heads.forEach((head, index) => { head.style.inlineSize = head.style.minInlineSize = widths[index]; });
}

function release() {
  if (grid().querySelector("[data-row-form]")) return;
  for (const head of grid().tHead.rows[0].cells) head.style.inlineSize = head.style.minInlineSize = "";
}

async function edit(row) {
  const link = row.querySelector("[data-edit]");
  if (!link) return;
  hold();
  const fresh = await swap(row, fetch(link.dataset.edit, { credentials: "same-origin" }));
  fresh?.querySelector("th input")?.focus();
}

async function cancel(row) {
  const form = row.querySelector("form[data-back]");
  const fresh = await swap(row, fetch(form.dataset.back, { credentials: "same-origin" }));
  release();
  focusable(fresh)?.focus();
}

async function save(form) {
  const row = form.closest("tr");
  const fresh = await swap(row, fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" }));
  release();
  const wrong = fresh?.querySelector("[aria-invalid=true], [aria-describedby$=_meanwhile]");
  (wrong ?? fresh?.querySelector("th input") ?? focusable(fresh))?.focus();
  const region = document.getElementById("annonce");
  if (region) region.textContent = fresh?.hasAttribute("data-saved") ? document.querySelector("[data-saved-text]")?.dataset.savedText ?? "" : fresh?.querySelector("[role=alert], .field__error")?.textContent ?? "";
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-edit]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); edit(link.closest("tr")); return; }
  if (event.target.closest?.("[data-cancel]")) { event.preventDefault(); cancel(event.target.closest("tr")); return; }
  const tick = event.target.closest?.("input[name=acteur]");
  if (tick && inside(tick)) {
    if (event.shiftKey && last?.isConnected) {
      const list = ticks();
      const [from, to] = [list.indexOf(last), list.indexOf(tick)].sort((a, b) => a - b);
      for (const each of list.slice(from, to + 1)) each.checked = tick.checked;
    }
    last = tick;
    count();
  }
});
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-row-form] select[name=circle]")) event.target.closest("td").querySelector("[data-reason]").hidden = false;
  if (event.target.matches?.("[data-all]")) { for (const tick of ticks()) tick.checked = event.target.checked; count(); }
});
document.addEventListener("submit", (event) => {
  if (event.target.matches?.("[data-row-form] form")) { event.preventDefault(); save(event.target); }
});
document.addEventListener("keydown", (event) => {
  const body = inside(event.target);
  if (!body || event.ctrlKey || event.metaKey || event.altKey) return;
  const row = event.target.closest("tr");
  if (event.key === "Escape" && row.matches("[data-row-form]")) { event.preventDefault(); cancel(row); return; }
  if (typing(event.target)) return;
  const rows = [...body.rows];
  const at = rows.indexOf(row);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1, PageDown: at + 15, PageUp: at - 15 }[event.key];
  if (to !== undefined) { event.preventDefault(); focusable(rows[Math.max(0, Math.min(rows.length - 1, to))])?.focus(); return; }
  if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    const stops = [...row.querySelectorAll("input, a[href]")];
    const next = stops[stops.indexOf(event.target) + (event.key === "ArrowRight" ? 1 : -1)];
    if (next) { event.preventDefault(); next.focus(); }
  } else if (event.key === "F2") { event.preventDefault(); edit(row); }
  else if (event.key === " " && event.target.type !== "checkbox") { event.preventDefault(); row.querySelector("input[name=acteur]")?.click(); }
});
document.addEventListener("htmx:beforeSwap", () => {
  opened = [...document.querySelectorAll(".filters details[open]")].map((each) => each.id);
  drawn = document.querySelector("#filtres:popover-open") !== null;
  held = document.activeElement?.closest("#acteurs [id]")?.id ?? "";
});
document.addEventListener("htmx:afterSettle", () => {
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  if (drawn) document.getElementById("filtres")?.showPopover();
  // The focus stays on what was used; when that was taken away (a filter), it goes to the table.
  if (held) (document.getElementById(held) ?? document.querySelector(".actors__wrap") ?? document.getElementById("filtre-q"))?.focus();
  prepare();
});
prepare();

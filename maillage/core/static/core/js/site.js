// What every page gains with JavaScript: menus that close, dialogs, theme without reload, comboboxes, htmx when used.

const me = document.currentScript ?? document.querySelector("script[data-htmx]");
const announce = (text) => {
  const region = document.getElementById("annonce");
  if (region && text) { region.textContent = ""; setTimeout(() => { region.textContent = text; }, 50); }
};

// What the page came with in a status region is read by no screen reader: it is said once the page is there.
const arrived = [...document.querySelectorAll("#messages :is([role=status], [role=alert]) .alert__body")].map((message) => message.textContent.trim()).join(" ");
if (arrived) setTimeout(() => announce(arrived), 500);

// ---- menus drawn with <details data-menu>: one open at a time, closed by Escape or a click elsewhere
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = event.target.closest?.("details[data-menu][open]") ?? document.querySelector("details[data-menu][open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  }
  // No single key: it would act on those who dictate or press by accident (WCAG 2.1.4). In an editor Ctrl+K makes a link.
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && !event.target.closest?.("[contenteditable]")) {
    const search = document.getElementById("recherche-entete");
    if (search?.checkVisibility?.() ?? search) { event.preventDefault(); search.focus(); search.select(); }
  }
});

// ---- names of icons, shown by the style sheet: Escape puts them away until the next icon
document.addEventListener("keydown", (event) => { if (event.key === "Escape") document.documentElement.classList.add("tips-away"); });
for (const moved of ["focusin", "pointerover"]) document.addEventListener(moved, () => document.documentElement.classList.remove("tips-away"));

// ---- dialogs
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  if (event.target instanceof HTMLDialogElement && event.target.open) event.target.close();
});

// ---- theme: the same POST as without JavaScript, without reloading
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches?.("[data-theme-switch]") || !event.submitter) return;
  event.preventDefault();
  const theme = event.submitter.value;
  const body = new URLSearchParams({ theme, next: "/healthz" });
  try { await fetch(form.action, { method: "POST", body, credentials: "same-origin" }); } catch { form.submit(); return; }
  if (theme) document.documentElement.dataset.theme = theme; else delete document.documentElement.dataset.theme;
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button === event.submitter));
  announce(event.submitter.textContent.trim());
});

// ---- forms: the summary of errors takes the focus; a form marked data-auto is sent when a choice changes
const first = document.querySelector("[data-focus]:not([data-quiet] *)");
// Whoever came by the link to the content has it in the address: the browser would go back there once all is loaded.
if (first && location.hash) history.replaceState(history.state, "", location.pathname + location.search);
first?.focus();
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-auto") && !event.target.closest("[data-combobox]")) form.requestSubmit();
});

// ---- one's own position, in a form with a place (`pres`): only when it is asked for, and where the browser knows it
for (const locate of "geolocation" in navigator ? document.querySelectorAll("[data-locate]") : []) {
  const { form } = locate;
  locate.hidden = false;
  locate.addEventListener("click", () => {
    locate.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        locate.disabled = false;
        // About a hundred metres: enough to sort, and no home address in a link that is shared.
        form.elements.pres.value = `${coords.latitude.toFixed(3)},${coords.longitude.toFixed(3)}`;
        form.elements.pres_text.value = locate.dataset.here;
        form.requestSubmit();
      },
      () => {
        locate.disabled = false;
        const said = document.getElementById(locate.dataset.refusal);
        said.textContent = locate.dataset.refused;
        said.hidden = false;
        announce(locate.dataset.refused);
        form.elements.pres_text.focus();
      },
      { maximumAge: 600000, timeout: 10000 },
    );
  });
}

// ---- combobox (ARIA APG "list autocomplete with manual selection"); the URL answers JSON [{value, label, detail}]
class Combobox {
  constructor(root) {
    this.root = root;
    [this.input, this.hidden] = root.querySelectorAll("input");
    this.list = Object.assign(document.createElement("ul"), { className: "combobox__list", id: `${this.input.id}-liste`, hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", document.querySelector(`label[for="${this.input.id}"]`)?.textContent.trim() ?? "");
    root.append(this.list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id, autocomplete: "off" })) this.input.setAttribute(name, value);
    this.active = -1;
    this.chosen = this.input.value;
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => { this.forget(); setTimeout(() => this.close(), 150); });
    // Words half typed ask for nothing: only a choice, Enter or an emptied box do.
    this.input.addEventListener("change", (event) => { event.stopPropagation(); if (!this.input.value.trim()) this.tell(); });
    this.input.form?.addEventListener("submit", () => { this.forget(); this.close(); });
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => { const option = event.target.closest("[role=option]"); if (option) this.choose(option); });
  }
  typed() {
    if (this.input.value !== this.chosen) this.hidden.value = "";
    this.forget();
    if (this.input.value.trim().length < Number(this.root.dataset.min || 2)) { this.close(); return; }
    this.timer = setTimeout(() => this.ask(), 120);
  }
  forget() {
    clearTimeout(this.timer);
    this.request?.abort();
  }
  tell() { this.hidden.dispatchEvent(new Event("change", { bubbles: true })); }
  async ask() {
    this.forget();
    this.request = new AbortController();
    const url = new URL(this.root.dataset.combobox, location.href);
    url.searchParams.set("q", this.input.value);
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" }, signal: this.request.signal });
      if (answer.ok) this.show((await answer.json()).results ?? []);
    } catch (error) { if (error.name !== "AbortError") this.close(); }
  }
  show(results) {
    this.list.replaceChildren(...results.map((result, index) => {
      const option = Object.assign(document.createElement("li"), { className: "combobox__option", id: `${this.list.id}-${index}` });
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.value = result.value;
      option.dataset.label = result.label;
      option.append(Object.assign(document.createElement("span"), { textContent: result.label }));
      if (result.detail) option.append(Object.assign(document.createElement("small"), { textContent: result.detail }));
      return option;
    }));
    this.active = -1;
    this.list.hidden = results.length === 0;
    this.input.setAttribute("aria-expanded", String(results.length > 0));
    this.input.removeAttribute("aria-activedescendant");
    announce(results.length ? `${results.length} ${results.length > 1 ? this.root.dataset.found : this.root.dataset.one}` : this.root.dataset.empty);
  }
  move(to) {
    const options = [...this.list.children];
    if (!options.length) return;
    this.active = (to + options.length) % options.length;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === this.active)));
    this.input.setAttribute("aria-activedescendant", options[this.active].id);
    options[this.active].scrollIntoView({ block: "nearest" });
  }
  key(event) {
    const open = !this.list.hidden;
    if (event.key === "ArrowDown") { event.preventDefault(); open ? this.move(this.active + 1) : this.ask(); }
    else if (event.key === "ArrowUp" && open) { event.preventDefault(); this.move(this.active - 1); }
    else if (event.key === "Enter" && open && this.active >= 0) { event.preventDefault(); this.choose(this.list.children[this.active]); }
    else if (event.key === "Escape" && open) { event.preventDefault(); event.stopPropagation(); this.close(); }
    else if (event.key === "Tab" && open && this.active >= 0) this.choose(this.list.children[this.active]);
  }
  choose(option) {
    this.input.value = this.chosen = option.dataset.label;
    this.hidden.value = option.dataset.value;
    this.close();
    this.tell();
  }
  close() {
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
const enhance = (root) => { for (const box of root.querySelectorAll("[data-combobox]:not([data-ready])")) { box.dataset.ready = ""; new Combobox(box); } };
enhance(document);

// ---- htmx: fetched only by pages that use it; no eval, no inline style, new counts read aloud
if (document.querySelector("[hx-get], [hx-post], [hx-boost], [data-hx-get], [data-hx-post]")) {
  const config = { allowEval: false, includeIndicatorStyles: false, selfRequestsOnly: true, scrollBehavior: "auto", historyCacheSize: 0, refreshOnHistoryMiss: true };
  // The page may be parsed between the moment htmx runs and its `load` event: it then reads this before it draws anything.
  const meta = document.createElement("meta");
  meta.name = "htmx-config";
  meta.content = JSON.stringify(config);
  const script = document.createElement("script");
  script.src = me.dataset.htmx;
  script.onload = () => {
    Object.assign(window.htmx.config, config);
    window.htmx.process(document.body);
    // htmx loaded after the page is parsed never hears that it is ready, and leaves « back » alone: the page is asked again.
    window.addEventListener("popstate", (event) => { if (event.state?.htmx) window.location.reload(); });
  };
  document.head.append(meta, script);
  document.addEventListener("htmx:afterSwap", (event) => {
    enhance(event.target.parentElement ?? document);
    announce(event.target.querySelector?.("[data-announce]")?.dataset.announce ?? document.querySelector("[data-announce]")?.dataset.announce);
  });
}

// A condition report is kept by the device, photos included, until the server says that it has it: no network, a page closed
// or a session that ended loses nothing. The key of the report makes it one report however often it is sent.
const NAME = "maillage-constats";
const LONGEST = 30 * 24 * 3600 * 1000;
const SIDE = 1600;
const AGAIN = 30000;

const page = () => document.querySelector("form[data-report]");
const said = document.querySelector("[data-report-state]");
const retry = document.querySelector("[data-report-send]");
const words = said?.dataset ?? {};
const id = `${page()?.dataset.report}:${location.pathname}`;
let record = null;
let sending = false;
let timer = 0;
let saver = 0;

// ---- what the device keeps
const opened = new Promise((resolve, reject) => {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("reports", { keyPath: "id" });
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});
const stored = async (mode, work) => {
  const database = await opened;
  return new Promise((resolve, reject) => {
    const transaction = database.transaction("reports", mode);
    const asked = work(transaction.objectStore("reports"));
    transaction.oncomplete = () => resolve(asked?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
};
const keep = () => { record.saved = Date.now(); return stored("readwrite", (store) => store.put(record)); };
const forget = () => stored("readwrite", (store) => store.delete(id));

// ---- what is typed
const typed = () => [...new FormData(page())].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
const note = () => {
  record ??= { id, photos: [], waiting: false };
  record.fields = typed();
};
const restore = () => {
  const values = new Map(record.fields);
  for (const box of page().elements) {
    if (!box.name || box.type === "file" || box.name === "csrfmiddlewaretoken") continue;
    if (box.type === "checkbox") box.checked = values.has(box.name);
    else if (box.type === "radio") box.checked = values.get(box.name) === box.value;
    else if (values.has(box.name)) box.value = values.get(box.name);
  }
};

// ---- photos: reduced by the device, for a phone on a slow network
const reduced = async (file) => {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const ratio = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * ratio);
  canvas.height = Math.round(picture.height * ratio);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => { canvas.toBlob((blob) => resolve(blob ?? file), "image/jpeg", 0.82); });
};
const thumbnail = async (blob, label) => {
  const picture = await createImageBitmap(blob);
  const canvas = Object.assign(document.createElement("canvas"), { width: 96, height: 96 });
  const side = Math.min(picture.width, picture.height);
  canvas.getContext("2d").drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, 96, 96);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  return canvas;
};
const draw = async () => {
  for (const list of document.querySelectorAll("[data-photos]")) {
    const own = (record?.photos ?? []).filter((photo) => photo.unit === list.dataset.photos);
    const items = await Promise.all(own.map(async (photo, rank) => {
      const label = `${words.photo} ${rank + 1}`;
      const item = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button", className: "button button--quiet button--small", textContent: words.remove });
      button.setAttribute("aria-label", `${words.remove} : ${label}`);
      button.addEventListener("click", async () => { record.photos.splice(record.photos.indexOf(photo), 1); await keep(); draw(); });
      item.append(await thumbnail(photo.blob, label), button);
      return item;
    }));
    list.replaceChildren(...items);
    list.hidden = !items.length;
  }
};
const take = async (input) => {
  const files = [...input.files];
  input.value = "";
  note();
  for (const file of files) {
    try { record.photos.push({ unit: input.name.split("-")[0], blob: await reduced(file) }); } catch { tell(words.unreadable); }
  }
  await keep();
  draw();
};

// One after the other, and before anything is sent: whoever signs at once loses no photo.
let taking = Promise.resolve();
const takeAll = () => {
  for (const input of page().querySelectorAll("input[type=file]")) {
    if (input.files.length) taking = taking.then(() => (input.files.length ? take(input) : null));
  }
  return taking;
};

// ---- sending
const tell = (text) => {
  if (!said) return;
  said.textContent = text;
  said.closest("[data-report-box]").hidden = !text;
  retry.hidden = !record?.waiting;
};
const fresh = async () => {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  const other = new DOMParser().parseFromString(await answer.text(), "text/html");
  return other.querySelector("form[data-report] [name=csrfmiddlewaretoken]")?.value ?? "";
};
const post = (token) => {
  const body = new FormData();
  for (const [name, value] of record.fields) body.append(name, value);
  body.append("csrfmiddlewaretoken", token);
  record.photos.forEach((photo, rank) => body.append(`${photo.unit}-photos`, photo.blob, `photo-${rank}.jpg`));
  return fetch(location.pathname, { method: "POST", body, headers: { "X-Report": "1" } });
};
const send = async () => {
  if (sending || !record) return;
  sending = true;
  clearTimeout(timer);
  tell(words.sending);
  try {
    let answer = await post(page().elements.csrfmiddlewaretoken.value);
    if (answer.status === 401 || answer.status === 403) {
      const token = await fresh();
      if (!token) { tell(words.out); return; }
      page().elements.csrfmiddlewaretoken.value = token;
      answer = await post(token);
    }
    if (answer.ok) {
      const told = await answer.json();
      await forget();
      record = null;
      location.assign(told.to);
    } else if (answer.status === 409 || answer.status === 422) {
      await correct(await answer.text());
    } else if (answer.status >= 400 && answer.status < 500 && ![401, 403, 408, 425, 429].includes(answer.status)) {
      await refused(answer.status);
    } else throw new Error(String(answer.status));
  } catch {
    tell(words.waiting);
    timer = setTimeout(send, AGAIN);
  } finally { sending = false; }
};
// Sent again as it is, it would be refused again: it waits, photos included, for whoever wrote it to change something.
const refused = async (status) => {
  record.waiting = false;
  await keep();
  tell(status === 400 || status === 413 ? words.heavy : words.refused);
  said?.closest("[data-report-box]").scrollIntoView({ block: "center" });
};
// What the server refused comes back as its page would show it; the photos stay.
const correct = async (html) => {
  const other = new DOMParser().parseFromString(html, "text/html").querySelector("form[data-report]");
  if (other) page().replaceWith(document.adoptNode(other));
  record.waiting = false;
  await keep();
  tell(other ? "" : words.waiting);
  draw();
  document.getElementById("erreurs")?.focus();
};

// ---- the page
const load = async () => {
  const rows = await stored("readonly", (store) => store.getAll());
  for (const row of rows) if (row.saved < Date.now() - LONGEST) await stored("readwrite", (store) => store.delete(row.id));
  record = rows.find((row) => row.id === id) ?? null;
};
// Listened to from the start; what is done meanwhile waits for what the device kept.
const ready = async () => {
  const loaded = load();
  taking = loaded;
  document.addEventListener("input", async (event) => {
    if (event.target.form !== page() || event.target.type === "file") return;
    await loaded;
    note();
    clearTimeout(saver);
    saver = setTimeout(keep, 150);
  });
  document.addEventListener("change", (event) => {
    if (event.target.form === page() && event.target.type === "file") takeAll();
  });
  document.addEventListener("submit", async (event) => {
    if (event.target !== page()) return;
    event.preventDefault();
    page().elements.fait.value = new Date().toISOString();
    await takeAll();
    note();
    record.waiting = true;
    clearTimeout(saver);
    await keep();
    await send();
    if (record?.waiting) said.closest("[data-report-box]").scrollIntoView({ block: "center" });
  });
  retry?.addEventListener("click", send);
  window.addEventListener("online", () => { if (record?.waiting) send(); });
  await loaded;
  if (!record) return;
  if (page().hasAttribute("data-open")) { restore(); await draw(); }
  if (record.waiting) send();
  else tell(words.kept);
};
if (page() && "indexedDB" in window) ready();

// Saves what is typed a moment after the last key, by the same form and address as the button; says when it did. A form that has no
// object yet is kept as a draft, whose address the page takes: reloading it opens what was written.
const PAUSE = 3000;
const said = document.getElementById("enregistre");
for (const form of document.querySelectorAll("form[data-autosave]")) {
  let timer = 0;
  let running = false;
  let again = false;
  let leaving = false;
  let pressed = null;  // What submits once a save that runs is over.
  const typed = () => {
    const data = new FormData(form);
    // A file goes with the button; the key of a form sent once is for that sending.
    for (const { name } of form.querySelectorAll("input[type=file], input[name=cle]")) data.delete(name);
    return data;
  };
  const keep = (told) => {
    form.elements.vu.value = told.vu;
    if (!told.draft) return;
    form.elements.brouillon.value = told.draft;
    history.replaceState(null, "", told.address);
  };
  const save = async () => {
    if (leaving) return;
    if (running) { again = true; return; }
    running = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: typed(), headers: { "X-Autosave": "1" } });
      const told = await answer.json();
      if (answer.ok) keep(told);
      said.textContent = told.sentence;
    } catch {
      said.textContent = form.dataset.lost;
    }
    running = false;
    if (pressed) form.requestSubmit(pressed.submitter);
    else if (again) { again = false; save(); }
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(save, PAUSE); };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", (event) => {
    leaving = true;
    clearTimeout(timer);
    // The draft being made is the one to send.
    if (running && form.elements.brouillon) { event.preventDefault(); pressed = event; }
  });
}

// Saves what is typed a moment after the last key, by the same form and address as the button; says when it did.
const PAUSE = 3000;
const said = document.getElementById("enregistre");
for (const form of document.querySelectorAll("form[data-autosave]")) {
  let timer = 0;
  let running = false;
  let again = false;
  let leaving = false;
  const save = async () => {
    if (leaving) return;
    if (running) { again = true; return; }
    running = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" } });
      const told = await answer.json();
      if (answer.ok) form.elements.vu.value = told.vu;
      said.textContent = told.sentence;
    } catch {
      said.textContent = form.dataset.lost;
    }
    running = false;
    if (again) { again = false; save(); }
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(save, PAUSE); };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });
}

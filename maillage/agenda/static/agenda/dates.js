// Rows of dates added in place; without script the same button asks the server for one more.

for (const fieldset of document.querySelectorAll("[data-rows]")) {
  const total = fieldset.querySelector(`[name="${fieldset.dataset.rows}-TOTAL_FORMS"]`);
  const list = fieldset.querySelector("[data-list]");
  const template = fieldset.querySelector("template");
  fieldset.querySelector("[data-add]").addEventListener("click", (event) => {
    event.preventDefault();
    const number = Number(total.value);
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", String(number));
    const row = holder.content.firstElementChild;
    row.setAttribute("aria-label", `${row.getAttribute("aria-label").trim()} ${number + 1}`);
    list.append(row);
    total.value = String(number + 1);
    row.querySelector("input:not([type=hidden])").focus();
  });
}

// The end of a date follows its beginning by an hour when it is still empty.
document.addEventListener("change", (event) => {
  const { target } = event;
  if (target.type !== "time" || !target.name.endsWith("-starts") || !target.value) return;
  const end = target.form.elements[target.name.replace(/-starts$/, "-ends")];
  if (!end || end.value) return;
  const [hour, minute] = target.value.split(":").map(Number);
  if (hour < 23) end.value = `${String(hour + 1).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
});

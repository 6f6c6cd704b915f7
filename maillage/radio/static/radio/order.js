// While words are typed: how many they are, how long the item and the whole programme last. Counts as `engine/reading.py` does.
const counted = /[\p{L}\p{N}_]/u;
const words = (text) => text.split(/\s+/u).filter((part) => counted.test(part)).length;
const clock = (seconds) => {
  const [hours, minutes, left] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  const end = String(left).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${end}` : `${minutes}:${end}`;
};
const seconds = (text) => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
const total = document.getElementById("total");
const gap = document.getElementById("ecart");
const lengths = [...document.querySelectorAll("[data-length]")];
const tell = (area) => {
  const count = words(area.value);
  const reading = Math.ceil((count * 60) / Number(area.dataset.rate));
  const planned = area.dataset.planned;
  document.querySelector(`[data-words="${area.dataset.item}"]`).textContent = count;
  const length = document.querySelector(`[data-length="${area.dataset.item}"]`);
  if (planned === undefined) length.textContent = clock(reading);
  length.parentElement.classList.toggle("late", planned !== undefined && reading > Number(planned));
  const whole = lengths.reduce((sum, each) => sum + seconds(each.textContent), 0);
  const over = whole - Number(total.dataset.usual);
  total.textContent = clock(whole);
  gap.textContent = `${clock(Math.abs(over))} ${over > 0 ? gap.dataset.over : gap.dataset.left}`;
  gap.classList.toggle("late", over > 0);
};
for (const area of document.querySelectorAll("textarea[data-item]")) area.addEventListener("input", () => tell(area));

// A page that stays open long enough, in sight, was read: it says so once, and nothing else.
const LONG_ENOUGH = 8000;
const { read } = document.getElementById("lecture").dataset;
let told = false;
let timer = 0;
const count = () => {
  clearTimeout(timer);
  if (document.visibilityState !== "visible" || told) return;
  timer = setTimeout(() => { told = true; navigator.sendBeacon(read); }, LONG_ENOUGH);
};
document.addEventListener("visibilitychange", count);
count();

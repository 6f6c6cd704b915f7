// Placing an actor by hand: a click on the map fills the two fields, and the fields move the mark.
const canvas = document.getElementById("carte-a-placer");
const [latitude, longitude] = ["latitude", "longitude"].map((name) => document.getElementById(`id_${name}`));
const number = (field) => Number.parseFloat(field.value.replace(",", "."));
const written = (value) => value.toFixed(6).replace(/0+$/, "").replace(/\.$/, "").replace(".", ",");

function start() {
  const { map } = canvas;
  const { L } = window;
  let mark = null;
  const put = (at) => {
    if (mark) mark.setLatLng(at);
    else mark = L.circleMarker(at, { radius: 9, className: "place-mark", interactive: false }).addTo(map);
  };
  const asked = () => { const at = [number(latitude), number(longitude)]; return at.every(Number.isFinite) ? at : null; };
  map.on("click", ({ latlng }) => { latitude.value = written(latlng.lat); longitude.value = written(latlng.lng); put(latlng); });
  for (const field of [latitude, longitude]) field.addEventListener("change", () => { const at = asked(); if (at) { put(at); map.panTo(at, { animate: false }); } });
  if (asked()) put(asked());
}
if (canvas?.map) start();
else canvas?.addEventListener("map:drawn", start);

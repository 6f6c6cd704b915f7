// Placing an actor by hand: a click on the map fills the two fields, and the fields move the mark.
const canvas = document.querySelector("[data-place]");
const [latitude, longitude] = ["latitude", "longitude"].map((name) => document.getElementById(`id_${name}`));
const number = (field) => Number.parseFloat(field.value.replace(",", "."));
const written = (value) => value.toFixed(6).replace(/0+$/, "").replace(/\.$/, "").replace(".", ",");

async function draw() {
  await new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: canvas.dataset.leaflet, onload: resolve, onerror: reject });
    document.head.append(script);
  });
  const { L } = window;
  const map = L.map(canvas, { zoomControl: false, maxZoom: 18, fadeAnimation: false, zoomAnimation: false, attributionControl: Boolean(canvas.dataset.tiles) });
  L.control.zoom({ zoomInTitle: canvas.dataset.zoomIn, zoomOutTitle: canvas.dataset.zoomOut }).addTo(map);
  const center = (canvas.dataset.center || "46.6;2.4").split(";").map(Number);
  map.setView(center, canvas.dataset.center ? 11 : 5);
  if (canvas.dataset.tiles) L.tileLayer(canvas.dataset.tiles, { attribution: canvas.dataset.credit, maxZoom: 19 }).addTo(map);
  else if (canvas.dataset.contours) {
    fetch(canvas.dataset.contours).then((answer) => (answer.ok ? answer.json() : null)).then((data) => {
      if (data) L.geoJSON(data, { interactive: false, style: { className: "map__contour", weight: 1, fillOpacity: 1, color: "", fillColor: "" } }).addTo(map).bringToBack();
    }).catch(() => null);
  }
  let mark = null;
  const put = (at) => {
    if (mark) mark.setLatLng(at);
    else mark = L.circleMarker(at, { radius: 9, className: "place-mark", interactive: false }).addTo(map);
  };
  const follow = () => { const at = [number(latitude), number(longitude)]; if (at.every(Number.isFinite)) { put(at); map.panTo(at, { animate: false }); } };
  map.on("click", ({ latlng }) => { latitude.value = written(latlng.lat); longitude.value = written(latlng.lng); put(latlng); });
  for (const field of [latitude, longitude]) field.addEventListener("change", follow);
  follow();
  canvas.dataset.drawn = "1";
}
if (canvas) draw();

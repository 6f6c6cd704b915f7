// The map of a list: base contours, clustered points with names, all of it reachable by keyboard. Leaflet comes here only.

const script = (src) => new Promise((resolve, reject) => {
  if ([...document.scripts].some((one) => one.dataset.from === src)) { resolve(); return; }
  const element = document.createElement("script");
  element.src = src;
  element.dataset.from = src;
  element.onload = resolve;
  element.onerror = reject;
  document.head.append(element);
});
const json = async (url) => { const answer = await fetch(url, { headers: { Accept: "application/geo+json, application/json" } }); if (!answer.ok) throw new Error(answer.status); return answer.json(); };

const SHAPES = {
  circle: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z", square: "M4 4h16v16H4z", triangle: "M12 3l10 17.5H2z",
  diamond: "M12 1.5 22.5 12 12 22.5 1.5 12z", hexagon: "M6.8 3h10.4L22.4 12l-5.2 9H6.8L1.6 12z",
};

// Groups are 85 px apart on the server's grid: their discs stay well below, so that the map is seen between them.
const PIN = 26;
const discSize = (count) => Math.round(Math.min(46, 24 + 3 * Math.log2(count)));

// Feature properties: name, url, and optionally text or place, hue (1-8), shape; or count and bbox for a group made by the server.
function pin(L, feature, latlng) {
  const { name, hue, shape } = feature.properties;
  const svg = `<svg viewBox="0 0 24 24" aria-hidden="true"><path class="pin__shape" d="${SHAPES[shape] ?? SHAPES.circle}"/></svg>`;
  const icon = L.divIcon({ className: `pin hue-${Number(hue) || 0}`, html: svg, iconSize: [PIN, PIN] });
  return L.marker(latlng, { icon, alt: name, title: name, keyboard: true, riseOnHover: true });
}

function group(L, feature, latlng) {
  const { count } = feature.properties;
  const size = discSize(count);
  return L.marker(latlng, { icon: L.divIcon({ className: "cluster", html: String(count), iconSize: [size, size] }), keyboard: true });
}

// Groups of the server and single points that would cover one another on this screen become one group: each can be hit.
function apart(map, features) {
  const size = (count) => (count > 1 ? discSize(count) : PIN);
  let held = features.map((feature) => {
    const [lon, lat] = feature.geometry.coordinates;
    const { count = 1, bbox = [lon, lat, lon, lat] } = feature.properties;
    return { feature, count, bbox, at: map.latLngToLayerPoint([lat, lon]) };
  }).sort((one, other) => other.count - one.count);
  for (let before = Infinity; held.length < before;) {
    before = held.length;
    held = held.reduce((kept, one) => {
      const over = kept.find((other) => other.at.distanceTo(one.at) < (size(other.count) + size(one.count)) / 2 + 6);
      if (!over) return [...kept, one];
      over.count += one.count;
      over.bbox = [...[0, 1].map((side) => Math.min(over.bbox[side], one.bbox[side])), ...[2, 3].map((side) => Math.max(over.bbox[side], one.bbox[side]))];
      over.feature = { ...over.feature, properties: { count: over.count, bbox: over.bbox } };
      return kept;
    }, []);
  }
  return held.map(({ feature }) => feature);
}

function popup({ name, url, text, place }) {
  const box = document.createElement("div");
  const title = Object.assign(document.createElement(url ? "a" : "span"), { className: "map__popup-title", textContent: name });
  if (url) title.href = url;
  box.append(title);
  if (text ?? place) box.append(Object.assign(document.createElement("span"), { className: "map__popup-text", textContent: text ?? place }));
  return box;
}

// Communes under the points, where there are no tiles: a dot each, and the names that find room, bigger towns first.
// Towns: [name, latitude, longitude, size], most peopled first; a size is a rank in these lists.
const SIZES = ["village", "town", "city"];
const NAMED_FROM = [9.5, 8, 0]; // Zoom.

function drawTowns(L, map, towns) {
  SIZES.forEach((size, rank) => {
    const dots = towns.filter((town) => town[3] === rank).map(([, latitude, longitude]) => [[latitude, longitude], [latitude, longitude]]);
    // A line without length, whose round caps are the dot: one element for thousands, in the colours of the style sheet.
    L.polyline(dots, { className: `map__dots map__dots--${size}`, interactive: false, smoothFactor: 0, noClip: true, color: "", weight: "" }).addTo(map);
  });
  const pane = map.createPane("towns");
  pane.setAttribute("aria-hidden", "true");
  const names = L.layerGroup().addTo(map);
  return () => {
    names.clearLayers();
    const view = map.getBounds();
    const box = map.getContainer().getBoundingClientRect();
    // What is in the way: points and groups, then the names already written.
    const taken = [...map.getContainer().querySelectorAll(".cluster, .pin")].map((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { x: left + width / 2 - box.left, y: top + height / 2 - box.top, wide: width / 2, high: height / 2 };
    });
    let written = 0;
    for (const [name, latitude, longitude, size] of towns) {
      if (written >= 40) break;
      if (map.getZoom() < NAMED_FROM[size] || !view.contains([latitude, longitude])) continue;
      const { x, y } = map.latLngToContainerPoint([latitude, longitude]);
      const wide = 3.6 * name.length + 6;
      const free = (away) => taken.every((other) => Math.abs(other.x - x) > other.wide + wide || Math.abs(other.y - y - away) > other.high + 9);
      const away = (size === 2 ? [12, -12, 24, -24] : [12, -12]).find(free);
      if (away === undefined) continue;
      taken.push({ x, y: y + away, wide: wide + 10, high: 12 });
      written += 1;
      const icon = L.divIcon({ className: `map__town map__town--${SIZES[size]}`, html: Object.assign(document.createElement("span"), { textContent: name }), iconSize: [0, 0], iconAnchor: [0, -away] });
      L.marker([latitude, longitude], { icon, pane: "towns", interactive: false, keyboard: false }).addTo(names);
    }
  };
}

async function draw(canvas) {
  const { dataset } = canvas;
  await script(dataset.leaflet);
  await script(dataset.cluster);
  const L = window.L;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  canvas.replaceChildren();
  const map = L.map(canvas, {
    zoomControl: false, maxZoom: 18, minZoom: 4, zoomSnap: 0.5, fadeAnimation: !still, zoomAnimation: !still, markerZoomAnimation: !still,
    scrollWheelZoom: true, attributionControl: Boolean(dataset.credit || dataset.tiles), maxBoundsViscosity: 0.8,
  });
  if (map.attributionControl) map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: dataset.zoomIn, zoomOutTitle: dataset.zoomOut }).addTo(map);
  map.setView([46.6, 2.4], 5.5);
  const layer = (url, className) => json(url).then((data) => Object.assign(L.geoJSON(data, { interactive: false, style: { className, weight: 1, fillOpacity: 1, color: "", fillColor: "" } }), { towns: data.towns }));
  if (dataset.tiles) L.tileLayer(dataset.tiles, { attribution: dataset.credit, maxZoom: 19 }).addTo(map);
  const [contours, fine, points] = await Promise.all([
    dataset.contours ? layer(dataset.contours, dataset.tiles ? "map__contour map__contour--fine" : "map__contour").catch(() => null) : null,
    dataset.fine ? layer(dataset.fine, "map__contour--fine").catch(() => null) : null,
    json(dataset.map).catch(() => ({ type: "FeatureCollection", features: [] })),
  ]);
  for (const base of [contours, fine]) base?.addTo(map).bringToBack();
  if (contours) contours.bringToBack();
  const writeTowns = contours?.towns && !dataset.tiles ? drawTowns(L, map, contours.towns) : () => {};
  const clusters = L.markerClusterGroup({
    animate: !still, showCoverageOnHover: false, maxClusterRadius: 64, spiderfyOnMaxZoom: true, chunkedLoading: true,
    iconCreateFunction: (cluster) => {
      const count = cluster.getChildCount();
      const size = discSize(count);
      return L.divIcon({ className: "cluster", html: String(count), iconSize: [size, size] });
    },
  });
  clusters.on("clusterkeypress", (event) => { if (event.originalEvent.key === "Enter") event.layer.zoomToBounds(); });
  const groups = L.layerGroup().addTo(map);
  const place = (data) => {
    clusters.clearLayers();
    groups.clearLayers();
    const drawn = L.geoJSON(data.grouped ? { ...data, features: apart(map, data.features) } : data, {
      pointToLayer: (feature, latlng) => (feature.properties.count ? group : pin)(L, feature, latlng),
      onEachFeature: (feature, marker) => {
        const { count, bbox } = feature.properties;
        if (count) marker.on("click keypress", (event) => { if (!event.originalEvent.key || event.originalEvent.key === "Enter") map.fitBounds([[bbox[1], bbox[0]], [bbox[3], bbox[2]]], { maxZoom: map.getZoom() + 3 }); });
        else marker.bindPopup(() => popup(feature.properties));
      },
    });
    drawn.eachLayer((marker) => (data.grouped ? groups : clusters).addLayer(marker));
  };
  const bounds = dataset.bounds ? JSON.parse(dataset.bounds) : null;
  const towns = contours?.towns?.length > 1 && contours.towns.length < 6000 ? L.latLngBounds(contours.towns.map(([, latitude, longitude]) => [latitude, longitude])) : null;
  const around = bounds ? L.latLngBounds(bounds) : towns ?? (contours?.getBounds().isValid() ? contours.getBounds() : L.geoJSON(points).getBounds());
  if (around.isValid()) { map.fitBounds(around, { paddingTopLeft: [58, 26], paddingBottomRight: [26, 26], maxZoom: 13, animate: false }); }
  place(points);
  clusters.addTo(map);
  const name = (layers) => { for (const element of canvas.querySelectorAll(".cluster")) { element.setAttribute("role", "button"); element.setAttribute("aria-label", `${dataset.group} ${element.textContent}`); } };
  map.on("layeradd zoomend moveend", () => requestAnimationFrame(name));
  map.on("moveend", () => requestAnimationFrame(writeTowns));
  clusters.on("animationend", () => { name(); writeTowns(); });
  name();
  requestAnimationFrame(writeTowns);
  if (points.grouped) {
    let asking;
    map.on("moveend", async () => {
      asking?.abort();
      asking = new AbortController();
      const url = new URL(dataset.map, location.href);
      url.searchParams.set("bbox", map.getBounds().pad(0.1).toBBoxString());
      url.searchParams.set("zoom", String(Math.round(map.getZoom())));
      try { const answer = await fetch(url, { signal: asking.signal }); if (answer.ok) { place(await answer.json()); name(); writeTowns(); } } catch { /* a newer request, or no network: what is drawn stays */ }
    });
  }
  canvas.dataset.drawn = String(points.features.length);
}

const start = () => { for (const canvas of document.querySelectorAll("[data-map]:not([data-started])")) { canvas.dataset.started = ""; draw(canvas).catch(() => { canvas.dataset.drawn = "0"; }); } };
start();
document.addEventListener("htmx:afterSwap", start);

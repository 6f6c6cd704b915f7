// The map of a list, or of no point at all (another module then draws on it): base contours, clustered points with names, all of it reachable by keyboard. Leaflet comes here only.

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

// Towns: [name, latitude, longitude, size], most peopled first; a size is a rank in these lists.
const SIZES = ["village", "town", "city"];
const NAMED_FROM = [9.5, 8, 0]; // Zoom.

// A group is named by how many it holds and by the nearest of the towns that a map of this scale names.
function nameGroups(map, { items, around }, towns = []) {
  const fit = towns.filter((town) => map.getZoom() >= NAMED_FROM[town[3]]);
  const known = fit.length ? fit : towns;
  map.eachLayer((layer) => {
    const count = layer.getChildCount?.() ?? layer.feature?.properties.count;
    const element = count && layer.getElement();
    if (!element) return;
    const { lat, lng } = layer.getLatLng();
    const away = ([, latitude, longitude]) => (latitude - lat) ** 2 + ((longitude - lng) * Math.cos((lat * Math.PI) / 180)) ** 2;
    const town = known.reduce((nearest, one) => (nearest && away(nearest) <= away(one) ? nearest : one), null);
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", `${count} ${items}${town ? `, ${town[0]} ${around}` : ""}`);
  });
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

// By keyboard one follows the map: opening a group leads to its first point, opening a point to its link; Escape closes and
// gives the focus back to what had been opened.
class Follower {
  // `redrawn`: the points are asked again after each move, and it is then that one arrives.
  constructor(map, clusters, closeLabel, redrawn) {
    Object.assign(this, { map, canvas: map.getContainer(), closeLabel, awaited: null, spread: null, reading: false });
    clusters.on("clusterkeypress", ({ layer, originalEvent }) => { if (originalEvent.key === "Enter") this.await(layer.getBounds()); });
    clusters.on("spiderfied", ({ cluster, markers }) => { this.awaited = null; this.spread = cluster; requestAnimationFrame(() => markers[0]?.getElement()?.focus()); });
    clusters.on("unspiderfied", () => { this.spread = null; });
    if (!redrawn) clusters.on("animationend", () => requestAnimationFrame(() => this.arrive()));
    this.canvas.addEventListener("keydown", (event) => { if (event.key === "Escape" && this.leave()) event.stopPropagation(); });
  }
  marks() {
    const found = [];
    this.map.eachLayer((layer) => { if (layer.getElement?.()?.matches(".pin, .cluster")) found.push(layer); });
    return found;
  }
  await(bounds) { this.awaited = bounds; }
  // The points are about to be replaced: the one that has the focus is found again afterwards.
  hold() {
    const held = this.awaited ? null : this.marks().find((mark) => mark.getElement() === document.activeElement);
    if (held) this.awaited = held.getLatLng().toBounds(100);
  }
  arrive() {
    if (!this.awaited) return;
    const middle = this.awaited.getCenter();
    const marks = this.marks().sort((one, other) => one.getLatLng().distanceTo(middle) - other.getLatLng().distanceTo(middle));
    const within = marks.filter((mark) => this.awaited.pad(0.01).contains(mark.getLatLng())).sort((one, other) => other.getLatLng().lat - one.getLatLng().lat);
    this.awaited = null;
    ((within[0] ?? marks[0])?.getElement() ?? this.canvas).focus({ preventScroll: true });
  }
  watch(marker) {
    marker.on("popupopen", ({ popup: opened }) => {
      this.reading = true;
      const box = opened.getElement();
      box.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", this.closeLabel);
      (box.querySelector("a[href]") ?? box).focus({ preventScroll: true });
    });
    marker.on("popupclose", ({ popup: closed }) => {
      this.reading = false;
      // Closed, it may be out of the page already, and the focus nowhere.
      if (document.activeElement !== document.body && !closed.getElement().contains(document.activeElement)) return;
      (marker.getElement()?.isConnected ? marker.getElement() : this.canvas).focus({ preventScroll: true });
    });
  }
  leave() {
    if (this.reading) { this.map.closePopup(); return true; }
    if (!this.spread) return false;
    const cluster = this.spread;
    cluster.unspiderfy();
    cluster.getElement()?.focus({ preventScroll: true });
    return true;
  }
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
    zoomControl: false, maxZoom: 18, minZoom: 4, zoomSnap: 0.25, fadeAnimation: !still, zoomAnimation: !still, markerZoomAnimation: !still,
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
    (dataset.map ? json(dataset.map) : Promise.reject()).catch(() => ({ type: "FeatureCollection", features: [] })),
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
  const follower = new Follower(map, clusters, dataset.close, points.grouped);
  const groups = L.layerGroup().addTo(map);
  const place = (data) => {
    follower.hold();
    clusters.clearLayers();
    groups.clearLayers();
    const drawn = L.geoJSON(data.grouped ? { ...data, features: apart(map, data.features) } : data, {
      pointToLayer: (feature, latlng) => (feature.properties.count ? group : pin)(L, feature, latlng),
      onEachFeature: (feature, marker) => {
        const { count, bbox } = feature.properties;
        if (!count) { marker.bindPopup(() => popup(feature.properties)); follower.watch(marker); return; }
        const box = [[bbox[1], bbox[0]], [bbox[3], bbox[2]]];
        const enter = () => map.fitBounds(box, { maxZoom: map.getZoom() + 3 });
        marker.on("click", enter);
        marker.on("keypress", ({ originalEvent }) => { if (originalEvent.key === "Enter") { follower.await(L.latLngBounds(box)); enter(); } });
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
  const name = () => nameGroups(map, dataset, contours?.towns);
  map.on("layeradd zoomend moveend", () => requestAnimationFrame(name));
  map.on("moveend", () => requestAnimationFrame(writeTowns));
  clusters.on("animationend", () => { name(); writeTowns(); });
  name();
  requestAnimationFrame(writeTowns);
  if (points.grouped) {
    let asking;
    const ask = async () => {
      asking?.abort();
      asking = new AbortController();
      const url = new URL(dataset.map, location.href);
      url.searchParams.set("bbox", map.getBounds().pad(0.1).toBBoxString());
      url.searchParams.set("zoom", String(Math.round(map.getZoom())));
      try { const answer = await fetch(url, { signal: asking.signal }); if (answer.ok) { place(await answer.json()); name(); writeTowns(); follower.arrive(); } } catch { /* a newer request, or no network: what is drawn stays */ }
    };
    // A card that opens may move the map: its point is not taken away for that.
    map.on("moveend", () => { if (!follower.reading) ask(); });
    map.on("popupclose", () => ask());
  }
  canvas.map = map;
  canvas.dataset.drawn = String(points.features.length);
  canvas.dispatchEvent(new Event("map:drawn"));
}

const start = () => { for (const canvas of document.querySelectorAll("[data-map]:not([data-started])")) { canvas.dataset.started = ""; draw(canvas).catch(() => { canvas.dataset.drawn = "0"; }); } };
start();
document.addEventListener("htmx:afterSwap", start);

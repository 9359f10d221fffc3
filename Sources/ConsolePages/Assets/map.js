// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors
// The map: zooming and moving by buttons and keys, arrows to the next node, updates only when asked for.

const view = document.getElementById("map-view");
const updates = document.getElementById("map-updates");
let map = document.getElementById("map");
let scale = 1;
let pending = null;

const nodes = () => [...map.querySelectorAll("[data-node]")];

function zoom(next) {
  const box = map.viewBox.baseVal;
  const middle = [(view.scrollLeft + view.clientWidth / 2) / scale, (view.scrollTop + view.clientHeight / 2) / scale];
  scale = Math.max(0.2, Math.min(3, next));
  map.setAttribute("width", String(box.width * scale));
  map.setAttribute("height", String(box.height * scale));
  view.scrollTo(middle[0] * scale - view.clientWidth / 2, middle[1] * scale - view.clientHeight / 2);
}

const fit = () => zoom(Math.min(1, view.clientWidth / map.viewBox.baseVal.width));
const move = (x, y) => view.scrollBy(x * 120, y * 120);

// One node is in the tab order; arrows reach the others.
function rove(target) {
  for (const node of nodes()) node.setAttribute("tabindex", node === target ? "0" : "-1");
}

function nearest(from, key) {
  const center = (node) => { const box = node.getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2]; };
  const [x, y] = center(from);
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  let best = null;
  let distance = Infinity;
  for (const node of nodes()) {
    if (node === from) continue;
    const [nx, ny] = center(node);
    const along = (nx - x) * dx + (ny - y) * dy;
    const across = Math.abs((nx - x) * dy) + Math.abs((ny - y) * dx);
    if (along > 1 && along + across * 2 < distance) { best = node; distance = along + across * 2; }
  }
  return best;
}

function highlight(id) {
  view.classList.toggle("dimmed", id !== null);
  for (const edge of map.querySelectorAll("[data-from]")) {
    edge.classList.toggle("near", id !== null && (edge.dataset.from === id || edge.dataset.to === id));
  }
}

function bind() {
  const all = nodes();
  const selected = all.find((node) => node.getAttribute("aria-current")) ?? all[0];
  if (selected) rove(selected);
  for (const node of all) {
    const id = node.dataset.node;
    node.addEventListener("pointerenter", () => highlight(id));
    node.addEventListener("pointerleave", () => highlight(null));
    node.addEventListener("focus", () => { rove(node); highlight(id); });
    node.addEventListener("blur", () => highlight(null));
  }
}

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const node = event.target.closest?.("[data-node]");
  if (event.key.startsWith("Arrow")) {
    const next = node && nearest(node, event.key);
    if (next) { next.focus(); next.scrollIntoView({ block: "nearest", inline: "nearest" }); event.preventDefault(); }
    return;
  }
  switch (event.key) {
    case "+": case "=": zoom(scale * 1.25); break;
    case "-": zoom(scale / 1.25); break;
    case "0": fit(); break;
    default: return;
  }
  event.preventDefault();
}

// New traffic moves nothing by itself.
async function look() {
  if (document.hidden || document.querySelector("details.menu[open]")) return;
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("map");
  if (!fresh || fresh.dataset.version === map.dataset.version) { pending = null; updates.hidden = true; return; }
  pending = fresh;
  const known = new Set([...map.querySelectorAll(".edge > title")].map((title) => title.textContent));
  const number = [...fresh.querySelectorAll(".edge > title")].filter((title) => !known.has(title.textContent)).length || 1;
  updates.textContent = number === 1 ? "1 update available: apply" : `${number} updates available: apply`;
  updates.hidden = false;
}

if (map && view) {
  bind();
  view.addEventListener("keydown", key);
  const presses = {
    "map-in": () => zoom(scale * 1.25), "map-out": () => zoom(scale / 1.25), "map-fit": fit,
    "map-left": () => move(-1, 0), "map-right": () => move(1, 0), "map-up": () => move(0, -1), "map-down": () => move(0, 1),
  };
  for (const [id, press] of Object.entries(presses)) document.getElementById(id)?.addEventListener("click", press);
  updates?.addEventListener("click", () => {
    if (!pending) return;
    map.replaceWith(pending);
    map = pending;
    pending = null;
    updates.hidden = true;
    zoom(scale);
    bind();
  });
  if (updates) setInterval(() => { look().catch(() => {}); }, 15000);
}

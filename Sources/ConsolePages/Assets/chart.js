// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors
// A crosshair on charts over time, by pointer and by keys, and zooming by dragging. Values come from the chart's table.

const bound = new WeakSet();

function start(chart) {
  if (bound.has(chart)) return;
  bound.add(chart);
  const plot = chart.querySelector(".plot");
  const reading = chart.querySelector(".reading");
  const table = chart.querySelector(".table-view table");
  const rows = [...table.tBodies[0].rows];
  const titles = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent);
  if (!rows.length) return;
  let index = -1;
  let crosshair = null;
  let brush = null;
  let from = -1;

  const at = (event) => {
    const box = plot.getBoundingClientRect();
    return Math.max(0, Math.min(rows.length - 1, Math.floor((event.clientX - box.left) / box.width * rows.length)));
  };
  const text = (row) => {
    const time = row.cells[0].querySelector("time").textContent;
    const values = [...row.cells].slice(1).map((cell, column) =>
      `${titles[column]} ${cell.querySelector(".quiet")?.textContent ?? cell.textContent}`);
    return `${time}: ${values.join(", ")}`;
  };
  const show = (next) => {
    index = next;
    if (!crosshair) {
      crosshair = document.createElement("div");
      crosshair.className = "crosshair";
      plot.append(crosshair);
    }
    crosshair.style.left = `${(index + 0.5) / rows.length * 100}%`;
    reading.textContent = text(rows[index]);
  };
  const hide = () => { crosshair?.remove(); crosshair = null; index = -1; reading.textContent = ""; };

  const share = (next) => document.dispatchEvent(new CustomEvent("palisade:crosshair", { detail: { chart, next, count: rows.length } }));
  const follow = ({ detail }) => {
    // One that was exchanged for a newer one lets go of the page.
    if (!chart.isConnected) return document.removeEventListener("palisade:crosshair", follow);
    if (detail.chart === chart || detail.count !== rows.length) return;
    if (detail.next < 0) hide(); else show(detail.next);
  };
  document.addEventListener("palisade:crosshair", follow);

  plot.addEventListener("pointermove", (event) => {
    const next = at(event);
    if (from >= 0) {
      const [low, high] = [Math.min(from, next), Math.max(from, next) + 1];
      brush.style.left = `${low / rows.length * 100}%`;
      brush.style.width = `${(high - low) / rows.length * 100}%`;
    }
    if (next !== index) { show(next); share(next); }
  });
  plot.addEventListener("pointerleave", () => { if (from < 0 && document.activeElement !== plot) { hide(); share(-1); } });
  plot.addEventListener("blur", () => { hide(); share(-1); });

  plot.addEventListener("keydown", (event) => {
    const last = rows.length - 1;
    const steps = { ArrowLeft: Math.max(0, index < 0 ? last : index - 1), ArrowRight: Math.min(last, index + 1), Home: 0, End: last };
    if (event.key in steps) {
      event.preventDefault();
      show(steps[event.key]);
      share(steps[event.key]);
    } else if (event.key === "Enter" && index >= 0) {
      rows[index].querySelector("a")?.click();
    } else if (event.key === "Escape") {
      hide();
    }
  });

  // Dragging narrows the range; the same can be typed into From and To.
  if (chart.dataset.brush !== "on") return;
  plot.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = at(event);
    plot.setPointerCapture(event.pointerId);
    brush = document.createElement("div");
    brush.className = "brush";
    plot.append(brush);
  });
  const end = (event) => {
    if (from < 0) return;
    const to = at(event);
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    from = -1;
    brush.remove();
    if (low === high || event.type === "pointercancel") return;
    const address = new URL(location.href);
    const step = new Date(rows[1].dataset.start) - new Date(rows[0].dataset.start);
    address.searchParams.set("from", rows[low].dataset.start);
    address.searchParams.set("to", new Date(+new Date(rows[high].dataset.start) + step).toISOString().replace(".000Z", "Z"));
    address.searchParams.delete("cursor");
    location.assign(address.href);
  };
  plot.addEventListener("pointerup", end);
  plot.addEventListener("pointercancel", end);
}

const startAll = () => document.querySelectorAll("[data-chart]").forEach(start);
document.addEventListener("palisade:refreshed", startAll);
startAll();

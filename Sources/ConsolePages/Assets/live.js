// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors
// Rows as they come. The server sends them as markup of its own; the browser resumes with Last-Event-ID.
//
// Events: "rows" {html, rows, dropped, truth}; "gap" {seconds, time}; "lost" {count}. At most two updates of the page a
// second; 5,000 rows wait while paused; 2,000 stay in the table, of which only the newest are laid out until somebody
// looks further down or pauses.

const largestBuffer = 5000;
const largestTable = 2000;
const largestLaidOut = 200;
const pause = 500;
const staleAfter = 30000;

const place = document.querySelector("[data-live]");
const body = place?.querySelector("tbody");
const pauseButton = document.getElementById("live-pause");
const newButton = document.getElementById("live-new");
const connection = document.querySelector("#connection span") ?? document.getElementById("connection");
const truth = document.querySelector("[data-truth]");
const announcer = document.getElementById("announcer");

let waiting = [];
// Rows of the table that are not laid out, newest first.
let older = [];
let overflow = 0;
let isPaused = false;
let lastData = Date.now();
let lastDraw = 0;
let timer = 0;
let heard = { rows: 0, dropped: 0, since: Date.now() };
let steady = connection?.textContent ?? "";
let brokenSince = 0;

const isAtTop = () => scrollY < 120;
const count = (number) => number.toLocaleString("en-US");

function say(text) { if (connection && connection.textContent !== text) connection.textContent = text; }

function rowsOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return [...template.content.querySelectorAll("tr")];
}

// A kind of connection that is there already gets the new count and time instead of a second row.
const kinds = new Map(body ? [...body.querySelectorAll("tr[data-key]")].map((row) => [row.id, row]) : []);

function merge(row) {
  if (!row.dataset.key) return false;
  const known = kinds.get(row.id);
  if (!known) {
    kinds.set(row.id, row);
    return false;
  }
  const total = Number(known.dataset.count) + Number(row.dataset.count);
  known.dataset.count = String(total);
  for (const [cell, node] of [["count", null], ["last", row.querySelector("[data-cell=last]")]]) {
    const target = known.querySelector(`[data-cell=${cell}]`);
    if (!target) continue;
    if (node) target.replaceChildren(...node.childNodes); else target.textContent = count(total);
  }
  return true;
}

function gapRow(text) {
  const row = document.createElement("tr");
  row.className = "gap-row";
  const cell = document.createElement("td");
  cell.colSpan = document.querySelector("[data-live] thead tr").cells.length;
  cell.textContent = text;
  row.append(cell);
  return row;
}

function missing(seconds) { return gapRow(`— ${count(seconds)} s without data —`); }

function draw() {
  timer = 0;
  lastDraw = performance.now();
  if (!waiting.length && !overflow) return updateButton();
  if (isPaused || !isAtTop()) return updateButton();
  const fresh = waiting.splice(0).filter((row) => !merge(row)).reverse();
  // What did not fit came before what did.
  if (overflow) fresh.push(gapRow(`— ${count(overflow)} rows did not fit while paused —`));
  overflow = 0;
  // Whoever is in a row of the table keeps it.
  const number = body.contains(document.activeElement) ? largestTable : largestLaidOut;
  const leaving = [...body.rows].slice(Math.max(0, number - fresh.length));
  for (const row of leaving) row.remove();
  body.prepend(...fresh.slice(0, number));
  older = [...fresh.slice(number), ...leaving, ...older];
  forget();
  updateButton();
}

// The oldest rows roll off, and it is said.
function forget() {
  let excess = body.rows.length + older.length - largestTable;
  if (excess <= 0) return;
  document.getElementById("live-rolled").hidden = false;
  const gone = older.splice(Math.max(0, older.length - excess));
  for (excess -= gone.length; excess > 0; excess -= 1) {
    gone.push(body.lastElementChild);
    body.lastElementChild.remove();
  }
  for (const row of gone) kinds.delete(row.id);
}

// Somebody who looks further down, or pauses, has all rows: a part in each frame, so that typing stays quick.
function layOut() {
  if (!older.length || !isPaused && isAtTop()) return;
  body.append(...older.splice(0, largestLaidOut));
  requestAnimationFrame(layOut);
}

function schedule() {
  if (!timer) timer = setTimeout(() => requestAnimationFrame(draw), Math.max(0, pause - (performance.now() - lastDraw)));
}

function updateButton() {
  const number = waiting.length + overflow;
  newButton.hidden = number === 0;
  newButton.textContent = overflow ? `${count(number)} new, ${count(overflow)} did not fit` : `${count(number)} new`;
}

function take(rows) {
  waiting.push(...rows);
  if (waiting.length > largestBuffer) overflow += waiting.splice(0, waiting.length - largestBuffer).length;
  schedule();
}

// Aggregates only, and not more often than every five seconds.
function tell(data) {
  heard.rows += data.rows ?? 0;
  heard.dropped += data.dropped ?? 0;
  if (Date.now() - heard.since < 5000 || !heard.rows) return;
  announcer.textContent = `${count(heard.rows)} new rows, ${count(heard.dropped)} dropped`;
  heard = { rows: 0, dropped: 0, since: Date.now() };
}

function received() {
  lastData = Date.now();
  if (brokenSince) { brokenSince = 0; say(steady); }
}

function start() {
  const source = new EventSource(place.dataset.live);
  source.addEventListener("open", received);
  source.addEventListener("rows", (event) => {
    received();
    const data = JSON.parse(event.data);
    take(rowsOf(data.html));
    if (data.truth && truth) truth.textContent = data.truth;
    if (data.status) { steady = data.status; say(steady); }
    tell(data);
  });
  source.addEventListener("gap", (event) => {
    received();
    const data = JSON.parse(event.data);
    take([gapRow(`— ${count(data.seconds)} s without data (reconnected ${data.time}) —`)]);
  });
  source.addEventListener("lost", (event) => {
    received();
    const lost = JSON.parse(event.data).count;
    take([gapRow(lost ? `— ${count(lost)} events lost —` : "— some events are missing —")]);
  });
  source.addEventListener("ping", received);
  source.addEventListener("error", () => {
    brokenSince ||= Date.now();
    // The browser tries again by itself unless the server said no.
    if (source.readyState !== EventSource.CLOSED) return;
    // A new one begins at the present: what came between is missing, and that is said.
    const since = lastData;
    setTimeout(() => {
      source.close();
      start().addEventListener("open", () => take([missing(Math.round((Date.now() - since) / 1000))]), { once: true });
    }, 5000);
  });
  return source;
}

setInterval(() => {
  if (!brokenSince) return;
  const seconds = Math.round((Date.now() - brokenSince) / 1000);
  const time = new Date(lastData).toISOString().slice(11, 19);
  say(Date.now() - lastData > staleAfter ? `Stale since ${time} UTC` : `Reconnecting… (${seconds} s)`);
}, 1000);

if (place && body && newButton) {
  pauseButton.addEventListener("click", () => {
    isPaused = !isPaused;
    pauseButton.textContent = isPaused ? "Resume" : "Pause";
    pauseButton.setAttribute("aria-pressed", String(isPaused));
    schedule();
    layOut();
  });
  newButton.addEventListener("click", () => {
    if (isPaused) pauseButton.click();
    scrollTo({ top: 0 });
    schedule();
  });
  addEventListener("scroll", () => { if (!isAtTop()) layOut(); else if (waiting.length) schedule(); }, { passive: true });
  addEventListener("beforeprint", () => body.append(...older.splice(0)));
  start();
}

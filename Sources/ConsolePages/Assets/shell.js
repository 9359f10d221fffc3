// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors
// What every page does beyond being read: theme, keys, copying, flyouts, the drawer's focus, refreshing.

const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
const announce = (text) => { const place = $("#announcer"); if (place) place.textContent = text; };

// Theme: at once, and in a cookie so that the server knows it next time.
$("[data-theme-form]")?.addEventListener("submit", (event) => {
  const theme = event.submitter?.value;
  if (!theme) return;
  event.preventDefault();
  document.documentElement.dataset.theme = theme;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  for (const button of $$("[data-theme-form] button")) button.setAttribute("aria-pressed", String(button.value === theme));
});

// Menu of pages on narrow screens.
const menuButton = $(".menu-button");
menuButton?.addEventListener("click", () => {
  const isOpen = $("#nav").classList.toggle("open");
  menuButton.setAttribute("aria-expanded", String(isOpen));
});

// Copying.
async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    announce("Copied.");
    const before = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = before; }, 1500);
  } catch {
    announce("The browser does not allow copying here.");
  }
}

function copyText(id) {
  const place = document.getElementById(id);
  if (!place) return "";
  const clone = place.cloneNode(true);
  for (const number of $$("[aria-hidden]", clone)) number.remove();
  return clone.textContent;
}

// Flyouts: one is open at a time; Escape and a press outside close it.
function closeFlyouts(except) {
  for (const menu of $$("details.menu[open]")) if (menu !== except && !menu.contains(except)) menu.open = false;
  if (except?.id !== "value-flyout") $("#value-flyout")?.remove();
}
document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("details.menu") && event.target.open) closeFlyouts(event.target);
}, true);

// Filter for, exclude, copy: the menu of a value in a table.
function tokens(text) { return text.match(/(?:[^\s"]|"(?:\\.|[^"\\])*"?)+/g) ?? []; }

function filterLink(terms, isExcluding) {
  const address = new URL(location.href);
  let current = tokens(address.searchParams.get("q") ?? "");
  for (const term of isExcluding ? terms.slice(-1) : terms) {
    const wanted = isExcluding ? `-${term}` : term;
    const opposite = isExcluding ? term : `-${term}`;
    const isThere = current.includes(wanted);
    current = current.filter((token) => token !== wanted && token !== opposite);
    if (!isThere) current.push(wanted);
  }
  if (current.length) address.searchParams.set("q", current.join(" ")); else address.searchParams.delete("q");
  address.searchParams.delete("cursor");
  return address.href;
}

function openValueMenu(button) {
  closeFlyouts();
  const terms = tokens(button.dataset.term);
  const text = button.getAttribute("aria-label").replace(/^Menu for /, "");
  const flyout = document.createElement("div");
  flyout.id = "value-flyout";
  flyout.setAttribute("role", "group");
  flyout.setAttribute("aria-label", text);
  for (const [title, isExcluding] of [["Filter for", false], ["Exclude", true]]) {
    const link = document.createElement("a");
    link.href = filterLink(terms, isExcluding);
    link.textContent = title;
    flyout.append(link);
  }
  const copying = document.createElement("button");
  copying.type = "button";
  copying.textContent = "Copy";
  copying.addEventListener("click", () => { copy(text, copying); flyout.remove(); button.focus(); });
  flyout.append(copying);
  document.body.append(flyout);
  const box = button.getBoundingClientRect();
  flyout.style.left = `${Math.min(box.left, innerWidth - flyout.offsetWidth - 8) + scrollX}px`;
  flyout.style.top = `${box.bottom + scrollY + 3}px`;
  flyout.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { flyout.remove(); button.focus(); event.stopPropagation(); }
  });
  flyout.firstChild.focus();
}

document.addEventListener("click", (event) => {
  const target = event.target.closest?.("[data-copy], [data-copy-text], .more-button, tr.row") ?? null;
  if (!event.target.closest?.("details.menu, #value-flyout, .more-button")) closeFlyouts();
  if (!target) return;
  if (target.dataset.copy) copy(copyText(target.dataset.copy), target);
  else if (target.dataset.copyText) copy(target.dataset.copyText, target);
  else if (target.matches(".more-button")) openValueMenu(target);
  else if (!event.target.closest("a, button, input, summary") && !String(getSelection())) $(".row-link", target)?.click();
});

// The drawer: focus goes to its heading, and back to the row when it is closed.
const selected = new URLSearchParams(location.search).get("sel");
if ($("#drawer") && selected) {
  sessionStorage.setItem("drawer-row", $("tr[aria-current]")?.id ?? "");
  $("#drawer-title")?.focus({ preventScroll: true });
} else {
  const row = document.getElementById(sessionStorage.getItem("drawer-row") ?? "");
  if (row) $(".row-link", row)?.focus({ preventScroll: false });
  sessionStorage.removeItem("drawer-row");
}

// Finding an environment by typing.
for (const input of $$("input[data-filters]")) {
  input.addEventListener("input", () => {
    const wanted = input.value.toLowerCase();
    for (const item of document.getElementById(input.dataset.filters).children) {
      item.hidden = !item.textContent.toLowerCase().includes(wanted);
    }
  });
}

// Single keys: never while typing, and only when the preferences say so.
let prefix = 0;
const isTyping = (element) => element?.closest?.("input, textarea, select, [contenteditable]");

function moveRow(step) {
  const rows = $$("main tr.row");
  if (!rows.length) return;
  const current = rows.findIndex((row) => row.classList.contains("focused"));
  const next = rows[Math.max(0, Math.min(rows.length - 1, current + step))];
  rows[current]?.classList.remove("focused");
  next.classList.add("focused");
  next.scrollIntoView({ block: "nearest" });
  $(".row-link", next)?.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    const menu = $("details.menu[open]");
    if (menu) { menu.open = false; $("summary", menu)?.focus(); return; }
    if (!isTyping(event.target)) $("#drawer-close")?.click();
    return;
  }
  if (document.body.dataset.shortcuts === "off" || isTyping(event.target)) return;
  if (event.target.closest?.(".plot, #map, #map-view")) return;
  if (prefix && Date.now() - prefix < 1500) {
    prefix = 0;
    const link = $$("#nav a[data-key]").find((item) => item.dataset.key === event.key);
    if (link) { event.preventDefault(); link.click(); }
    return;
  }
  switch (event.key) {
    case "g": prefix = Date.now(); break;
    case "/": { const field = $("[data-slash]"); if (field) { event.preventDefault(); field.focus(); field.select(); } break; }
    case "?": { const help = $("#shortcuts"); if (help) { help.open = !help.open; $("summary", help).focus(); } break; }
    case "j": moveRow(1); break;
    case "k": moveRow(-1); break;
    case ".": $("#live-pause")?.click(); break;
  }
});

// Never an endless wait: after ten seconds it is said, and can be ended. Modules that ask the server dispatch
// "palisade:wait" with what ends their request (`abort`) and the promise of its end (`ended`).
function sayItIsSlow(abort) {
  const note = document.createElement("div");
  note.id = "slow";
  note.className = "notice remark";
  note.setAttribute("role", "status");
  const text = document.createElement("p");
  text.textContent = "Still loading after 10 s. The server is answering slowly.";
  const buttons = document.createElement("p");
  buttons.className = "actions";
  for (const [title, press] of [["Keep waiting", () => note.remove()], ["Cancel", () => { note.remove(); abort.abort(); }]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small";
    button.textContent = title;
    button.addEventListener("click", press);
    buttons.append(button);
  }
  note.append(text, buttons);
  $("#slow")?.remove();
  $("#main").prepend(note);
  return note;
}

document.addEventListener("palisade:wait", ({ detail }) => {
  let note = null;
  const timer = setTimeout(() => { note = sayItIsSlow(detail.abort); }, 10000);
  detail.ended.catch(() => {}).finally(() => { clearTimeout(timer); note?.remove(); });
});

function patiently(address, options, abort) {
  const ended = fetch(address, { ...options, signal: abort.signal }).then(async (answer) => {
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  });
  document.dispatchEvent(new CustomEvent("palisade:wait", { detail: { abort, ended } }));
  return ended;
}

// Refreshing panels, and trying a failed one again, without losing what is open or typed.
let refreshing = null;
async function refresh() {
  if (refreshing || $("details.menu[open]") || isTyping(document.activeElement)) return;
  refreshing = new AbortController();
  let page;
  try {
    page = await patiently(location.href, { headers: { accept: "text/html" } }, refreshing);
  } finally {
    refreshing = null;
  }
  page = new DOMParser().parseFromString(page, "text/html");
  for (const id of $$("section[data-state][id], #connection").map((item) => item.id)) {
    const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
    if (!fresh || old.contains(document.activeElement) || old.innerHTML === fresh.innerHTML) continue;
    const open = $$("details[open]", old).map((item) => item.dataset.testid);
    old.replaceWith(fresh);
    for (const item of $$("details", fresh)) if (item.dataset.testid && open.includes(item.dataset.testid)) item.open = true;
  }
  document.dispatchEvent(new CustomEvent("palisade:refreshed"));
}

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-retry]")) return;
  event.preventDefault();
  event.target.blur();
  refresh().catch((error) => announce(error.name === "AbortError" ? "Cancelled." : "It failed again."));
});

const every = Number(new URLSearchParams(location.search).get("refresh") ?? 0);
if (every !== 0 && !$("[data-live]")) {
  const seconds = every > 0 ? Math.max(5, every) : 60;
  setInterval(() => { if (!document.hidden) refresh().catch(() => {}); }, seconds * 1000);
}

// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors
//
// The editor without reloading: every button of its form is answered by the same page, whose parts are exchanged here.
// The server keeps the one truth; without this file the same buttons work and load the page.

const form = document.querySelector("form[data-editor]");
// What only looks at the draft, and can be asked again at any time.
const looks = new Set(["update", "check"]);
const parts = ["editor-head", "editor-rules", "editor-side", "editor-foot"];
let editor = null;
let timer = 0;
let running = null;
let isDirty = false;

const area = () => document.getElementById("editor-text");
const status = (text) => {
  const line = document.getElementById("editor-state");
  if (line) line.textContent = text;
};

function useCodeMirror() {
  if (!window.CodeMirror || !area() || area().closest("[hidden]")) return;
  if (editor && editor.getTextArea() === area()) return;
  editor = window.CodeMirror.fromTextArea(area(), {
    mode: "yaml",
    lineNumbers: true,
    gutters: ["CodeMirror-linenumbers", "finding-marks"],
    viewportMargin: Infinity,
    inputStyle: "contenteditable",
    // Tab leaves the editor, as it leaves every control.
    extraKeys: { Tab: false, "Shift-Tab": false },
  });
  editor.getInputField().setAttribute("aria-label", "Policy text");
  editor.on("change", (_, change) => {
    if (change.origin !== "setValue") edited();
  });
  mark();
}

function mark() {
  if (!editor) return;
  editor.clearGutter("finding-marks");
  for (const line of (area().dataset.findings || "").split("\n").filter(Boolean)) {
    const [row, , severity, ...message] = line.split(":");
    const dot = document.createElement("span");
    dot.className = `mark ${severity}`;
    dot.title = message.join(":");
    dot.textContent = severity === "info" ? "i" : "!";
    editor.setGutterMarker(Math.min(Number(row), editor.lineCount()) - 1, "finding-marks", dot);
  }
}

function edited() {
  isDirty = true;
  clearTimeout(timer);
  timer = setTimeout(() => send({ name: "do", value: "update" }), 400);
}

// Posts the form as the button would, and takes the parts of the page that comes back.
async function send(button) {
  clearTimeout(timer);
  // A look at the draft can be given up for a newer one; what edits it is waited for, or the edit would be lost.
  while (running?.isEdit) await running.ended;
  running?.abort.abort();
  let end;
  const own = { abort: new AbortController(), isEdit: button.name !== "do" || !looks.has(button.value) };
  own.ended = new Promise((resolve) => { end = resolve; });
  running = own;
  if (editor) editor.save();
  const before = area().value;
  const data = new URLSearchParams(new FormData(form));
  data.set(button.name, button.value);
  const side = document.getElementById("editor-side");
  side?.classList.add("updating");
  status("Checking…");
  try {
    const asked = fetch(form.action, {
      method: "POST",
      body: data,
      headers: { "X-Palisade-Editor": "parts" },
      signal: own.abort.signal,
      redirect: "follow",
    });
    document.dispatchEvent(new CustomEvent("palisade:wait", { detail: { abort: own.abort, ended: asked } }));
    const response = await asked;
    if (response.redirected && new URL(response.url).pathname !== new URL(form.action).pathname) {
      isDirty = false;
      // A session that ended comes back to this draft, which the server has kept.
      const target = new URL(response.url);
      if (target.pathname === "/login") target.search = "?next=" + encodeURIComponent(location.pathname + location.search);
      location.assign(target);
      return;
    }
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!page.querySelector("form[data-editor]")) throw new Error(page.querySelector("h1")?.textContent || "no answer");
    exchange(page, before);
  } catch (error) {
    // A later request has taken its place.
    if (running !== own) return;
    side?.classList.remove("updating");
    status(error.name === "AbortError" ? "Cancelled. What is beside the text is of an earlier version of the draft." : `This is of an earlier version of the draft: ${error.message}.`);
  } finally {
    own.isEdit = false;
    end();
  }
}

// How an element is found again in the fresh parts: most buttons have no id.
const keyOf = (element) => element?.id ? `#${CSS.escape(element.id)}`
  : element?.dataset?.testid ? `[data-testid="${CSS.escape(element.dataset.testid)}"]` : null;

// The focus goes to what had it, or where that has gone, to the card that held it.
function refocus(keys, selection) {
  for (const [index, key] of keys.entries()) {
    const next = document.querySelector(key);
    if (!next || next.disabled) continue;
    if (next.tabIndex < 0 && !next.hasAttribute("tabindex")) next.setAttribute("tabindex", "-1");
    next.focus({ preventScroll: true });
    if (index === 0 && selection != null && next.setSelectionRange && next.type === "text") {
      next.setSelectionRange(selection, selection);
    }
    return;
  }
}

function exchange(page, before) {
  const focused = document.activeElement;
  const keys = [];
  for (let node = focused; node && node !== form && node !== document.body; node = node.parentElement) {
    if (keyOf(node)) keys.push(keyOf(node));
  }
  const selection = document.activeElement?.selectionStart;
  for (const id of parts) {
    const fresh = page.getElementById(id);
    const old = document.getElementById(id);
    if (fresh && old) old.replaceWith(fresh);
    else if (fresh && id === "editor-rules") document.getElementById("editor-main").prepend(fresh);
    else if (old && !fresh) old.remove();
  }
  for (const list of page.querySelectorAll("datalist")) document.getElementById(list.id)?.replaceWith(list);
  // What is the same stays: it would be read out again, and lose its place.
  const markup = (all) => all.map((notice) => notice.outerHTML).join();
  const [old, fresh] = [form, page.querySelector("form[data-editor]")].map((from) => [...from.querySelectorAll(":scope > .notice")]);
  if (markup(old) !== markup(fresh)) {
    for (const notice of old) notice.remove();
    for (const notice of fresh.reverse()) document.getElementById("editor-head").after(notice);
  }
  for (const field of form.querySelectorAll(":scope > input[type=hidden]")) {
    const fresh = page.querySelector(`form[data-editor] > input[name="${field.name}"]`);
    if (fresh) field.value = fresh.value;
  }
  const text = page.getElementById("editor-text");
  area().dataset.findings = text.dataset.findings || "";
  const pane = document.getElementById("editor-yaml");
  pane.hidden = page.getElementById("editor-yaml").hidden;
  // What was typed meanwhile is newer than the answer.
  if (editor) editor.save();
  if (text.value !== before && area().value === before) {
    area().value = text.value;
    if (editor) {
      const place = editor.getCursor();
      editor.setValue(text.value);
      editor.setCursor(place);
    }
    isDirty = true;
  }
  useCodeMirror();
  if (editor && !pane.hidden) editor.refresh();
  mark();
  if (!document.contains(focused)) refocus(keys, selection);
  document.body.dataset.revision = Number(document.body.dataset.revision || 0) + 1;
}

function goTo(line, last) {
  const text = area().value.split("\n");
  const start = text.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  if (editor) {
    editor.focus();
    editor.setSelection({ line: line - 1, ch: 0 }, { line: (last || line) - 1, ch: 1e6 });
    editor.scrollIntoView({ line: line - 1, ch: 0 }, 80);
  } else {
    area().focus();
    area().setSelectionRange(start, start + (text[line - 1] || "").length);
  }
}

if (form) {
  useCodeMirror();
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button) return;
    event.preventDefault();
    if (button.value === "discard" && isDirty && !window.confirm("Discard the changes of this draft?")) return;
    const line = Number(button.dataset.line);
    const last = Number(button.dataset.lastLine);
    send({ name: button.name, value: button.value }).then(() => line && goTo(line, last));
  });
  form.addEventListener("change", (event) => {
    if (event.target !== area() && !event.target.name?.startsWith("new.")) send({ name: "do", value: "update" });
  });
  form.addEventListener("input", (event) => {
    if (event.target === area()) edited();
    else isDirty = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (isDirty) event.preventDefault();
  });
}

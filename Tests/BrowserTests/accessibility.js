// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors
//
// Finds what keeps people from using a page (WCAG 2.2 AA, as far as a program can see it). Evaluates to a list of
// sentences; an empty list is a page without findings.
() => {
  const findings = [];
  const say = (rule, element, text) => {
    const name = element
      ? element.tagName.toLowerCase() +
        (element.id ? "#" + element.id : "") +
        (element.dataset && element.dataset.testid ? "[" + element.dataset.testid + "]" : "")
      : "page";
    findings.push(`${rule}: ${name}: ${text}`);
  };
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const isShown = (element) => {
    if (element.closest("[hidden], details:not([open]) > :not(summary)")) return false;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return style.visibility !== "hidden" && style.display !== "none" && box.width > 0 && box.height > 0;
  };
  const isVisuallyHidden = (element) => {
    for (let node = element; node && node !== document.body; node = node.parentElement) {
      const style = getComputedStyle(node);
      if (style.clipPath === "inset(50%)" || style.clip === "rect(0px, 0px, 0px, 0px)") return true;
      if (style.position === "absolute" && node.getBoundingClientRect().right < 0) return true;
    }
    return false;
  };

  // Names.
  const nameOf = (element) => {
    const ids = (element.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean);
    const referenced = ids.map((id) => document.getElementById(id)?.textContent || "").join(" ").trim();
    if (referenced) return referenced;
    const label = element.getAttribute("aria-label");
    if (label && label.trim()) return label.trim();
    if (element.labels && element.labels.length) {
      const text = [...element.labels].map((each) => each.textContent).join(" ").trim();
      if (text) return text;
    }
    if (element.matches("input[type=submit], input[type=button]")) return element.value;
    if (element.matches("img")) return element.getAttribute("alt") || "";
    const text = (element.textContent || "").trim();
    if (text && !element.matches("input, select, textarea")) return text;
    const title = element.querySelector("svg > title");
    return title ? title.textContent.trim() : element.getAttribute("title") || "";
  };
  const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [role=button], [role=switch]";
  for (const element of all(controls)) {
    if (isShown(element) && element.tabIndex >= 0 && !nameOf(element)) say("name", element, "has no accessible name");
    if (element.tabIndex > 0) say("order", element, `has the tabindex ${element.tabIndex}`);
  }

  // Ids and references.
  const ids = new Map();
  for (const element of all("[id]")) ids.set(element.id, (ids.get(element.id) || 0) + 1);
  for (const [id, count] of ids) if (count > 1) say("id", document.getElementById(id), `the id stands ${count} times`);
  for (const label of all("label[for]")) {
    if (!document.getElementById(label.htmlFor)) say("label", label, `points at ${label.htmlFor}, which is not there`);
  }
  for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls"]) {
    for (const element of all(`[${attribute}]`)) {
      for (const id of element.getAttribute(attribute).split(/\s+/).filter(Boolean)) {
        if (!document.getElementById(id)) say("reference", element, `${attribute} names ${id}, which is not there`);
      }
    }
  }

  // Structure.
  if (!document.documentElement.lang) say("language", null, "html has no lang");
  if (all("h1").length !== 1) say("heading", null, `there are ${all("h1").length} h1`);
  let level = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6").filter(isShown)) {
    const next = Number(heading.tagName[1]);
    if (level && next > level + 1) say("heading", heading, `follows h${level}`);
    level = next;
  }
  for (const landmark of ["main", "header"]) {
    if (!all(landmark).length) say("landmark", null, `there is no ${landmark}`);
  }
  if (all("main").length > 1) say("landmark", null, "there is more than one main");
  for (const table of all("table")) {
    if (!table.caption || !table.caption.textContent.trim()) say("table", table, "has no caption");
    for (const cell of all("th", table)) if (!cell.scope) say("table", cell, "has no scope");
  }
  for (const image of all("svg, img")) {
    if (image.closest("[aria-hidden=true]") || (image.matches("svg svg"))) continue;
    const isNamed = image.getAttribute("role") === "img" && nameOf(image);
    const isGroup = ["group", "application", "graphics-document"].includes(image.getAttribute("role")) && nameOf(image);
    if (!isNamed && !isGroup && !(image.matches("img") && image.hasAttribute("alt"))) say("image", image, "has no role and name, and is not hidden");
  }
  for (const hidden of all("[aria-hidden=true]")) {
    for (const element of all(controls, hidden)) {
      if (isShown(element) && element.tabIndex >= 0) say("hidden", element, "can be focused inside something hidden");
    }
  }
  for (const field of all("input[type=password], input[name=name]").filter((each) => each.form?.querySelector("input[type=password]"))) {
    if (!field.autocomplete) say("autocomplete", field, "tells password managers nothing");
  }

  // Colour.
  const channels = (text) => {
    const parts = (text.match(/[\d.]+/g) || []).map(Number);
    return text.startsWith("color(srgb")
      ? { r: parts[0] * 255, g: parts[1] * 255, b: parts[2] * 255, a: parts[3] ?? 1 }
      : { r: parts[0], g: parts[1], b: parts[2], a: parts[3] ?? 1 };
  };
  const over = (top, bottom) => ({
    r: top.r * top.a + bottom.r * (1 - top.a),
    g: top.g * top.a + bottom.g * (1 - top.a),
    b: top.b * top.a + bottom.b * (1 - top.a),
    a: 1,
  });
  const backgroundOf = (element) => {
    const layers = [];
    for (let node = element; node; node = node.parentElement) {
      const color = channels(getComputedStyle(node).backgroundColor);
      if (color.a > 0) layers.push(color);
      if (color.a === 1) break;
    }
    return layers.reduceRight((below, layer) => over(layer, below), { r: 255, g: 255, b: 255, a: 1 });
  };
  const luminance = ({ r, g, b }) => {
    const linear = [r, g, b].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const contrast = (one, other) => {
    const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || seen.has(element)) continue;
    seen.add(element);
    if (element.closest("script, style, title, svg defs") || !isShown(element) || isVisuallyHidden(element)) continue;
    if (element.closest("[disabled], [aria-disabled=true]")) continue;
    const style = getComputedStyle(element);
    const background = backgroundOf(element);
    const isDrawn = element.closest("svg");
    const color = over(channels(isDrawn ? style.fill : style.color), background);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = contrast(color, background);
    if (ratio < (isLarge ? 3 : 4.5)) say("contrast", element, `${ratio.toFixed(2)} for "${element.textContent.trim().slice(0, 40)}"`);
  }
  for (const field of all("input:not([type=hidden]):not([type=checkbox]):not([type=radio]), select, textarea").filter(isShown)) {
    const style = getComputedStyle(field);
    if (field.disabled || parseFloat(style.borderTopWidth) === 0) continue;
    const ratio = contrast(over(channels(style.borderTopColor), backgroundOf(field.parentElement)), backgroundOf(field.parentElement));
    if (ratio < 3) say("border", field, `its border has a contrast of ${ratio.toFixed(2)}`);
  }

  // Targets (2.5.8): 24 by 24, or inline in a sentence.
  for (const element of all("a[href], button, input:not([type=hidden]), select, summary").filter(isShown)) {
    if (isVisuallyHidden(element) || element.closest("svg")) continue;
    const box = element.getBoundingClientRect();
    const isInline = getComputedStyle(element).display === "inline" && element.matches("a");
    const target = element.matches("input[type=checkbox], input[type=radio]") && element.labels?.length
      ? element.labels[0].getBoundingClientRect() : box;
    if (!isInline && (Math.max(box.height, target.height) < 23.5 || Math.max(box.width, target.width) < 23.5)) {
      say("target", element, `is ${box.width.toFixed(0)} by ${box.height.toFixed(0)} for "${nameOf(element).slice(0, 30)}"`);
    }
  }
  return findings;
}

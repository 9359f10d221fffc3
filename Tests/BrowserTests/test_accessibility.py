# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Palisade authors
"""AC-60: every page, both themes, three widths; keys alone; no motion; no sideways scrolling."""

import pytest
from playwright.sync_api import expect

from conftest import PASSWORD, accessibility, go, ready

DROPPED = "q=from.workload:shop/web%20to.workload:data/db"
PAGES = [
    "/e/production/overview",
    "/e/production/flows",
    "/e/production/flows?q=prot:tcp",
    "/e/production/map",
    "/e/production/map?expand=*&sel=data/db",
    "/e/production/map?view=table",
    "/e/production/stats",
    "/e/production/policies",
    "/e/production/policies?sel=CiliumNetworkPolicy:shop/allow-web",
    "/e/production/policies?tab=coverage",
    "/e/production/policies/shop/CiliumNetworkPolicy/allow-web",
    "/e/production/policies/new",
    "/e/production/edit?path=shop/allow-web.yaml",
    "/e/production/edit?path=shop/allow-web.yaml&view=both",
    "/e/production/explain?from=shop/web&to=data/db&port=5432&protocol=tcp",
    "/audit",
    "/settings/users",
    "/settings/roles",
    "/settings/groups",
    "/settings/tokens",
    "/settings/retention",
    "/settings/about",
    "/me",
    "/e/nowhere/flows",
]

OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll('body *')].filter(element => {
    if (element.closest('.scroll, #map-view, pre, .CodeMirror, [hidden]')) return false;
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.right > width + 1 && getComputedStyle(element).position !== 'absolute';
  }).slice(0, 5).map(element => element.tagName + '.' + element.className + ' ' + element.textContent.slice(0, 40));
}"""

# Focuses every control in turn: each must look different then, and nothing may lie over it.
FOCUS = """() => {
  const controls = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')];
  const look = element => {
    const style = getComputedStyle(element);
    const drawn = element.closest('svg') && element.querySelector('rect') ? getComputedStyle(element.querySelector('rect')) : null;
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.top,
      drawn && drawn.strokeWidth + drawn.stroke].join();
  };
  const findings = [];
  document.documentElement.style.scrollBehavior = 'auto';
  for (const element of controls) {
    if (element.disabled || element.closest('fieldset[disabled]') || element.tabIndex < 0) continue;
    if (element.closest('details:not([open]) > :not(summary)')) continue;
    let box = element.getBoundingClientRect();
    if (!box.width || !box.height || getComputedStyle(element).visibility === 'hidden') continue;
    const name = element.tagName + ' ' + (element.getAttribute('aria-label') || element.textContent || element.id).trim().slice(0, 40);
    const before = look(element);
    element.focus({ focusVisible: true });
    if (document.activeElement !== element) { findings.push('cannot be focused: ' + name); continue; }
    if (look(element) === before && !element.closest('.CodeMirror')) findings.push('looks the same: ' + name);
    box = element.getBoundingClientRect();
    if (box.height > innerHeight - 160 || element.matches('.skip')) continue;
    element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    box = element.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) { findings.push('is off the screen: ' + name); continue; }
    const top = document.elementFromPoint(x, y);
    const label = element.labels?.[0];
    if (top && !element.contains(top) && !top.contains(element) && !label?.contains(top)) {
      findings.push('is covered by ' + top.tagName + '.' + (top.className.baseVal ?? top.className) + ': ' + name);
    }
    element.blur();
  }
  return findings;
}"""

SEEDED = """() => {
  document.querySelector('main').innerHTML += `<h4>Skipped</h4><button id="seeded"></button><button style="all: unset; width: 9px; height: 9px; display: block" aria-label="x"></button>
    <input id="seeded"><p style="color: #bbb; background: #fff">Faint</p><svg width="9" height="9"></svg>
    <table><tr><th>1</th></tr></table><label for="gone">x</label><a tabindex="3" href="#">y</a>`;
}"""


def test_the_script_finds_what_it_is_for(server, open_page):
    page = open_page(server, "/me", user="admin", bypass_csp=True)
    page.evaluate(SEEDED)
    rules = {finding.split(":")[0] for finding in accessibility(page)}
    assert {"heading", "name", "id", "contrast", "image", "table", "label", "order", "target"} <= rules


def drawer_address(page, server):
    go(page, server, f"/e/production/flows?{DROPPED}")
    return page.locator("tr.row .row-link").first.get_attribute("href")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 360])
def test_ac_60_no_page_has_findings(server, open_page, theme, width):
    page = open_page(server, user="admin", theme=theme, size=(width, 740), expect=[400, 404])
    findings = []
    titles = {}
    for path in [*PAGES, drawer_address(page, server)]:
        go(page, server, path)
        findings += [f"{path}: {finding}" for finding in accessibility(page)]
        findings += [f"{path}: sticks out: {part}" for part in page.evaluate(OVERFLOW)]
        titles.setdefault(page.title(), path)
        if theme == "light":
            findings += [f"{path}: {finding}" for finding in page.evaluate(FOCUS)]
    assert findings == []


def test_sh_10_every_page_is_usable_at_400_percent_of_1280_by_1024(server, open_page):
    # Zooming to 400 % leaves a quarter of the pixels each way (WCAG 2.2, 1.4.10).
    page = open_page(server, user="admin", size=(320, 256), expect=[400, 404])
    findings = []
    for path in [*PAGES, drawer_address(page, server)]:
        go(page, server, path)
        findings += [f"{path}: {finding}" for finding in accessibility(page)]
        findings += [f"{path}: sticks out: {part}" for part in page.evaluate(OVERFLOW)]
        findings += [f"{path}: {finding}" for finding in page.evaluate(FOCUS)]
    assert findings == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_ac_60_pages_without_a_session_have_no_findings(server, fresh, open_page, theme):
    for place, path in [(server, "/login"), (fresh, "/setup"), (fresh, fresh.setup_link.removeprefix(fresh.url))]:
        page = open_page(place, path, theme=theme, size=(360, 740), expect=[403, 410])
        assert accessibility(page) == []
        assert page.evaluate(OVERFLOW) == []
        assert page.evaluate(FOCUS) == []


def test_ac_60_nothing_moves_for_whoever_asked_for_that(server, open_page):
    page = open_page(server, user="admin", reduced_motion="reduce", expect=[404])
    for path in PAGES:
        go(page, server, path)
        assert page.evaluate("document.getAnimations().filter(each => each.playState === 'running').length") == 0
        moving = page.evaluate(
            """() => [...document.querySelectorAll('*')].filter(element => {
              const style = getComputedStyle(element);
              return style.transitionDuration.split(',').some(each => parseFloat(each) > 0.01);
            }).length"""
        )
        assert moving == 0


def reach(page, matches, most=120):
    """Presses Tab until the focus is where it should be."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"(() => {{ const element = document.activeElement; return Boolean({matches}); }})()"):
            return
    raise AssertionError(f"Tab does not reach {matches}")


def test_ac_60_everything_is_done_by_keys(fresh, open_page):
    fresh.command("user", "create", "ada", "--password-stdin", "--grant", "admin@everywhere", text=PASSWORD + "\n")
    page = open_page(fresh, "/login")
    # The focus is in the first field, or one Tab away.
    if page.evaluate("document.activeElement.id") != "name":
        reach(page, "element.id === 'name'", 6)
    page.keyboard.type("ada")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/overview")
    ready(page)
    reach(page, "element.textContent.trim() === 'edge-7' || element.matches('.picker > summary')")
    page.keyboard.press("Enter")
    reach(page, "element.dataset.testid === 'shell.environment.production'", 10)
    page.keyboard.press("Enter")
    page.wait_for_url("**/e/production/overview**")
    ready(page)
    page.keyboard.press("g")
    page.keyboard.press("f")
    page.wait_for_url("**/flows**")
    ready(page)
    page.keyboard.press("/")
    page.keyboard.type("verdict:dropped to.ns:data")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    ready(page)
    reach(page, "element.matches('.row-link')")
    page.keyboard.press("Enter")
    page.wait_for_url("**sel=**")
    ready(page)
    expect(page.locator("#drawer-title")).to_be_focused()
    reach(page, "element.dataset.testid === 'flows.drawer.create-rule'", 12)
    page.keyboard.press("Enter")
    page.wait_for_selector("form[data-editor]")
    reach(page, "element.dataset.testid === 'editor.field.v.inbound.3.ports.0.port'", 200)
    page.keyboard.press("Control+A")
    page.keyboard.type("5432")
    reach(page, "element.dataset.testid === 'editor.save'", 200)
    page.keyboard.press("Enter")
    page.wait_for_url("**/policies/data/NetworkPolicy/db-allow**")
    ready(page)
    expect(page.get_by_test_id("shell.notice")).to_contain_text("Saved")
    assert "app: web" in fresh.file("data/db-allow.yaml").read_text()
    # The flow changes its verdict.
    page.keyboard.press("g")
    page.keyboard.press("e")
    page.wait_for_url("**/explain**")
    ready(page)
    reach(page, "element.id === 'explain-from'")
    for word in ["shop/web", "data/db", "5432"]:
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**port=5432**")
    ready(page)
    expect(page.get_by_test_id("explain.verdict")).to_contain_text("Allowed")

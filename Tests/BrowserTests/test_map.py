# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Palisade authors
"""The map: collapsed first, still where it was, and equal to its table."""

import re

from playwright.sync_api import expect

from conftest import go, ready, texts

GEOMETRY = "svg => [...svg.querySelectorAll('rect, path, text')].map(part => part.outerHTML).join('\\n')"


def places(page):
    """Corners of the boxes by node, in the map's own coordinates."""
    return page.locator("#map").evaluate(
        """map => Object.fromEntries([...map.querySelectorAll('[data-node]')].map(node => {
          const box = node.querySelector('rect');
          return [node.dataset.node, [Number(box.getAttribute('x')), Number(box.getAttribute('y'))]];
        }))"""
    )


def test_ac_24_namespaces_open_in_place(server, open_page):
    page = open_page(server, "/e/production/map", user="admin")
    before = places(page)
    assert set(before) == {"shop", "data", "ingress", "monitoring", "kube-system", "legacy", "world"}
    page.get_by_test_id("map.toggle.shop").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**expand=shop**")
    ready(page)
    after = places(page)
    assert {"shop/web", "shop/api", "shop/cart"} <= set(after)
    for name in set(before) - {"shop"}:
        assert all(abs(a - b) <= 1 for a, b in zip(before[name], after[name])), (name, before[name], after[name])


def test_ac_25_the_same_data_are_drawn_the_same(server, open_page):
    page = open_page(server, "/e/production/map?expand=*", user="admin")
    first = page.locator("#map").evaluate(GEOMETRY)
    page.reload()
    ready(page)
    assert page.locator("#map").evaluate(GEOMETRY) == first


def test_ac_28_the_map_is_used_by_keys(server, open_page):
    page = open_page(server, "/e/production/map?expand=data", user="admin")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.node !== undefined"):
            break
    reached = {page.evaluate("document.activeElement.dataset.node")}
    for key in ["ArrowRight"] * 4 + ["ArrowDown"] * 4 + ["ArrowUp"] * 6:
        if page.evaluate("document.activeElement.dataset.node") == "data/db":
            break
        page.keyboard.press(key)
        reached.add(page.evaluate("document.activeElement.dataset.node"))
    assert "data/db" in reached
    outline = page.evaluate("getComputedStyle(document.activeElement.querySelector('rect')).strokeWidth")
    assert float(outline.removesuffix("px")) >= 2
    page.keyboard.press("Enter")
    page.wait_for_url("**sel=data/db**")
    ready(page)
    drawer = page.locator("#drawer")
    expect(page.locator("#drawer-title")).to_be_focused()
    link = drawer.get_by_role("link", name=re.compile("flows", re.IGNORECASE)).first
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/flows?**")
    ready(page)
    assert page.get_by_test_id("flows.row").count() > 0
    page.go_back()
    ready(page)
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: "sel=" not in url)
    ready(page)
    assert "/map" in page.url


def test_ac_29_the_table_has_the_same_connections(server, open_page):
    page = open_page(server, "/e/production/map?expand=*", user="admin")
    drawn = page.locator("#map .edge").evaluate_all("all => all.map(edge => [edge.dataset.from, edge.dataset.to])")
    page.get_by_role("link", name="Table", exact=True).click()
    page.wait_for_url("**view=table**")
    ready(page)
    listed = page.get_by_test_id("map.row").evaluate_all(
        "all => all.map(row => [row.cells[0].textContent.trim(), row.cells[1].textContent.trim()])"
    )
    assert len(drawn) == len(listed) > 0
    assert sorted(map(tuple, drawn)) == sorted(map(tuple, listed))


def test_ac_30_what_is_permitted_and_unused_can_be_shown(server, open_page):
    page = open_page(server, "/e/production/map?expand=*&layers=unused", user="admin")
    unused = page.locator("#map .edge.unused")
    pairs = unused.evaluate_all("all => all.map(edge => edge.dataset.from + ' ' + edge.dataset.to)")
    assert any(pair.endswith("data/cache") for pair in pairs)
    # Where traffic was recorded, the permission is used.
    assert "shop/api data/db" not in pairs
    go(page, server, "/e/production/map?expand=*&layers=allowed")
    used = page.locator("#map .edge").evaluate_all("all => all.map(edge => edge.dataset.from + ' ' + edge.dataset.to)")
    assert "shop/api data/db" in used
    assert not any(pair.endswith("data/cache") for pair in used)


def test_buttons_move_and_zoom(server, open_page):
    page = open_page(server, "/e/production/map?expand=*", user="admin")
    width = "document.getElementById('map').getBoundingClientRect().width"
    before = page.evaluate(width)
    page.get_by_role("button", name="Zoom in").click()
    page.get_by_role("button", name="Zoom in").click()
    assert page.evaluate(width) > before
    page.get_by_role("button", name="Move right").click()
    page.wait_for_function("() => document.getElementById('map-view').scrollLeft > 0")
    page.get_by_role("button", name="Fit the map").click()
    assert page.evaluate(width) <= page.evaluate("document.getElementById('map-view').clientWidth") + 1


def test_exports_of_the_map(server, open_page):
    page = open_page(server, "/e/production/map", user="admin")
    for name in ["CSV", "Markdown", "Mermaid", "SVG", "DOT"]:
        page.get_by_text("Export", exact=True).click()
        with page.expect_download() as download:
            page.get_by_role("link", name=name, exact=True).click()
        assert "shop" in open(download.value.path()).read()
        page.keyboard.press("Escape")


def test_no_label_covers_another_one_or_a_node(server, open_page):
    page = open_page(server, "/e/production/map?expand=shop,data", user="admin")
    assert page.get_by_test_id("map.label").count() == page.locator("#map .edge").count()
    for query in ["expand=shop,data", "expand=*&layers=allowed&layers=dropped&layers=unused", ""]:
        go(page, server, f"/e/production/map?{query}")
        # As the browser draws them, with its own fonts.
        overlaps = page.evaluate(
            """() => {
              const box = part => { const { x, y, width, height } = part.getBBox(); return { x, y, width, height, text: part.textContent }; };
              const labels = [...document.querySelectorAll("[data-testid='map.label']")].map(box);
              const nodes = [...document.querySelectorAll("[data-node] > rect")].map(box);
              const meet = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height - 1 && b.y < a.y + a.height - 1;
              return labels.flatMap((label, index) => [...labels.slice(index + 1), ...nodes].filter(other => meet(label, other))
                .map(other => `${label.text} / ${other.text || "node"}`));
            }"""
        )
        assert overlaps == [], query


def test_ac_27_a_map_over_its_budget_draws_the_selection(server, open_page):
    page = open_page(server, "/e/production/map", user="admin")
    expect(page.get_by_test_id("map.banner")).to_have_count(0)

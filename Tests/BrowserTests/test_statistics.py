# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Palisade authors
"""Statistics: sums that agree, windows, gaps, charts by key."""

import json
import re

from playwright.sync_api import expect

from conftest import go, ready, texts

RANGE = ("2026-11-22T06:00:00Z", "2026-11-22T14:00:00Z")
FIXED = f"from={RANGE[0]}&to={RANGE[1]}"


def number(text):
    return int(re.sub(r"[^\d]", "", text))


def value(page, tile):
    return number(page.get_by_test_id(f"stats.tile.{tile}").locator("strong, .value").first.inner_text().split("\n")[0])


def test_ac_31_tiles_tables_and_the_command_agree(server, open_page):
    page = open_page(server, f"/e/production/stats?{FIXED}", user="admin")
    total, dropped, would_drop = (value(page, tile) for tile in ["total", "dropped", "would-drop"])
    assert total > 0 and dropped > 0 and would_drop == 0
    expect(page.get_by_test_id("stats.tile.dropped")).to_contain_text("%")
    answer = json.loads(
        server.command("stats", "totals", "-e", "production", "--since", RANGE[0], "--until", RANGE[1], "-o", "json")
    )
    text = json.dumps(answer)
    assert f": {total}" in text and f": {dropped}" in text
    table = page.get_by_test_id("stats.namespaces.rows")
    heads = texts(table.get_by_role("columnheader"))
    column = next(index for index, head in enumerate(heads) if head.startswith("Dropped"))
    body = table.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent.trim()))"
    )
    assert sum(number(row[column]) for row in body) >= dropped


def test_ac_32_every_window_of_before_can_be_chosen(server, open_page):
    page = open_page(server, "/e/production/stats", user="admin")
    expect(page.get_by_test_id("range.current")).to_contain_text("Last 8 h")
    buckets = {}
    for window in ["now-30m", "now-3h", "now-8h", "now-1d", "now-3d", "now-7d", "now-30d"]:
        page.get_by_test_id("range.current").click()
        link = page.get_by_test_id(f"range.{window}")
        expect(link).to_be_visible()
        assert link.evaluate("link => link.tagName") == "A"
        link.click()
        page.wait_for_url(f"**from={window}**")
        ready(page)
        caption = page.get_by_test_id("stats.rate").locator("figcaption").inner_text()
        buckets[window] = re.search(r"Each point is (.*?)\.", caption).group(1)
    assert buckets["now-8h"] == "5 min"
    assert len(set(buckets.values())) >= 5


def test_ac_33_an_outage_is_a_gap_and_no_zero(server, open_page):
    page = open_page(server, "/e/production/stats", user="admin")
    assert page.get_by_test_id("stats.rate").locator(".gap").count() > 0
    gaps = page.get_by_test_id("stats.gaps").locator("tbody tr")
    expect(gaps).to_have_count(1)
    expect(gaps.first).to_contain_text(re.compile(r"\d+ (s|min|h)"))
    page.get_by_test_id("chart.rate.table").locator("summary").click()
    gap = page.get_by_test_id("chart.rate.table").locator("tbody tr", has_text="—").first
    expect(gap).to_be_visible()
    assert "0.0" not in gap.inner_text()
    go(page, server, "/e/production/stats?from=2026-11-01T03:00:00Z&to=2026-11-01T05:00:00Z")
    expect(page.get_by_test_id("stats.tile.dropped")).to_contain_text("—")


def test_ac_35_charts_are_read_by_keys(server, open_page):
    page = open_page(server, f"/e/production/stats?{FIXED}", user="admin")
    panel = page.get_by_test_id("stats.rate")
    plot = panel.locator(".plot")
    plot.focus()
    page.keyboard.press("End")
    last = panel.locator(".reading").inner_text()
    page.keyboard.press("ArrowLeft")
    reading = panel.locator(".reading")
    expect(reading).not_to_have_text(last)
    expect(reading).to_have_attribute("aria-live", "polite")
    text = reading.inner_text()
    assert re.search(r"\d\d:\d\d.*: Allowed.*Dropped.*Would drop", text)
    expect(panel.locator(".crosshair")).to_be_visible()
    panel.get_by_text("View as table").click()
    row = panel.locator("tbody tr").nth(-2)
    for cell in texts(row.locator("td, th"))[1:]:
        assert cell.split("\n")[0] in text


def test_ac_36_refreshing_leaves_alone_what_is_typed(server, open_page):
    page = open_page(server, "/e/production/stats?refresh=5", user="admin")
    page.clock.install()
    page.reload()
    ready(page)
    page.get_by_test_id("range.current").click()
    page.get_by_label("From", exact=True).fill("now-3")
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.clock.fast_forward(11_000)
    assert page.get_by_label("From", exact=True).input_value() == "now-3"
    expect(page.get_by_label("From", exact=True)).to_be_visible()
    assert requests == []
    page.keyboard.press("Escape")
    page.locator("h1").click()
    with page.expect_response(lambda response: "/stats" in response.url):
        page.clock.fast_forward(6_000)
    go(page, server, f"/e/production/stats?{FIXED}&refresh=5")
    expect(page.get_by_test_id("range.fixed")).to_contain_text("Fixed range, not updating")
    page.get_by_role("link", name="Back to live").click()
    page.wait_for_url("**from=now-8h**")
    ready(page)
    expect(page.get_by_test_id("range.fixed")).to_have_count(0)


def test_ac_37_a_range_that_is_not_kept_says_so_to_keys(server, open_page):
    page = open_page(server, "/e/production/flows", user="admin")
    page.get_by_test_id("range.current").click()
    refused = page.locator(".presets .disabled")
    if refused.count() == 0:
        # Counts are kept as long as the longest window.
        expect(page.get_by_test_id("range.now-30d")).to_be_visible()
        return
    refused.first.focus()
    expect(refused.first).to_be_focused()
    expect(refused.first).to_contain_text("Flows are kept for")


def test_the_scope_counts_only_its_namespaces(server, open_page):
    page = open_page(server, f"/e/production/stats?{FIXED}", user="admin")
    everything = value(page, "total")
    page.get_by_test_id("stats.scope").locator("summary").click()
    page.get_by_label("monitoring").check()
    page.get_by_test_id("stats.scope").get_by_role("button", name="Apply").click()
    page.wait_for_url("**ns=monitoring**")
    ready(page)
    assert 0 < value(page, "total") < everything


def test_the_crosshair_is_in_all_charts(server, open_page):
    page = open_page(server, f"/e/production/stats?{FIXED}", user="admin")
    box = page.get_by_test_id("stats.rate").locator(".plot").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + 20)
    expect(page.locator(".crosshair")).to_have_count(2)

# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Palisade authors
"""Flows: grouping, the filter, the drawer, exports, and what the page says about itself."""

import csv
import io
import json
import re
import shlex

import pytest
from playwright.sync_api import expect

from conftest import audited, go, ready, texts

DROPPED = "q=from.workload:shop/web+to.workload:data/db"


def rows(page):
    return texts(page.get_by_test_id("flows.row"))


def counts(page):
    return [int(text.replace(",", "")) for text in texts(page.locator("[data-cell=count]"))]


def filter_for(page, text):
    page.get_by_role("combobox", name="Filter").fill(text)
    page.get_by_role("button", name="Filter", exact=True).click()
    page.wait_for_url("**q=**")
    ready(page)


def open_drawer(page, server):
    go(page, server, f"/e/production/flows?{DROPPED}")
    page.get_by_test_id("flows.row").first.locator("td").nth(0).click()
    page.wait_for_url("**sel=**")
    ready(page)
    return page.get_by_test_id("flows.drawer")


def test_ac_10_connections_are_grouped_until_somebody_asks_for_events(server, open_page):
    page = open_page(server, "/e/production/flows", user="admin")
    grouped = rows(page)
    assert sum("web" in row and "db" in row and "1,204" in row for row in grouped) == 1
    page.get_by_test_id("flows.group.raw").click()
    page.wait_for_url("**group=raw**")
    ready(page)
    assert len(rows(page)) == 100
    assert set(counts(page)) == {1}
    page.get_by_test_id("flows.more").click()
    page.wait_for_url("**cursor=**")
    ready(page)
    page.go_back()
    page.get_by_test_id("flows.group.connection").click()
    page.wait_for_url(lambda url: "group=raw" not in url)
    ready(page)
    assert rows(page) == grouped


def test_ac_11_the_filter_is_in_the_address(server, open_page):
    page = open_page(server, "/e/production/flows", user="admin")
    filter_for(page, "verdict:dropped -to.ns:kube-system")
    chips = page.get_by_role("list", name="Filter terms").locator("code")
    assert texts(chips) == ["verdict:dropped", "-to.ns:kube-system"]
    assert "verdict" in page.url
    before = rows(page)
    assert len(before) == 2
    page.reload()
    ready(page)
    assert rows(page) == before
    assert texts(chips) == ["verdict:dropped", "-to.ns:kube-system"]


def test_ac_12_without_chips_it_is_the_page_of_the_beginning(server, open_page):
    page = open_page(server, "/e/production/flows", user="admin")
    before = (page.url, rows(page))
    filter_for(page, "verdict:dropped -to.ns:kube-system")
    page.get_by_role("link", name="Remove verdict:dropped").click()
    expect(page.get_by_test_id("flows.chip.1")).to_have_count(0)
    page.get_by_role("link", name="Remove -to.ns:kube-system").click()
    expect(page.get_by_test_id("flows.chip.0")).to_have_count(0)
    assert (page.url, rows(page)) == before


def test_ac_13_an_unknown_key_is_marked_and_hides_everything(server, open_page):
    page = open_page(server, "/e/production/flows", user="admin")
    filter_for(page, "prot:tcp")
    chip = page.get_by_test_id("flows.chip.0")
    expect(chip).to_have_class(re.compile("bad"))
    expect(chip.get_by_role("alert")).to_contain_text("proto")
    assert rows(page) == []
    expect(page.get_by_test_id("flows.table")).to_contain_text("mistake")


def test_ac_14_exclude_in_the_drawer_takes_back_what_it_did(server, open_page):
    page = open_page(server, user="admin")
    open_drawer(page, server)
    page.get_by_role("link", name="Exclude data/db", exact=True).click()
    page.wait_for_url("**-to.workload**")
    ready(page)
    assert "-to.workload:data/db" in texts(page.get_by_role("list", name="Filter terms").locator("code"))
    again = page.get_by_role("link", name="No longer exclude data/db", exact=True)
    expect(again).to_be_visible()
    again.click()
    page.wait_for_url(lambda url: "-to.workload" not in url)
    ready(page)
    assert "-to.workload:data/db" not in texts(page.get_by_role("list", name="Filter terms").locator("code"))


@pytest.mark.parametrize("is_excluding", [False, True])
def test_the_menu_of_a_value_filters(server, open_page, is_excluding):
    page = open_page(server, "/e/production/flows", user="admin")
    page.get_by_role("button", name="Menu for ingress/gateway").first.click()
    flyout = page.get_by_role("group", name="ingress/gateway")
    expect(flyout.get_by_role("link", name="Filter for")).to_be_focused()
    page.keyboard.press("Escape")
    expect(flyout).to_have_count(0)
    page.get_by_role("button", name="Menu for ingress/gateway").first.click()
    flyout.get_by_role("link", name="Exclude" if is_excluding else "Filter for").click()
    page.wait_for_url("**q=**")
    ready(page)
    assert any("gateway" in row for row in rows(page)) is not is_excluding
    assert rows(page)


def test_ac_15_verdicts_differ_without_colour(server, open_page):
    page = open_page(server, "/e/production/flows", user="admin")
    looks = {}
    for environment in ["production", "staging"]:
        go(page, server, f"/e/{environment}/flows")
        for name in ["allowed", "dropped", "would-drop"]:
            row = page.locator(f"tr.row.{name}").first
            if row.count():
                looks[name] = row.evaluate(
                    """row => {
                      const mark = row.querySelector('.verdict');
                      const line = getComputedStyle(mark.querySelector('span'));
                      return [mark.textContent.trim(), mark.querySelector('svg').innerHTML,
                        line.textDecorationLine + line.textDecorationStyle];
                    }"""
                )
    assert set(looks) == {"allowed", "dropped", "would-drop"}
    for part in range(3):
        assert len({look[part] for look in looks.values()}) == 3


def test_ac_16_the_drawer_tells_why_it_was_dropped(server, open_page):
    page = open_page(server, user="admin")
    drawer = open_drawer(page, server)
    story = drawer.get_by_test_id("flows.drawer.story")
    for name in ["data/db-deny", "data/db-allow"]:
        expect(story).to_contain_text(name)
    expect(story).to_contain_text(re.compile("no rule|neither allows", re.IGNORECASE))
    expect(story).to_contain_text("Closest rule")
    closest = story.locator("p", has_text="Closest rule").get_by_role("link")
    closest.click()
    page.wait_for_url("**/policies/data/NetworkPolicy/db-allow**")
    line = page.url.split("#")[1]
    assert re.fullmatch(r"L\d+", line)
    expect(page.locator(f"#{line}")).to_be_in_viewport()


def test_ac_17_a_rule_is_made_from_a_dropped_connection(server, open_page):
    page = open_page(server, user="admin")
    drawer = open_drawer(page, server)
    before = server.file("data/db-allow.yaml").read_bytes()
    drawer.get_by_test_id("flows.drawer.create-rule").click()
    ready(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("db-allow")
    rules = page.get_by_test_id("editor.inbound").locator("fieldset.rule")
    expect(rules).to_have_count(3)
    expect(rules.nth(2)).to_contain_text("shop")
    expect(page.get_by_test_id("editor.impact.newly-allowed")).to_contain_text("1 newly allowed")
    expect(page.get_by_test_id("editor.impact.row").first).to_contain_text("shop/web")
    assert server.file("data/db-allow.yaml").read_bytes() == before


def test_ac_18_brushing_narrows_the_range(server, open_page):
    page = open_page(server, "/e/production/flows", user="admin")
    before = page.url
    plot = page.locator("[data-chart] .plot").first
    box = plot.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 30, steps=4)
    page.mouse.up()
    page.wait_for_url("**from=**")
    ready(page)
    address = page.url
    brushed = rows(page)
    start, end = re.findall(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", address.replace("%3A", ":"))
    page.go_back()
    ready(page)
    assert page.url == before
    page.get_by_test_id("range.current").click()
    page.get_by_label("From", exact=True).fill(start)
    page.get_by_label("To", exact=True).fill(end)
    page.get_by_test_id("range.apply").click()
    page.wait_for_url("**from=**")
    ready(page)
    assert rows(page) == brushed


def test_ac_21_the_page_says_what_it_does_not_show(server, open_page):
    page = open_page(server, "/e/production/flows", user="admin")
    truth = page.get_by_test_id("flows.truth").locator("[data-truth]")
    expect(truth).to_contain_text("8 rows from 48,210 of 48,210 events")
    expect(truth).to_contain_text("nothing hidden by quick filters")
    expect(truth).to_contain_text("events lost: 0")
    page.get_by_test_id("flows.quick").locator("summary").click()
    page.get_by_test_id("flows.quick.dns").check()
    page.get_by_test_id("flows.quick").get_by_role("button", name="Apply").click()
    page.wait_for_url("**hide=dns**")
    ready(page)
    expect(truth).to_contain_text('2,400 hidden by "DNS lookups"')
    assert len(rows(page)) == 7
    assert not any("UDP 53" in row for row in rows(page))
    assert sum(counts(page)) == 48_210 - 2_400
    go(page, server, "/e/production/flows?from=now-7d")
    expect(truth).to_contain_text(re.compile("kept since .*19"))


def test_ac_22_exports_hold_the_filtered_rows_and_are_noted(server, open_page):
    page = open_page(server, "/e/production/flows?q=verdict:dropped", user="admin")
    known = len(audited(server, "flows.export"))
    answers = {}
    for kind in ["csv", "jsonl"]:
        page.get_by_text("Export", exact=True).click()
        with page.expect_download() as download:
            page.get_by_test_id(f"flows.export.{kind}").click()
        answers[kind] = open(download.value.path(), newline="").read()
        page.keyboard.press("Escape")
    table = list(csv.DictReader(io.StringIO(answers["csv"])))
    lines = [json.loads(line) for line in answers["jsonl"].splitlines()]
    assert len(table) == len(lines) == len(rows(page)) == 2
    assert all("drop" in json.dumps(line).lower() for line in lines)
    assert len(audited(server, "flows.export")) == known + 2


def test_ac_23_the_command_below_gives_the_same_answer(server, open_page):
    # A fixed range: the clock of the command is not that of the demonstration.
    range_ = "from=2026-11-22T00:00:00Z&to=2026-11-22T14:02:30Z"
    page = open_page(server, f"/e/production/flows?q=verdict:dropped&{range_}", user="admin")
    words = shlex.split(page.locator(".command code").inner_text())
    assert words[0] == "palisade"
    answer = json.loads(server.command(*words[1:], "-o", "json"))
    items = answer["items"]
    assert sorted(item["count"] for item in items) == sorted(counts(page))


def test_a_row_opens_by_key_and_gets_the_focus_back(server, open_page):
    page = open_page(server, "/e/production/flows", user="admin")
    page.keyboard.press("j")
    page.keyboard.press("j")
    row = page.locator("tr.focused").get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url("**sel=**")
    ready(page)
    expect(page.locator("#drawer-title")).to_be_focused()
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: "sel=" not in url)
    ready(page)
    expect(page.locator(f"#{row} .row-link")).to_be_focused()


def test_columns_are_chosen(server, open_page):
    page = open_page(server, "/e/production/flows", user="admin")
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Bytes").check()
    page.get_by_role("button", name="Show these").click()
    page.wait_for_url("**columns=bytes**")
    ready(page)
    expect(page.get_by_role("columnheader", name="Bytes")).to_be_visible()

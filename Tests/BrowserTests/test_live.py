# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Palisade authors
"""Flows as they come, from the sandbox: real packets in namespaces of its own. Needs root."""

import os
import re
import shutil
import signal
import tempfile

import pytest
from playwright.sync_api import expect

from conftest import PASSWORD, Server, go, ready

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="the sandbox makes network namespaces, which takes root")


def sandbox():
    data = tempfile.mkdtemp(prefix="palisade-sandbox-", dir="/tmp")
    server = Server(data, ("up", "--sandbox"), ready="Live flows")
    try:
        yield server
    finally:
        server.process.send_signal(signal.SIGINT)
        server.process.wait(60)
        shutil.rmtree(data, ignore_errors=True)


@pytest.fixture(scope="module")
def live():
    """The sandbox before anybody has an account; the first test makes one."""
    yield from sandbox()


def count(page):
    return page.locator("#flow-table tbody tr").count()


def set_up(page, server):
    """Through the one-time link; those who come later sign in."""
    page.goto(server.setup_link)
    if page.get_by_label("Password again").count():
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Password again").fill(PASSWORD)
        page.get_by_role("button", name="Create the account").click()
        page.wait_for_url("**/overview")


def open_live(open_page, live, query=""):
    page = open_page(live, "/login", expect=[403, 410])
    set_up(page, live)
    go(page, live, "/login")
    if page.get_by_label("User name").count():
        page.get_by_label("User name").fill("admin")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/overview")
    go(page, live, f"/e/sandbox/flows?from=live{query}")
    return page


def test_ac_01_the_printed_link_leads_to_live_pages(live, open_page):
    page = open_page(live, live.setup_link.removeprefix(live.url))
    set_up(page, live)
    assert page.url.endswith("/e/sandbox/overview")
    expect(page.get_by_test_id("shell.mode")).to_contain_text("Audit")
    expect(page.get_by_test_id("shell.connection")).to_contain_text("flows/s")


def test_ac_20_pausing_holds_rows_back_and_resuming_brings_them_once(live, open_page):
    page = open_live(open_page, live, "&group=raw")
    page.wait_for_function("() => document.querySelectorAll('#flow-table tbody tr').length > 5")
    page.get_by_test_id("flows.pause").click()
    held = count(page)
    new = page.get_by_test_id("flows.new")
    expect(new).to_be_visible()
    first = int(re.sub(r"\D", "", new.inner_text()))
    page.wait_for_function(
        "first => Number(document.getElementById('live-new').textContent.replace(/\\D/g, '')) > first", arg=first
    )
    assert count(page) == held
    page.get_by_test_id("flows.pause").click()
    expect(new).to_be_hidden()
    assert count(page) > held
    ids = page.locator("#flow-table tbody tr[id]").evaluate_all("rows => rows.map(row => row.id)")
    assert len(ids) == len(set(ids))


def test_ac_10_live_rows_are_grouped_and_count_up(live, open_page):
    page = open_live(open_page, live)
    page.wait_for_function("() => document.querySelectorAll('#flow-table tbody tr').length > 3")
    key = page.locator("#flow-table tbody tr[data-key]").first.get_attribute("id")
    before = int(page.locator(f"#{key}").get_attribute("data-count"))
    page.wait_for_function(
        """([key, before]) => [...document.querySelectorAll('#flow-table tbody tr[data-count]')]
          .some(row => Number(row.dataset.count) > 1)""",
        arg=[key, before],
        timeout=30_000,
    )
    ids = page.locator("#flow-table tbody tr[id]").evaluate_all("rows => rows.map(row => row.id)")
    assert len(ids) == len(set(ids))


def test_ac_26_the_map_moves_only_when_asked(live, open_page):
    page = open_live(open_page, live)
    page.clock.install()
    go(page, live, "/e/sandbox/map")
    drawn = "document.getElementById('map').dataset.version"
    before = page.evaluate(drawn)
    update = page.get_by_test_id("map.updates")
    for _ in range(6):
        with page.expect_response(lambda response: "/map" in response.url):
            page.clock.fast_forward(16_000)
        if update.is_visible():
            break
    expect(update).to_be_visible()
    expect(update).to_contain_text("available")
    assert page.evaluate(drawn) == before
    update.click()
    expect(update).to_be_hidden()
    assert page.evaluate(drawn) != before


def test_ac_05_a_stopped_server_is_said_and_its_rows_stay(open_page):
    for live in sandbox():
        page = open_live(open_page, live, "&group=raw")
        page.wait_for_function("() => document.querySelectorAll('#flow-table tbody tr').length > 3")
        page.watch.is_offline = True
        live.process.send_signal(signal.SIGINT)
        live.process.wait(60)
        held = count(page)
        newest = page.locator("#flow-table tbody tr[id]").first.get_attribute("id")
        connection = page.get_by_test_id("shell.connection")
        expect(connection).to_contain_text("Reconnecting", timeout=20_000)
        assert count(page) >= held > 0
        expect(connection).to_contain_text("Stale since", timeout=60_000)
        again = Server(live.data, ("up", "--sandbox"), ready="Live flows", port=live.port)
        live.process = again.process
        expect(connection).not_to_contain_text("Stale since", timeout=60_000)
        expect(page.locator("#flow-table tbody tr[id]").first).not_to_have_id(newest, timeout=30_000)
        # Then all rows of the table are laid out.
        page.get_by_test_id("flows.pause").click()
        expect(page.locator(".gap-row").first).to_be_visible(timeout=30_000)
        ids = page.locator("#flow-table tbody tr[id]").evaluate_all("rows => rows.map(row => row.id)")
        assert len(ids) == len(set(ids))

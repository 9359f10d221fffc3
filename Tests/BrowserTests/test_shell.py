# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Palisade authors
"""Sign-in, the frame around every page, and how panels say what state they are in."""

import json
import re

import pytest
from playwright.sync_api import expect

from conftest import PASSWORD, go, ready, sign_in, texts

PAGES = ["overview", "flows", "map", "stats", "policies", "explain"]


def test_ac_01_a_fresh_server_leads_through_its_one_time_link(fresh, open_page):
    page = open_page(fresh, "/", expect=[400, 401, 403, 404, 410])
    # Without the link there is nothing to sign in to and no password that works.
    assert page.url.endswith("/setup")
    expect(page.get_by_role("alert")).to_contain_text("link")
    expect(page.get_by_label("Password", exact=True)).to_have_count(0)
    for password in ["admin", "password", "palisade", "changeme"]:
        answer = page.request.post(
            fresh.url + "/api/v1/session", data={"name": "admin", "password": password}, fail_on_status_code=False
        )
        assert answer.status in (401, 403, 404)
    page.goto(fresh.setup_link)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill("something else of some length")
    page.get_by_role("button", name="Create the account").click()
    expect(page.locator(".field .problem")).to_be_visible()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    page.wait_for_url("**/overview")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    page.goto(fresh.setup_link)
    assert page.url.endswith("/login")


def test_ac_02_unknown_users_and_wrong_passwords_read_the_same(fresh, open_page):
    fresh.command("user", "create", "ada", "--password-stdin", "--grant", "admin@everywhere", text=PASSWORD + "\n")
    page = open_page(fresh, "/login", expect=[401, 403, 429], permissions=["clipboard-read", "clipboard-write"])
    answers = []
    for name in ["ada", "nobody-at-all"]:
        page.get_by_label("User name").fill(name)
        page.get_by_label("Password", exact=True).fill("wrong words entirely")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_be_visible()
        answers.append(page.get_by_role("alert").inner_text())
        assert page.get_by_label("User name").input_value() == name
        assert page.get_by_label("Password", exact=True).input_value() == ""
    assert answers[0] == answers[1]

    page.evaluate("text => navigator.clipboard.writeText(text)", PASSWORD)
    page.get_by_label("Password", exact=True).focus()
    page.keyboard.press("Control+V")
    assert page.get_by_label("Password", exact=True).input_value() == PASSWORD

    for _ in range(12):
        page.get_by_label("User name").fill("ada")
        page.get_by_label("Password", exact=True).fill("wrong words entirely")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_be_visible()
        if "again at" in page.get_by_role("alert").inner_text():
            break
    assert re.search(r"again at .*\d\d:\d\d", page.get_by_role("alert").inner_text())


@pytest.mark.parametrize("environment,mode", [("production", "Blocking"), ("staging", "Audit")])
def test_ac_03_every_page_says_whether_traffic_is_blocked(server, open_page, environment, mode):
    page = open_page(server, user="admin")
    for name in PAGES:
        go(page, server, f"/e/{environment}/{name}")
        badge = page.get_by_test_id("shell.mode")
        expect(badge).to_be_visible()
        assert badge.inner_text().strip().startswith(mode)


def test_ac_04_another_environment_keeps_page_and_range(server, open_page):
    page = open_page(server, "/e/production/flows?q=policy:shop/allow-web&from=now-3h", user="admin")
    page.get_by_test_id("shell.environments").locator("summary").click()
    page.get_by_test_id("shell.environment.edge-7").click()
    page.wait_for_url("**/e/edge-7/flows?**left-out**")
    assert "from=now-3h" in page.url
    expect(page.get_by_role("heading", level=1)).to_have_text("Flows")
    # What does not exist there is taken out, and named.
    expect(page.get_by_test_id("shell.notice")).to_contain_text("policy:shop/allow-web")
    expect(page.get_by_test_id("flows.chip.0")).to_have_count(0)


def test_ac_06_a_panel_that_fails_leaves_the_others(server, open_page):
    page = open_page(server, "/e/production/overview", user="admin")
    before = texts(page.get_by_test_id("overview.tile.packets"))
    document = page.content()
    failed = re.sub(
        r'(<section[^>]*data-testid="overview.drops"[^>]*data-state=")ready("[^>]*>.*?</div>)',
        r'\1error\2<div class="state error" role="alert"><p><strong>The store does not answer.</strong></p>'
        r'<p class="muted">Request <code>abc</code></p><p><a class="button small" href="?" data-retry>Retry</a></p></div>',
        document,
        count=1,
        flags=re.S,
    )
    assert failed != document
    page.route("**/overview", lambda route: route.fulfill(body=failed, content_type="text/html"), times=1)
    go(page, server, "/e/production/overview")
    panel = page.get_by_test_id("overview.drops")
    expect(panel).to_have_attribute("data-state", "error")
    assert texts(page.get_by_test_id("overview.tile.packets")) == before
    expect(panel.get_by_role("alert")).to_contain_text("Request abc")
    page.evaluate("window.sameDocument = true")
    panel.get_by_role("link", name="Retry").click()
    expect(page.get_by_test_id("overview.drops")).to_have_attribute("data-state", "ready")
    assert page.evaluate("window.sameDocument") is True


def test_ac_08_each_kind_of_nothing_has_its_own_text(server, open_page):
    page = open_page(server, "/e/production/flows?q=ns:shop+port:1", user="admin")
    filtered = page.get_by_test_id("flows.table").get_by_test_id("state.filtered")
    expect(filtered).to_contain_text("0 of 8 rows match")
    filtered = filtered.inner_text()
    go(page, server, "/e/production/flows?from=2026-11-01T01:00:00Z&to=2026-11-01T02:00:00Z")
    nothing = page.get_by_test_id("flows.table").locator(".state.empty").inner_text()
    go(page, server, "/e/edge-7/policies?q=nothing-is-called-so")
    unconfigured = page.get_by_test_id("policies.list").locator(".state.empty").inner_text()
    other = open_page(server, "/e/production/overview", user="shopkeeper")
    go(other, server, "/e/production/flows")
    hidden = other.locator(".notice").first.inner_text()
    assert len({filtered, nothing, unconfigured, hidden}) == 4
    assert re.search(r"You can see \d+ of \d+ namespaces", hidden)


def test_ac_09_pages_are_read_without_scripts(server, open_page):
    page = open_page(server, "/e/production/overview", user="admin", java_script_enabled=False)
    expect(page.get_by_test_id("overview.tile.packets")).to_contain_text("packets", ignore_case=True)
    go(page, server, "/e/production/policies")
    page.get_by_role("link", name="allow-web").click()
    expect(page.get_by_test_id("policies.drawer")).to_contain_text("Everything else inbound is dropped")
    go(page, server, "/e/production/policies/shop/CiliumNetworkPolicy/allow-web")
    expect(page.get_by_test_id("policy.yaml")).to_contain_text("endpointSelector")
    go(page, server, "/e/production/stats")
    assert page.locator("svg path").count() > 0
    page.get_by_test_id("chart.rate.table").locator("summary").click()
    expect(page.get_by_test_id("stats.rate").get_by_role("table")).to_be_visible()
    go(page, server, "/e/production/map")
    expect(page.locator("#map")).to_be_visible()
    go(page, server, "/e/production/flows")
    assert page.get_by_test_id("flows.row").count() == 8
    go(page, server, "/audit")
    expect(page.get_by_role("table")).to_be_visible()


def test_ac_09_the_editor_checks_and_saves_without_scripts(workshop, open_page):
    page = open_page(workshop, "/e/production/edit?path=shop/lost.yaml&view=yaml", user="admin", java_script_enabled=False)
    text = page.get_by_test_id("editor.text")
    original = text.input_value()
    text.fill(original.replace("protocol: TCP", "protocol: TPC"))
    page.get_by_test_id("editor.check").click()
    page.get_by_test_id("editor.side.checks").click()
    assert page.locator(".finding.error").count() > 0
    expect(page.get_by_test_id("editor.save")).to_be_disabled()
    text.fill(original.replace("8080", "8081"))
    page.get_by_test_id("editor.check").click()
    page.get_by_test_id("editor.save").click()
    expect(page.get_by_test_id("policy.yaml")).to_contain_text("8081")
    assert workshop.file("shop/lost.yaml").read_text() == original.replace("8080", "8081")


def test_the_theme_is_taken_at_once_and_kept(server, open_page):
    page = open_page(server, "/e/production/flows", user="admin")
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.get_by_test_id("shell.user").locator("summary").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate(background) != light
    page.reload()
    ready(page)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_times_that_cannot_be_read_are_said_beside_the_field(server, open_page):
    page = open_page(server, "/e/production/stats", user="admin", expect=[400])
    page.get_by_test_id("range.current").click()
    page.get_by_label("From", exact=True).fill("yesterday-ish")
    page.get_by_test_id("range.apply").click()
    ready(page)
    field = page.get_by_label("From", exact=True)
    expect(field).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    assert field.input_value() == "yesterday-ish"
    page.get_by_label("From", exact=True).fill("2026-11-22 08:00")
    page.get_by_label("To", exact=True).fill("2026-11-22 09:00")
    page.get_by_test_id("range.apply").click()
    expect(page.get_by_test_id("range.fixed")).to_contain_text("not updating")


def test_signing_out_ends_the_session(server, open_page):
    page = open_page(server, "/login")
    sign_in(page, server, "viewer")
    cookies = page.context.cookies()
    assert all(cookie["httpOnly"] for cookie in cookies if cookie["name"] != "theme")
    page.get_by_test_id("shell.user").locator("summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login**")
    page.context.add_cookies(cookies)
    go(page, server, "/e/production/flows")
    assert "/login" in page.url


def test_the_pages_of_a_server_have_titles_of_their_own(server, open_page):
    page = open_page(server, user="admin")
    titles = {}
    for path in [f"/e/production/{name}" for name in PAGES] + [
        "/e/production/policies?tab=coverage", "/e/production/policies/new", "/e/production/edit?path=shop/api.yaml",
        "/e/production/policies/shop/CiliumNetworkPolicy/api", "/e/staging/flows", "/audit", "/settings/users",
        "/settings/roles", "/settings/groups", "/settings/tokens", "/settings/retention", "/settings/about", "/me",
    ]:
        go(page, server, path)
        titles.setdefault(page.title(), []).append(path)
    assert {title: paths for title, paths in titles.items() if len(paths) > 1} == {}

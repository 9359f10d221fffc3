# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Palisade authors
"""Explain, the audit log, and what each role sees."""

import json
import re

import pytest
from playwright.sync_api import expect

from conftest import audited, go, ready, texts


def test_ac_58_explain_agrees_with_flows_and_with_the_command(server, open_page):
    page = open_page(server, "/e/production/explain", user="admin")
    page.get_by_label("Source").fill("shop/web")
    page.get_by_label("Destination").fill("data/db")
    page.get_by_label("Port").fill("5432")
    page.get_by_test_id("explain.ask").click()
    page.wait_for_url("**port=5432**")
    ready(page)
    steps = page.locator(".steps > li")
    expect(steps).to_have_count(6)
    assert texts(page.locator(".step-number")) == ["1", "2", "3", "4", "5", "6"]
    expect(page.get_by_test_id("explain.verdict")).to_contain_text("Dropped")
    expect(steps.nth(5)).to_contain_text(re.compile("drop", re.IGNORECASE))
    expect(page.get_by_test_id("explain.observed")).to_contain_text(re.compile("1,?204"))
    answer = json.loads(
        server.command("explain", "-e", "production", "shop/web", "data/db", "--port", "5432", "-o", "json")
    )
    assert answer["verdict"] == "DROPPED"


def test_what_cannot_be_asked_is_said(server, open_page):
    page = open_page(server, "/e/production/explain?from=shop/nobody&to=data/db&port=x", user="admin", expect=[400, 404])
    expect(page.get_by_test_id("explain.answer").get_by_role("alert")).to_be_visible()
    assert page.get_by_label("Source").input_value() == "shop/nobody"


def test_the_audit_log_is_filtered_exported_and_verified(server, open_page):
    page = open_page(server, "/audit", user="admin")
    assert page.locator("tr.row").count() > 3
    page.get_by_label("Actor").fill("viewer")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url("**actor=viewer**")
    ready(page)
    go(page, server, "/audit")
    with page.expect_download() as download:
        page.get_by_test_id("audit.export.jsonl").click()
    lines = [json.loads(line) for line in open(download.value.path())]
    assert any(line["action"] == "user.create" for line in lines)
    page.get_by_test_id("audit.verify").click()
    ready(page)
    expect(page.get_by_test_id("shell.notice").first).to_contain_text(re.compile("entries", re.IGNORECASE))
    page.locator("tr.row .row-link").first.click()
    page.wait_for_url("**sel=**")
    ready(page)
    expect(page.get_by_test_id("audit.drawer")).to_contain_text("Actor")


def test_ac_59_a_viewer_is_offered_nothing_that_changes(server, open_page):
    page = open_page(server, "/e/production/policies?sel=NetworkPolicy:data/db-deny", user="viewer", expect=[403])
    expect(page.get_by_test_id("policies.drawer")).to_be_visible()
    for hook in ["policies.new", "policy.edit"]:
        expect(page.get_by_test_id(hook)).to_have_count(0)
    go(page, server, "/e/production/flows?q=verdict:dropped")
    page.locator("tr.row .row-link").first.click()
    page.wait_for_url("**sel=**")
    ready(page)
    expect(page.get_by_test_id("flows.drawer.create-rule")).to_have_count(0)
    for path in [
        "/e/production/policies/new",
        "/e/production/edit?path=data/db-deny.yaml",
        "/e/production/create-rule?from=shop/web&to=data/db&port=5432&protocol=tcp&direction=inbound",
        "/settings/users",
    ]:
        response = page.goto(server.url + path)
        ready(page)
        assert response.status == 403, path
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
    refused = page.request.put(
        server.url + "/api/v1/environments/production/policies", data={}, fail_on_status_code=False
    )
    assert refused.status in (403, 404, 405)


def test_ac_59_an_author_of_one_namespace_sees_only_that(server, open_page):
    page = open_page(server, "/e/production/flows", user="shopkeeper", expect=[403, 404])
    expect(page.locator(".notice").first).to_contain_text(re.compile(r"You can see 1 of \d+ namespaces"))
    rows = texts(page.get_by_test_id("flows.row"))
    assert rows and all("shop" in row for row in rows)
    go(page, server, "/e/production/policies")
    names = page.locator("tr.row").evaluate_all("rows => rows.map(row => row.dataset.testid)")
    assert names and all(name.startswith("policies.row.shop/") for name in names)
    response = page.goto(server.url + "/e/production/policies/data/NetworkPolicy/db-deny")
    assert response.status in (403, 404)
    go(page, server, "/e/production/stats")
    for hidden in ["monitoring", "kube-system", "legacy"]:
        expect(page.get_by_test_id(f"stats.namespace.{hidden}")).to_have_count(0)
    go(page, server, "/e/production/edit?path=shop/api.yaml")
    expect(page.get_by_test_id("editor.form")).to_be_visible()
    response = page.goto(server.url + "/e/production/edit?path=data/db-deny.yaml")
    assert response.status in (403, 404)


def test_users_roles_and_tokens_are_kept_in_settings(workshop, open_page):
    page = open_page(workshop, "/settings/users", user="admin")
    form = page.locator("form", has=page.get_by_role("button", name="Create user"))
    if not form.is_visible():
        page.get_by_text("Create a user", exact=True).click()
    form.get_by_label("User name").fill("grace")
    form.get_by_label("Where").fill("everywhere")
    page.get_by_role("button", name="Create user").click()
    ready(page)
    expect(page.get_by_role("main")).to_contain_text("grace")
    assert any("grace" in json.dumps(entry) for entry in audited(workshop, "user.create"))


def test_a_token_is_shown_once(workshop, open_page):
    page = open_page(workshop, "/me", user="admin")
    form = page.locator("form", has=page.locator("input[value=create-token]"))
    form.get_by_label("Name", exact=True).fill("ci")
    form.get_by_role("button").click()
    ready(page)
    shown = page.locator(".notice, .secret").filter(has_text=re.compile(r"pal|once", re.IGNORECASE)).first
    expect(shown).to_be_visible()
    go(page, workshop, "/me")
    expect(page.get_by_role("main")).to_contain_text("ci")
    assert "once" not in " ".join(texts(page.locator(".notice")))


def test_unknown_places_are_styled(server, open_page):
    page = open_page(server, "/e/production/overview", user="admin", expect=[404])
    for path in ["/e/nowhere/flows", "/e/production/policies/shop/NetworkPolicy/none", "/nothing-here"]:
        assert page.goto(server.url + path).status == 404
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("navigation", name="Pages")).to_be_visible()

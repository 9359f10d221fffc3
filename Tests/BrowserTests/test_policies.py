# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Palisade authors
"""The list of policies, and one policy."""

import re

from playwright.sync_api import expect

from conftest import go, ready, texts


def test_ac_38_the_list_says_what_policies_select_and_do(server, open_page):
    page = open_page(server, "/e/production/policies", user="admin")
    row = page.get_by_test_id("policies.row.shop/allow-web")
    heads = texts(page.get_by_test_id("policies.rows").get_by_role("columnheader"))
    cells = dict(zip(heads, texts(row.locator("th, td"))))
    assert cells["Selects"] == "3"
    assert cells["Kind"].startswith("Cilium")
    assert int(cells["Allowed"].replace(",", "")) > 0
    assert cells["Last used"]
    expect(page.get_by_test_id("policies.row.shop/wishlist")).to_contain_text("Selects nothing")
    row.get_by_role("link").first.click()
    page.wait_for_url("**sel=**")
    ready(page)
    drawer = page.get_by_test_id("policies.drawer")
    expect(drawer).to_contain_text("Everything else inbound is dropped.")
    expect(drawer.locator("pre")).to_contain_text("kind: CiliumNetworkPolicy")


def test_policies_are_found_by_name(server, open_page):
    page = open_page(server, "/e/production/policies", user="admin")
    page.keyboard.press("/")
    page.keyboard.type("db-")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=db-**")
    ready(page)
    assert page.locator("tr.row").count() == 2
    expect(page.get_by_test_id("policies.list")).to_contain_text("2 of 8 policies match")


def test_coverage_says_which_workloads_are_open(server, open_page):
    page = open_page(server, "/e/production/policies", user="admin")
    page.get_by_role("link", name="Coverage").click()
    page.wait_for_url("**tab=coverage**")
    ready(page)
    assert "Coverage" in page.title()
    expect(page.get_by_test_id("policies.workload.data/db")).to_contain_text("Isolated")
    assert page.locator("tr", has_text="legacy").first.get_by_text("Open").count() == 2


def test_a_policy_shows_the_use_of_each_rule(server, open_page):
    page = open_page(server, "/e/production/policies/shop/CiliumNetworkPolicy/allow-web", user="admin")
    rule = page.get_by_test_id("policy.rule.inbound/1")
    expect(rule).to_contain_text("12,480")
    expect(rule).to_contain_text(re.compile("gateway"))
    rule.get_by_role("link").click()
    assert re.search(r"#L\d+$", page.url)
    page.get_by_test_id("policy.flows").click()
    page.wait_for_url("**/flows?q=policy**")
    ready(page)
    assert page.get_by_test_id("flows.row").count() > 0


def test_a_rule_that_never_matched_is_named(server, open_page):
    page = open_page(server, "/e/production/policies/data/NetworkPolicy/cache", user="admin")
    expect(page.get_by_test_id("policy.rule.inbound/1")).to_contain_text("not used")

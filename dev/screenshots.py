# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Palisade authors
"""Pictures of the console for README and docs, 1440 by 900."""

import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "Tests/BrowserTests"))

from playwright.sync_api import sync_playwright  # noqa: E402

from conftest import PROGRAM, Server, people, ready, session  # noqa: E402

DROPPED = "q=from.workload:shop/web%20to.workload:data/db"
PICTURES = [
    ("overview", "light", "/e/production/overview", None),
    ("flows", "light", "/e/production/flows", None),
    ("flow-drawer", "light", f"/e/production/flows?{DROPPED}", lambda page: follow(page, "tr.row .row-link")),
    ("map", "light", "/e/production/map?expand=shop,data", None),
    ("map-dark", "dark", "/e/production/map?expand=shop,data", None),
    ("statistics", "light", "/e/production/stats", None),
    ("policies", "light", "/e/production/policies?sel=CiliumNetworkPolicy:shop/allow-web", None),
    ("editor", "light", "/e/production/edit?path=shop/allow-web.yaml", None),
    (
        "impact",
        "light",
        "/e/production/create-rule?from=shop/web&to=data/db&port=5432&protocol=tcp&direction=inbound",
        lambda page: page.get_by_test_id("editor.rule.inbound.3").scroll_into_view_if_needed(),
    ),
    ("explain", "light", "/e/production/explain?from=shop/web&to=data/db&port=5432&protocol=tcp", None),
    ("audit", "light", "/audit", None),
]


def follow(page, selector):
    page.goto(page.url.split("/e/")[0] + page.locator(selector).first.get_attribute("href"))
    ready(page)


def take(browser, server, sessions, name, theme, path, then):
    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        color_scheme=theme,
        timezone_id="UTC",
        reduced_motion="reduce",
        storage_state=session(browser, sessions, server, "admin"),
    )
    page = context.new_page()
    page.goto(server.url + path)
    ready(page)
    if then:
        then(page)
    target = ROOT / "docs/images" / f"{name}.png"
    page.screenshot(path=target, animations="disabled", caret="hide")
    context.close()
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1024} KB")


def main():
    data = tempfile.mkdtemp(prefix="palisade-pictures-", dir="/tmp")
    try:
        subprocess.run([PROGRAM, "demo-data", "--data", data], check=True, capture_output=True)
        server = Server(data)
        try:
            people(server)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
                )
                sessions = {}
                for picture in PICTURES:
                    take(browser, server, sessions, *picture)
                browser.close()
        finally:
            server.stop()
    finally:
        shutil.rmtree(data, ignore_errors=True)


main()

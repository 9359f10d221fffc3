# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Palisade authors
"""Much at once: more events than anybody reads, and a server that does not answer."""

import pytest
from playwright.sync_api import expect

from conftest import go, ready

# In place of the server's stream: rows of the page itself, again and again, twenty times a second.
FEED = """
  window.tasks = [];
  new PerformanceObserver(list => { for (const entry of list.getEntries()) window.tasks.push(entry.duration); })
    .observe({ entryTypes: ["longtask"] });
  window.sent = 0;
  window.EventSource = class extends EventTarget {
    constructor() {
      super();
      window.feed = this;
      this.readyState = 1;
    }
    close() {}
    start(rate, isGrouped) {
      const sample = document.querySelector("#flow-table tbody tr[id]").outerHTML.replace(/ id="[^"]*"| data-key="[^"]*"/g, "");
      const perTick = rate / 20;
      this.timer = setInterval(() => {
        let html = "";
        for (let index = 0; index < perTick; index += 1) {
          const number = isGrouped ? (window.sent + index) % 300 : window.sent + index;
          html += sample.replace("<tr", `<tr id="fed-${number}"${isGrouped ? ` data-key="${number}"` : ""}`)
            .replace(/data-count="[^"]*"/, 'data-count="1"');
        }
        window.sent += perTick;
        this.dispatchEvent(new MessageEvent("rows", { data: JSON.stringify({ html, rows: perTick, dropped: 0 }) }));
      }, 50);
    }
    stop() { clearInterval(this.timer); }
  };
"""

WATCH = """
  window.updates = [];
  new MutationObserver(() => window.updates.push(performance.now()))
    .observe(document.querySelector("#flow-table tbody"), { childList: true, subtree: true, characterData: true });
"""


@pytest.mark.parametrize("kind", ["raw", "grouped"])
def test_ac_19_two_thousand_events_a_second_leave_the_page_usable(server, open_page, kind):
    page = open_page(server, "/e/production/overview", user="admin")
    page.add_init_script(FEED)
    go(page, server, "/e/production/flows?from=live" + ("&group=raw" if kind == "raw" else ""))
    page.wait_for_function("() => window.feed && document.querySelector('#flow-table tbody tr[id]')")
    page.evaluate(WATCH)
    page.evaluate("isGrouped => { window.tasks.length = 0; window.feed.start(2000, isGrouped); }", kind == "grouped")
    page.wait_for_function("() => window.sent >= 30000", timeout=60_000)
    page.evaluate("window.feed.stop()")
    page.wait_for_function("() => performance.now() - window.updates.at(-1) > 1500")
    tasks, updates = page.evaluate("[window.tasks, window.updates]")
    print(f"{kind}: the longest tasks took {sorted(tasks)[-5:]} ms")
    # In any second at most two, whatever the rate was.
    assert all(third - first > 950 for first, third in zip(updates, updates[2:])), updates[:20]
    rows = page.locator("#flow-table tbody tr")
    if kind == "raw":
        # Laid out is what can be seen, until somebody wants to see more. What has rolled off is said.
        assert rows.count() == 200
        page.get_by_role("button", name="Pause").click()
        expect(rows).to_have_count(2000)
        numbers = rows.evaluate_all("all => all.map(row => Number(row.id.slice(4)))")
        assert numbers == list(range(page.evaluate("window.sent") - 1, page.evaluate("window.sent") - 2001, -1))
        expect(page.get_by_test_id("flows.rolled")).to_be_visible()
    else:
        page.get_by_role("button", name="Pause").click()
        expect(page.locator("tr[id^=fed-]")).to_have_count(300)
        assert sum(page.locator("tr[id^=fed-]").evaluate_all("all => all.map(row => Number(row.dataset.count))")) == (
            page.evaluate("window.sent")
        )


def test_ac_07_a_slow_answer_is_said_and_can_be_ended(server, open_page):
    page = open_page(server, "/e/production/stats?refresh=5", user="admin")
    page.clock.install()
    page.reload()
    ready(page)
    held = []
    page.route("**/stats?refresh=5", lambda route: held.append(route))
    with page.expect_request("**/stats?refresh=5"):
        page.clock.fast_forward(6_000)
    slow = page.locator("#slow")
    expect(slow).to_have_count(0)
    page.clock.fast_forward(10_500)
    expect(slow).to_contain_text("Still loading after 10 s")
    assert len(held) == 1
    slow.get_by_role("button", name="Cancel").click()
    expect(slow).to_have_count(0)
    expect(page.locator('[data-state="loading"], [aria-busy="true"], .updating')).to_have_count(0)
    expect(page.get_by_test_id("stats.tile.total")).to_be_visible()


def test_ac_07_a_slow_check_of_the_editor_can_be_ended(workshop, open_page):
    page = open_page(workshop, "/e/production/edit?path=shop/lost.yaml", user="admin")
    page.clock.install()
    page.reload()
    ready(page)
    page.route("**/edit?path=shop/lost.yaml", lambda route: None)
    with page.expect_request("**/edit?path=shop/lost.yaml"):
        page.get_by_test_id("editor.check").click()
    expect(page.locator(".updating")).to_have_count(1)
    page.clock.fast_forward(10_500)
    slow = page.locator("#slow")
    expect(slow).to_contain_text("Still loading after 10 s")
    slow.get_by_role("button", name="Keep waiting").click()
    expect(slow).to_have_count(0)
    expect(page.locator(".updating")).to_have_count(1)
    with page.expect_request("**/edit?path=shop/lost.yaml"):
        page.get_by_test_id("editor.check").click()
    page.clock.fast_forward(10_500)
    slow.get_by_role("button", name="Cancel").click()
    expect(slow).to_have_count(0)
    expect(page.locator(".updating")).to_have_count(0)
    expect(page.locator("#editor-state")).to_contain_text("Cancelled")

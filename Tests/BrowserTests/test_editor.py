# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Palisade authors
"""The editor: two views of one text, checks, impact, and saving exactly what was meant."""

import difflib
import itertools
import re

import pytest
from playwright.sync_api import expect

from conftest import PASSWORD, go, ready, texts


copies = itertools.count(1)


def copied(server, name):
    """A policy file of a test's own: what is kept as a draft comes back on the next opening."""
    number = next(copies)
    text = server.file(f"shop/{name}.yaml").read_bytes()
    path = f"shop/{name}-{number}.yaml"
    for old in [name, "first", "second"]:
        text = text.replace(f"name: {old}".encode(), f"name: {old}-{number}".encode())
    server.file(path).write_bytes(text)
    return path


def edit(open_page, server, path, view="rules", user="admin", **options):
    page = open_page(server, f"/e/production/edit?path={path}&view={view}", user=user, **options)
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def exchanged(page, act):
    """Does something that asks the server, and waits until the answer is on the page."""
    before = int(page.locator("body").get_attribute("data-revision") or 0)
    act()
    page.wait_for_function("before => Number(document.body.dataset.revision || 0) > before", arg=before)


def view(page, name):
    exchanged(page, lambda: page.get_by_test_id(f"editor.view.{name}").click())


def side(page, name):
    exchanged(page, lambda: page.get_by_test_id(f"editor.side.{name}").click())


def text(page):
    """What would be posted."""
    return page.evaluate(
        """() => document.querySelector('.CodeMirror')?.CodeMirror.getValue() ?? document.getElementById('editor-text').value"""
    )


def write(page, new):
    """Types a text in place of the present one."""
    exchanged(
        page,
        lambda: page.evaluate(
            """text => {
              const editor = document.querySelector('.CodeMirror').CodeMirror;
              editor.replaceRange(text, {line: 0, ch: 0}, {line: editor.lineCount(), ch: 0}, '+input');
            }""",
            new,
        ),
    )


def fill(page, hook, value):
    field = page.get_by_test_id(hook)
    exchanged(page, lambda: (field.fill(value), field.press("Tab")))


def press(page, hook):
    exchanged(page, lambda: page.get_by_test_id(hook).click())


def save(page):
    page.get_by_test_id("editor.save").click()
    page.wait_for_url(lambda url: "done=saved" in url)
    ready(page)


def changed_lines(before, after):
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-"]


def test_ac_39_views_change_nothing(workshop, open_page):
    path = copied(workshop, "commented")
    before = workshop.file(path).read_bytes()
    assert len(before.splitlines()) >= 60
    page = edit(open_page, workshop, path)
    for _ in range(5):
        view(page, "yaml")
        view(page, "rules")
    side(page, "diff")
    expect(page.get_by_test_id("editor.diff")).to_contain_text("No difference")
    save(page)
    expect(page.get_by_test_id("shell.notice")).to_contain_text("Saved")
    assert workshop.file(path).read_bytes() == before


@pytest.mark.parametrize("name", ["windows", "several"])
def test_ac_39_so_do_line_ends_and_several_documents(workshop, open_page, name):
    path = copied(workshop, name)
    before = workshop.file(path).read_bytes()
    page = edit(open_page, workshop, path)
    for name in ["both", "yaml", "rules"]:
        view(page, name)
    save(page)
    assert workshop.file(path).read_bytes() == before


def signed(difference):
    """Added and removed lines of a difference, each with its sign."""
    return difference.locator("pre .added, pre .removed").evaluate_all("all => all.map(line => line.textContent.trim())")


def test_ac_40_one_port_is_one_line(workshop, open_page):
    path = copied(workshop, "one-port")
    before = workshop.file(path).read_text()
    page = edit(open_page, workshop, path)
    fill(page, "editor.field.v.inbound.2.ports.0.port", "9091")
    side(page, "diff")
    lines = signed(page.get_by_test_id("editor.diff"))
    assert len(lines) == 2 and "9091" in "".join(lines)
    # AC-52, as far as there are differences: gaps are said, signs tell added from removed.
    expect(page.get_by_test_id("editor.diff")).to_contain_text(re.compile(r"⋯ \d+ unchanged lines"))
    assert sorted(line[0] for line in lines) in (["+", "-"], ["+", "−"])
    save(page)
    after = workshop.file(path).read_text()
    assert changed_lines(before, after) == ['-             - port: "9090"', '+             - port: "9091"']
    assert [line for line in after.splitlines() if "#" in line] == [line for line in before.splitlines() if "#" in line]


def test_a_port_of_a_file_with_windows_line_ends_is_one_line(workshop, open_page):
    path = copied(workshop, "windows")
    before = workshop.file(path).read_bytes()
    page = edit(open_page, workshop, path)
    fill(page, "editor.field.v.inbound.1.ports.0.port", "8090")
    save(page)
    assert workshop.file(path).read_bytes() == before.replace(b"8080", b"8090")


def test_ac_41_what_the_form_does_not_know_is_locked(workshop, open_page):
    page = edit(open_page, workshop, copied(workshop, "header"))
    locked = page.locator(".locked")
    expect(locked).to_have_count(1)
    expect(locked).to_contain_text(re.compile(r"lines? \d+"))
    fill(page, "editor.field.v.inbound.2.ports.0.port", "9191")
    assert 'port: "9191"' in text(page) and "X-Team: storefront" in text(page)
    exchanged(page, lambda: locked.get_by_role("button", name="Edit in YAML").click())
    expect(page.locator(".CodeMirror")).to_be_visible()
    assert "headers" in page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getSelection()")


def test_ac_42_broken_yaml_keeps_the_rules_to_be_read(workshop, open_page):
    page = edit(open_page, workshop, copied(workshop, "commented"), "both")
    broken = text(page).replace("    - fromEndpoints:", "\t- fromEndpoints:", 1)
    write(page, broken)
    stale = page.get_by_test_id("editor.stale")
    expect(stale).to_be_visible()
    expect(stale).to_contain_text(re.compile(r"[Ll]ine \d+"))
    expect(page.get_by_test_id("editor.rule.inbound.1")).to_be_visible()
    expect(page.get_by_test_id("editor.field.v.inbound.1.ports.0.port")).to_be_disabled()
    expect(page.get_by_test_id("editor.save")).to_be_disabled()
    view(page, "rules")
    view(page, "both")
    assert text(page) == broken
    exchanged(page, lambda: stale.get_by_role("button", name=re.compile("Go to line")).click())
    assert page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getCursor('from').line") > 0
    expect(page.locator(".CodeMirror .mark.error").first).to_be_visible()


def test_ac_43_a_port_that_is_none_is_said_beside_the_field(workshop, open_page):
    page = edit(open_page, workshop, copied(workshop, "commented"))
    fill(page, "editor.field.v.inbound.1.ports.0.port", "81x")
    field = page.get_by_test_id("editor.field.v.inbound.1.ports.0.port")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert field.input_value() == "81x"
    problem = page.locator("#" + field.get_attribute("aria-describedby"))
    expect(problem).to_contain_text("V104")
    expect(page.get_by_test_id("editor.save")).to_be_disabled()
    expect(page.locator("#editor-state")).to_contain_text("Saving is not possible")
    fill(page, "editor.field.v.inbound.1.ports.0.port", "8080")
    expect(page.get_by_test_id("editor.save")).to_be_enabled()
    view(page, "both")
    write(page, text(page).replace('port: "8080"', 'port: "99999"', 1))
    expect(page.locator(".CodeMirror .mark.error").first).to_be_visible()
    assert "V104" in page.locator(".CodeMirror .mark.error").first.get_attribute("title")
    side(page, "checks")
    expect(page.get_by_test_id("editor.finding.V104")).to_be_visible()


def test_ac_44_a_quick_fix_lets_names_be_looked_up(workshop, open_page):
    page = edit(open_page, workshop, "data/cache.yaml")
    press(page, "editor.state.outbound.restricted")
    expect(page.get_by_test_id("editor.outbound")).to_contain_text("Restricted needs a rule")
    page.get_by_test_id("editor.new.outbound").locator("summary").click()
    page.get_by_test_id("editor.field.new.outbound.port").fill("443")
    press(page, "editor.do.addRule:outbound")
    side(page, "checks")
    finding = page.get_by_test_id("editor.finding.V130")
    expect(finding).to_be_visible()
    press(page, "editor.fix.V130")
    expect(page.get_by_test_id("editor.finding.V130")).to_have_count(0)
    assert "53" in text(page)


def test_ac_45_the_summary_follows_the_text(workshop, open_page):
    page = edit(open_page, workshop, copied(workshop, "commented"))
    summary = page.get_by_test_id("editor.summary")
    assert texts(summary.locator("li")) == [
        "Applies to pods in namespace shop with app=guide (no pods match now).",
        "Inbound: allows TCP 8080 from pods with app=gateway in namespace ingress.",
        "Inbound: allows TCP 9090 from pods with app=prometheus in namespace monitoring.",
        "Everything else inbound is dropped.",
        "Outbound: allows TCP 8080 to pods with app=api in namespace shop.",
        "Outbound: allows TCP/UDP/SCTP 53 to pods with k8s-app=kube-dns in namespace kube-system.",
        "Everything else outbound is dropped.",
    ]
    fill(page, "editor.field.v.inbound.1.ports.0.port", "8443")
    expect(summary).to_contain_text("Inbound: allows TCP 8443", timeout=1000)


def test_ac_46_what_would_be_dropped_is_said_and_can_be_allowed(server, open_page):
    page = edit(open_page, server, "data/db-allow.yaml")
    side(page, "impact")
    expect(page.get_by_test_id("editor.impact.newly-dropped")).to_contain_text("0 newly dropped")
    exchanged(page, lambda: page.get_by_test_id("editor.rule.inbound.1").get_by_role("button", name="Delete").click())
    expect(page.get_by_test_id("editor.impact.newly-dropped")).to_contain_text("1 newly dropped")
    row = page.get_by_test_id("editor.impact.row").first
    expect(row).to_contain_text("shop/api → data/db")
    expect(row).to_contain_text("18,204")
    expect(page.get_by_test_id("editor.evidence")).to_contain_text(re.compile(r"Based on [\d,]+ flows .* recorded"))
    press(page, "editor.allow.0")
    expect(page.get_by_test_id("editor.impact.newly-dropped")).to_contain_text("0 newly dropped")
    assert "5432" in text(page)


def test_ac_46_without_traffic_nothing_is_predicted(workshop, open_page):
    page = open_page(workshop, "/e/edge-7/edit?path=shop/api.yaml", user="admin")
    side(page, "impact")
    exchanged(page, lambda: page.get_by_role("button", name="1 h", exact=True).click())
    expect(page.get_by_test_id("editor.impact")).to_contain_text("nothing can be predicted")


def test_ac_47_kinds_of_peers_that_are_not_possible_say_why(workshop, open_page):
    page = edit(open_page, workshop, copied(workshop, "commented"))
    inbound = page.get_by_test_id("editor.field.new.inbound.1.kind").locator("option[value=dns]")
    expect(inbound).to_be_disabled()
    expect(inbound).to_contain_text("outbound only")
    expect(page.get_by_test_id("editor.field.new.outbound.1.kind").locator("option[value=dns]")).to_be_enabled()
    go(page, workshop, "/e/production/edit?path=" + copied(workshop, "windows"))
    page.get_by_test_id("editor.new.outbound").locator("summary").click()
    other = page.get_by_test_id("editor.field.new.outbound.kind").locator("option[value=dns]")
    expect(other).to_be_disabled()
    expect(other).to_contain_text("CiliumNetworkPolicy")
    # The way out keeps the meaning, and is a draft like any other.
    before = page.get_by_test_id("editor.summary").inner_text()
    page.get_by_test_id("editor.conversion").locator("summary").click()
    exchanged(page, lambda: page.get_by_test_id("editor.convert").click())
    expect(page.get_by_test_id("editor.converted")).to_contain_text("same meaning")
    assert "kind: CiliumNetworkPolicy" in text(page) and "nothing is saved yet" in page.locator("main").inner_text()
    assert page.get_by_test_id("editor.summary").inner_text() == before
    page.get_by_test_id("editor.new.outbound").locator("summary").click()
    expect(page.get_by_test_id("editor.field.new.outbound.kind").locator("option[value=dns]")).to_be_enabled()


def test_ac_48_a_file_that_changed_meanwhile_is_not_overwritten(workshop, open_page):
    path = copied(workshop, "conflict")
    page = edit(open_page, workshop, path, expect=[409])
    mine = workshop.file(path).read_text()
    fill(page, "editor.field.v.inbound.1.ports.0.port", "8081")
    theirs = mine.replace("8080", "9999")
    workshop.file(path).write_text(theirs)
    exchanged(page, lambda: page.get_by_test_id("editor.save").click())
    conflict = page.get_by_test_id("editor.conflict")
    expect(conflict).to_contain_text("V220")
    assert workshop.file(path).read_text() == theirs
    assert "8081" in text(page)
    expect(page.get_by_test_id("editor.save")).to_be_disabled()
    # Both edits, each against the text that was opened.
    changed = {name: signed(page.get_by_test_id(f"editor.conflict.{name}")) for name in ["theirs", "yours"]}
    assert [line[0] for line in changed["theirs"]] == ["−", "+"] == [line[0] for line in changed["yours"]]
    assert "8080" in changed["theirs"][0] and "9999" in changed["theirs"][1] and "8081" in changed["yours"][1]
    # The same line: somebody has to say which.
    exchanged(page, lambda: page.get_by_test_id("editor.conflict.mine").click())
    expect(conflict.get_by_test_id("editor.conflict.decide")).to_contain_text("1 place has to be decided first")
    exchanged(page, lambda: page.get_by_test_id("editor.merge.1.mine").check())
    expect(page.get_by_test_id("editor.merge.1.mine")).to_be_checked()
    exchanged(page, lambda: page.get_by_test_id("editor.conflict.mine").click())
    expect(conflict).to_have_count(0)
    side(page, "diff")
    diff = signed(page.get_by_test_id("editor.diff"))
    assert any("9999" in line for line in diff) and any("8081" in line for line in diff)
    save(page)
    assert "8081" in workshop.file(path).read_text()


def test_ac_48_edits_of_different_lines_are_put_together(workshop, open_page):
    path = copied(workshop, "conflict")
    page = edit(open_page, workshop, path)
    mine = workshop.file(path).read_text()
    fill(page, "editor.field.v.inbound.1.ports.0.port", "8081")
    theirs = "# Seen by somebody else.\n" + mine
    workshop.file(path).write_text(theirs)
    # It is said as soon as it is known, not only when saving.
    exchanged(page, lambda: page.get_by_test_id("editor.check").click())
    conflict = page.get_by_test_id("editor.conflict")
    expect(conflict).to_contain_text("V220")
    expect(conflict.get_by_test_id("editor.conflict.decide")).to_have_count(0)
    expect(page.get_by_test_id("editor.save")).to_be_disabled()
    # A draft that is opened again still knows what it was begun from.
    page.wait_for_function("() => document.getElementById('editor-state').textContent.length > 0")
    go(page, workshop, f"/e/production/edit?path={path}")
    assert any("8081" in line for line in signed(page.get_by_test_id("editor.conflict.yours")))
    exchanged(page, lambda: page.get_by_test_id("editor.conflict.mine").click())
    expect(conflict).to_have_count(0)
    save(page)
    assert workshop.file(path).read_text() == theirs.replace("8080", "8081")


def test_ac_48_theirs_can_be_taken(workshop, open_page):
    path = copied(workshop, "conflict")
    page = edit(open_page, workshop, path)
    theirs = workshop.file(path).read_text().replace("8080", "7777")
    fill(page, "editor.field.v.inbound.1.ports.0.port", "8081")
    workshop.file(path).write_text(theirs)
    exchanged(page, lambda: page.get_by_test_id("editor.check").click())
    page.get_by_test_id("editor.conflict.take").click()
    expect(page.get_by_test_id("editor.conflict")).to_have_count(0)
    expect(page.get_by_test_id("editor.field.v.inbound.1.ports.0.port")).to_have_value("7777")


def test_ac_52_differences_say_sides_places_and_gaps(workshop, open_page):
    path = copied(workshop, "commented")
    page = edit(open_page, workshop, path)
    fill(page, "editor.field.v.inbound.1.ports.0.port", "8081")
    side(page, "diff")
    difference = page.get_by_test_id("editor.diff")
    sides = texts(difference.locator(".sides span"))
    assert sides == ["− the file as it is now", "+ this draft"]
    lines = difference.locator("pre span").evaluate_all("all => all.map(line => [line.className, line.textContent])")
    signs = {"added": "+", "removed": "−", "same": " ", "gap": "⋯", "path": "@"}
    assert all(text.startswith(signs[name]) for name, text in lines), lines
    # Every stretch of lines begins with where it is, and what is left out between is counted.
    before = {name: lines[index - 1][0] for index, (name, _) in enumerate(lines) if index and name == "path"}
    assert set(before.values()) <= {"gap"}
    names = [name for name, _ in lines]
    for index, name in enumerate(names):
        if name not in ("path", "gap") and (index == 0 or names[index - 1] == "gap"):
            raise AssertionError(f"no path before line {index}: {lines}")
    shown = sum(name in ("same", "removed") for name in names)
    skipped = sum(int(re.search(r"\d+", text).group()) for name, text in lines if name == "gap")
    assert skipped > 0 and shown + skipped == len(workshop.file(path).read_text().splitlines())
    assert any("inbound → rule 1" in text for name, text in lines if name == "path")


def test_rules_are_added_moved_and_removed(workshop, open_page):
    page = edit(open_page, workshop, copied(workshop, "commented"))
    rules = page.get_by_test_id("editor.inbound").locator("fieldset.rule")
    page.get_by_test_id("editor.new.inbound").locator("summary").click()
    press(page, "editor.do.addRule:inbound")
    expect(page.get_by_test_id("editor.new.inbound")).to_contain_text("Say whom")
    page.get_by_test_id("editor.field.new.inbound.value").fill("app=audit, tier=back")
    page.get_by_test_id("editor.field.new.inbound.port").fill("7000-7010")
    press(page, "editor.do.addRule:inbound")
    expect(rules).to_have_count(3)
    expect(page.get_by_test_id("editor.summary")).to_contain_text("7000 to 7010")
    press(page, "editor.do.moveRule:inbound.3:-1")
    expect(page.get_by_test_id("editor.field.v.inbound.2.ports.0.port")).to_have_value("7000-7010")
    press(page, "editor.do.removeRule:inbound.2")
    expect(rules).to_have_count(2)
    page.get_by_test_id("editor.discard").click()
    page.wait_for_url("**/policies/**")


def test_the_focus_stays_where_it_was(workshop, open_page):
    page = edit(open_page, workshop, copied(workshop, "commented"))
    field = page.get_by_test_id("editor.field.v.inbound.1.ports.0.port")
    field.focus()
    field.fill("8443")
    exchanged(page, lambda: page.keyboard.press("Tab"))
    focused = page.evaluate("document.activeElement.id")
    assert focused and "transport" in focused
    page.get_by_test_id("editor.side.checks").focus()
    exchanged(page, lambda: page.keyboard.press("Enter"))
    expect(page.get_by_test_id("editor.side.checks")).to_be_focused()


def test_documents_of_one_file_are_edited_apart(workshop, open_page):
    path = copied(workshop, "several")
    page = edit(open_page, workshop, path)
    exchanged(page, lambda: page.get_by_role("button", name=re.compile("second")).click())
    fill(page, "editor.field.v.inbound.1.ports.0.port", "8444")
    before = workshop.file(path).read_text()
    assert text(page) == before.replace("8443", "8444")


def test_the_text_editor_leaves_tab_to_the_page(workshop, open_page):
    page = edit(open_page, workshop, copied(workshop, "commented"), "yaml")
    page.evaluate("document.querySelector('.CodeMirror').CodeMirror.focus()")
    before = text(page)
    page.keyboard.press("Tab")
    assert text(page) == before
    assert page.evaluate("document.activeElement.closest('.CodeMirror') === null")


@pytest.mark.parametrize("template", ["drop-outbound", "allow-inbound-http"])
def test_templates_of_before_start_disabled(workshop, open_page, template):
    page = open_page(workshop, "/e/production/policies/new", user="admin")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_test_id(f"new.template.{template}").check()
    page.get_by_label("Namespace", exact=True).fill("shop")
    page.get_by_label("Labels of the pods").fill("app=web")
    page.get_by_label("Name", exact=True).fill(f"from-{template}")
    page.get_by_test_id("new.continue").click()
    page.wait_for_selector("form[data-editor]")
    assert page.get_by_label("File").input_value() == f"disabled/shop/from-{template}.yaml"
    expect(page.get_by_test_id("editor.summary")).to_contain_text("app=web")
    page.get_by_test_id("editor.save").click()
    page.wait_for_url(lambda url: "/policies/new" not in url)
    assert workshop.file(f"disabled/shop/from-{template}.yaml").exists()


def test_a_new_policy_is_written_from_a_text(workshop, open_page):
    page = open_page(workshop, "/e/production/policies/new", user="admin")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_label("File").fill("shop/pasted.yaml")
    pasted = workshop.file("shop/several.yaml").read_text().split("---\n")[1].replace("second", "pasted")
    page.get_by_label("Policy text").fill(pasted)
    page.get_by_role("button", name="Open in the editor").click()
    page.wait_for_selector("form[data-editor]")
    expect(page.get_by_test_id("editor.summary")).to_contain_text("app=pasted")
    save(page)
    assert workshop.file("shop/pasted.yaml").read_text() == pasted


def test_ac_42_a_draft_outlives_the_session(workshop, open_page):
    path = copied(workshop, "commented")
    page = edit(open_page, workshop, path, "both")
    broken = text(page).replace("    - fromEndpoints:", "\t- fromEndpoints:", 1)
    write(page, broken)
    page.context.clear_cookies()
    page.get_by_test_id("editor.check").click()
    page.wait_for_url("**/login**")
    sign_in_here(page)
    page.wait_for_selector("form[data-editor]")
    assert page.locator("#editor-text").input_value() == broken
    expect(page.get_by_test_id("shell.notice")).to_contain_text("draft")


def sign_in_here(page):
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_typing_in_the_text_is_not_taken_back_by_the_form_beside_it(workshop, open_page):
    page = edit(open_page, workshop, copied(workshop, "commented"), "both")
    write(page, text(page).replace('port: "8080"', 'port: "8443"', 1))
    assert 'port: "8443"' in text(page)
    expect(page.get_by_test_id("editor.field.v.inbound.1.ports.0.port")).to_have_value("8443")
    fill(page, "editor.field.v.inbound.1.ports.0.port", "8444")
    assert 'port: "8444"' in text(page)

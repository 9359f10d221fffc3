# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Palisade authors
"""Servers with known data, a browser, and people who sign in."""

import json
import os
import pathlib
import re
import select
import shutil
import socket
import subprocess
import tempfile
import time

import pytest
from playwright.sync_api import sync_playwright

HERE = pathlib.Path(__file__).parent
PROGRAM = os.environ.get("PALISADE_PROGRAM", str(HERE.parent.parent / ".build/debug/palisade"))
# As an expression that is called: the file begins with a comment, and a text that is only a function is not evaluated.
ACCESSIBILITY = "(\n" + (HERE / "accessibility.js").read_text() + "\n)()"
PASSWORD = "correct horse battery staple"


class Server:
    """The program as a child, ready to be asked; `arguments` begin with its command."""

    def __init__(self, data, arguments=("server", "--demo"), ready="Ready", port=None):
        self.data = data
        self.log = tempfile.TemporaryFile()
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [PROGRAM, *arguments, "--data", data, "--listen", f"127.0.0.1:{self.port}"],
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        self._wait(ready)
        link = re.search(r"http\S+/setup\S*", self.messages())
        self.setup_link = link.group(0) if link else None

    def messages(self):
        self.log.flush()
        return os.pread(self.log.fileno(), 1 << 20, 0).decode(errors="replace")

    def _wait(self, ready):
        deadline = time.monotonic() + 120
        while ready not in self.messages():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                raise RuntimeError("the server is not ready: " + self.messages())
            select.select([], [], [], 0.05)

    def command(self, *words, text=None):
        """Runs the CLI as the owner of the data directory; what it prints."""
        result = subprocess.run(
            [PROGRAM, *words, "--data", self.data], input=text, capture_output=True, text=True, timeout=120
        )
        assert result.returncode == 0, f"{words}: {result.returncode}\n{result.stderr}"
        return result.stdout

    def file(self, path, environment="production"):
        """A policy file of an environment."""
        return pathlib.Path(self.data) / "environments" / environment / "policies" / path

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def people(server):
    """Makes an administrator, a viewer of everything, and an author of one namespace."""
    for name, grant in [
        ("admin", "admin@everywhere"),
        ("viewer", "viewer@everywhere"),
        ("shopkeeper", "author@namespace/production/shop"),
    ]:
        server.command("user", "create", name, "--password-stdin", "--grant", grant, text=PASSWORD + "\n")


@pytest.fixture(scope="session")
def demo_data():
    """Data that every server of these tests starts from."""
    data = tempfile.mkdtemp(prefix="palisade-browser-", dir="/tmp")
    subprocess.run([PROGRAM, "demo-data", "--data", data], check=True, capture_output=True, timeout=300)
    yield data
    shutil.rmtree(data, ignore_errors=True)


def served(demo_data, change=lambda data: None):
    data = tempfile.mkdtemp(prefix="palisade-served-", dir="/tmp")
    shutil.copytree(demo_data, data, dirs_exist_ok=True)
    change(pathlib.Path(data))
    server = Server(data)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(data, ignore_errors=True)


@pytest.fixture(scope="session")
def server(demo_data):
    """For tests that only look; `admin`, `viewer` and `shopkeeper` can sign in."""
    for server in served(demo_data):
        people(server)
        yield server


@pytest.fixture(scope="session")
def workshop(demo_data):
    """For tests that change policies: each a file of its own."""

    def change(data):
        samples(data / "environments/production/policies")
        # One environment without recorded traffic.
        for file in (data / "environments/edge-7").glob("flows.sqlite*"):
            file.unlink()

    for server in served(demo_data, change):
        people(server)
        yield server


@pytest.fixture()
def fresh(demo_data):
    """Nobody has an account yet."""
    yield from served(demo_data)


def samples(policies):
    """Policies of the editor's tests; their pods do not exist, so that no traffic of others changes."""
    for path in (HERE / "policies").iterdir():
        target = policies / "shop" / path.name
        # The one with the line ends of Windows is kept with those of everybody.
        text = path.read_bytes()
        target.write_bytes(text.replace(b"\n", b"\r\n") if path.name == "windows.yaml" else text)


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


class Watch:
    """What a page may never do, collected while it is used."""

    def __init__(self, page, server):
        self.findings = []
        self.expected_statuses = set()
        self.is_offline = False
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.findings.append(f"error: {error}"))
        page.on("request", lambda request: self._request(request, server))
        page.on("response", self._response)

    def _console(self, message):
        if message.type != "error" or self.is_offline:
            return
        if not any(f"status of {status}" in message.text for status in self.expected_statuses):
            self.findings.append(f"console: {message.text}")

    def _request(self, request, server):
        if not request.url.startswith((server.url + "/", "data:", "blob:")):
            self.findings.append(f"request to another origin: {request.url}")

    def _response(self, response):
        if response.status >= 400 and response.status not in self.expected_statuses:
            self.findings.append(f"{response.status}: {response.url}")


@pytest.fixture(scope="session")
def sessions(chromium):
    """Cookies by server and user: each signs in once."""
    return {}


@pytest.fixture()
def open_page(chromium, sessions):
    """Opens pages of a server; at the end none of them may have done what pages must not."""
    contexts = []
    watches = []

    def open_(server, path="/", *, user=None, size=(1440, 900), theme=None, expect=(), **options):
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=theme,
            timezone_id="UTC",
            storage_state=session(chromium, sessions, server, user) if user else None,
            **options,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.watch = Watch(page, server)
        page.watch.expected_statuses |= set(expect)
        watches.append(page.watch)
        page.goto(server.url + path)
        ready(page)
        return page

    yield open_
    for context in contexts:
        context.close()
    findings = [finding for watch in watches for finding in watch.findings]
    assert findings == []


def session(chromium, sessions, server, user):
    key = (server.url, user)
    if key not in sessions:
        context = chromium.new_context()
        sign_in(context.new_page(), server, user)
        sessions[key] = context.storage_state()
        context.close()
    return sessions[key]


def sign_in(page, server, user, password=PASSWORD):
    page.goto(server.url + "/login")
    page.get_by_label("User name").fill(user)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector('body[data-ready="true"] .menu.user')


def ready(page):
    page.wait_for_selector('body[data-ready="true"]')


def go(page, server, path):
    page.goto(server.url + path)
    ready(page)


def accessibility(page):
    """Findings of the accessibility script on the page as it is."""
    return page.evaluate(ACCESSIBILITY)


def texts(locator):
    return [" ".join(text.split()) for text in locator.all_inner_texts()]


def audited(server, action):
    """Entries of the audit log with an action."""
    entries = json.loads(server.command("audit", "list", "--action", action, "-o", "json"))
    return entries.get("items", entries) if isinstance(entries, dict) else entries

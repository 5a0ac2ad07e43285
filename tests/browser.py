"""A real browser before a real server. It notes what no page may do, and says where to get one.

Playwright runs an event loop in its thread as long as it is started, so a module stops it before
the next one's tests run loops of their own.
"""

from __future__ import annotations

import importlib
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

import pytest
import uvicorn

from search.project.project import Project
from search.web.app import create_app
from search.web.serving import open_socket

if TYPE_CHECKING:
    from playwright.sync_api import (
        Browser,
        ConsoleMessage,
        Dialog,
        Locator,
        Page,
        Request,
    )
    from playwright.sync_api._generated import LocatorAssertions

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Shifts that a person asked for by a key or a click do not count (the browser's own measure).
_COUNT_SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifted += one.value;
}).observe({type: "layout-shift", buffered: true});
"""
# How long to wait for what a page must show; only a failure takes so long.
_PATIENCE_MS = 60_000


def need_browser() -> None:
    """Skip a module's tests where there is no browser, but fail in CI. For the module's top.

    Playwright is missing where only the README's test command was run, in CI too; the step that
    has it sets DATELINE_BROWSER.
    """
    required = os.environ.get("DATELINE_BROWSER") == "required"
    try:
        importlib.import_module("playwright.sync_api")
    except ImportError:
        _missing("no Playwright: pip install -e '.[browser]'", required=required)
    if not _executable():
        required = required or bool(os.environ.get("CI"))
        _missing(
            "no Chromium: install one, or set DATELINE_CHROMIUM to its path", required=required
        )


def _missing(what: str, *, required: bool) -> NoReturn:
    said = f"{what} (CONTRIBUTING.md, “In a browser”)"
    if required:
        pytest.fail(said)
    pytest.skip(said, allow_module_level=True)


def _executable() -> str:
    """The browser that DATELINE_CHROMIUM names, else the system's; "" if there is none."""
    named = os.environ.get("DATELINE_CHROMIUM", "")
    return next(filter(None, map(shutil.which, [named] if named else _NAMES)), "")


@contextmanager
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    # Chromium's sandbox does not start for root.
    options = ["--no-sandbox"] if hasattr(os, "getuid") and os.getuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=_executable(), args=options)
        try:
            yield started
        finally:
            started.close()


@contextmanager
def server(folder: Path, now: datetime) -> Iterator[str]:
    """The address of a server over a project, in a thread."""
    listening = open_socket("127.0.0.1", 0)
    with Project.open(folder, now=now) as project:
        config = uvicorn.Config(create_app(project), log_level="warning", ws="none")
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            running.should_exit = True
            thread.join()
            listening.close()


def expect(locator: Locator) -> LocatorAssertions:
    """What a page must show, sooner or later: the assertions wait for it."""
    from playwright.sync_api import expect

    expect.set_options(timeout=_PATIENCE_MS)
    return expect(locator)


@dataclass
class Visit:
    """A page in a context of its own, and what it did that no page may.

    It has no slots, because Playwright notes on it what its methods listen to.
    """

    page: Page
    base: str
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.page

    @property
    def path(self) -> str:
        """The page's path and parameters, without a fragment."""
        return self.page.url.removeprefix(self.base).partition("#")[0]

    def wait_for_fault(self, beginning: str) -> None:
        """Wait until the page has done something that begins so, and forget all that it did."""
        deadline = time.monotonic() + _PATIENCE_MS / 1_000
        while not any(fault.startswith(beginning) for fault in self.faults):
            assert time.monotonic() < deadline, self.faults
            self.page.wait_for_timeout(20)
        self.faults.clear()

    def shifted(self) -> float:
        """How far the layout has moved by itself since the page was loaded."""
        self.page.wait_for_load_state("load")
        # Shifts are told with the frame after the one that they were drawn in.
        self.page.evaluate(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        return float(self.page.evaluate("window.shifted"))

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        width = "document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(width))

    def violations(self) -> list[str]:
        """What axe finds wrong, by rule and element."""
        from axe_playwright_python.sync_playwright import Axe

        if self.page.evaluate("typeof axe === 'undefined'"):
            self.page.evaluate(Axe().axe_script)
        # None of these rules reads style sheets, and loading them may take too long.
        options = {"runOnly": _RULES, "resultTypes": ["violations"], "preload": False}
        found = self.page.evaluate("options => axe.run(options)", options)
        return [
            f"{rule['id']}: {node['html'][:160]}: {node['failureSummary']}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    def _watch(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda err: self.faults.append(f"error: {err}"))
        self.page.on("request", self._asked)
        self.page.on("requestfailed", self._failed)
        self.page.on("dialog", self._asked_back)
        self.page.set_default_timeout(_PATIENCE_MS)

    def _said(self, message: ConsoleMessage) -> None:
        # Chromium reports answers such as 404 too; what violates the policy is an error as well.
        if message.type in {"error", "warning"} and "the server responded" not in message.text:
            self.faults.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        at = urlsplit(request.url)
        if at.scheme != "data" and f"{at.scheme}://{at.netloc}" != self.base:
            self.faults.append(f"elsewhere: {request.url}")

    def _failed(self, request: Request) -> None:
        # A page may give up what it has asked for, and does when it is left.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"failed: {request.url}: {request.failure}")

    def _asked_back(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@contextmanager
def visit(chromium: Browser, base: str, **options: Any) -> Iterator[Visit]:
    """A visitor with nothing remembered. At the end, no page may have done what none may."""
    context = chromium.new_context(**options)
    try:
        if options.get("java_script_enabled", True):
            context.add_init_script(_COUNT_SHIFTS)
        visitor = Visit(context.new_page(), base)
        visitor._watch()
        yield visitor
        assert not visitor.faults
    finally:
        context.close()

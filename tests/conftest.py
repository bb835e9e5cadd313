"""What many tests share: one real build a session, a server for it, a browser."""

from __future__ import annotations

import fcntl
import functools
import http.server
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup, SoupStrainer
from pelican.settings import read_settings

from plugins.common_thread.site import Site as PlannedSite
from plugins.common_thread.site import make_site
from plugins.crosslinks.graph import Graph
from plugins.library.cache import FOLDER, PARTS
from plugins.library.entries import Entry, Library
from plugins.problems import Problems
from publish.addresses import address_faults
from publish.build import build
from publish.headers import headers_for
from tests.fonts import only_these_fonts
from tests.temp import pytest_configure, pytest_sessionfinish, pytest_unconfigure

__all__ = ["pytest_configure", "pytest_sessionfinish", "pytest_unconfigure"]

ROOT = Path(__file__).resolve().parent.parent
# The shell without windows does the same with much less work.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for name in BROWSERS if (path := shutil.which(name))), None)
PATIENCE = 120_000
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


def pytest_sessionstart() -> None:
    """Let commands hear the signals that tests send them, however the run was started (``nohup … &``).

    What is ignored here is ignored by all that is started from here; what is handled is not.
    """
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what spoils a copy of the whole library: each of these reads or builds all of it anew.

    And what needs a browser as that.  One whose name has a place in memory is another one in each worker.
    """
    if fleeting := next((item.nodeid for item in items if " at 0x" in item.nodeid), ""):
        raise pytest.UsageError(f"a test has to be called the same in every process: {fleeting}")
    for item in items:
        for fixture, mark in (("content", pytest.mark.slow), ("chromium", pytest.mark.browser)):
            if fixture in _fixtures(item):
                item.add_marker(mark)


def _fixtures(item: pytest.Item) -> set[str]:
    """Return the fixtures that a test asks for: values that it is called with may have the same names."""
    called_with = item.callspec.params if hasattr(item, "callspec") else {}
    return {*getattr(item, "fixturenames", ())} - {*called_with}


@dataclass(frozen=True)
class Site:
    """A finished build and what it was made from."""

    output: Path
    library: Library
    graph: Graph[Entry]
    planned: PlannedSite

    def soup(self, address: str) -> BeautifulSoup:
        """Return the parsed page at a site-absolute address."""
        return BeautifulSoup(self.file(address).read_text(encoding="utf-8"), "html.parser")

    def about(self, address: str) -> BeautifulSoup:
        """Return what a page says of itself: title, meta, link and script, wherever they stand in it."""
        return _about(self.file(address))

    def file(self, address: str) -> Path:
        """Return the file of a page at a site-absolute address."""
        name = address.lstrip("/")
        return self.output / (f"{name}index.html" if not name or name.endswith("/") else name)


@functools.cache
def _about(page: Path) -> BeautifulSoup:
    """Read it once: several tests ask for it of all pages, and whole trees would fill the memory."""
    wanted = SoupStrainer(["title", "meta", "link", "script"])
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser", parse_only=wanted)


def content_of(soup: BeautifulSoup, selector: str, name: str = "content") -> str:
    """Return an attribute of the first element that a selector finds, or nothing if there is none."""
    tag = soup.select_one(selector)
    return str(tag[name]) if tag else ""


@pytest.fixture(scope="session")
def cache() -> Path:
    """Return the project's own cache, so that no test has to draw again what is drawn already."""
    folder = ROOT / ".cache"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """One real build of the whole library, for all workers: the first one makes it, the others plan it.

    Nobody writes to it.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with (shared / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # which a worker that is killed lets go
        return _the_site(shared / "site")


def _the_site(output: Path) -> Site:
    """Build the site, unless that is done."""
    if not output.exists():
        made = build(output).site
        assert list(address_faults(output, made.frame.origin)) == []
    else:
        made = make_site(read_settings(str(ROOT / "pelican.conf.py")), Problems())
    return Site(output, made.resolved.library, made.resolved.graph, made)


@pytest.fixture
def content(tmp_path: Path, cache: Path) -> Path:
    """Return a copy of the library's content, to be spoilt.

    What is drawn from it comes from the project's cache; schemas, which name its entries, do not go there.
    """
    folder = Path(shutil.copytree(ROOT / "content", tmp_path / "project" / "content"))
    own = folder.parent / FOLDER
    own.mkdir()
    for part in {*PARTS} - {"schemas"}:
        (cache / part).mkdir(exist_ok=True)
        (own / part).symlink_to(cache / part)
    return folder


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files as a simple host would, with the site's own 404 page."""

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""

    def end_headers(self) -> None:
        """Send the strict policy the real servers send."""
        for name, value in headers_for(urlsplit(self.path).path).items():
            if name.lower() not in ("content-type", "strict-transport-security"):
                self.send_header(name, value)
        super().end_headers()


def serve(folder: Path) -> Iterator[str]:
    """Serve ``folder`` on a free port, with the real servers' headers, and yield its address."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def served(site: Site) -> Iterator[str]:
    """Serve the session's build."""
    yield from serve(site.output)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A headless Chromium that sees no font of this machine.

    Without one the browser tests skip by name, and fail in CI.
    """
    if CHROMIUM is None:
        message = "Chromium is not installed (apt-get install chromium-headless-shell)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as playwright:
        browser: Any = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-background-networking"],
            env={**only_these_fonts(tmp_path_factory.mktemp("fonts"), os.environ)},
        )
        make_context = browser.new_context
        browser.new_context = lambda **options: _patient(make_context(**options))
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()


def _patient(context: Any) -> Any:
    """Let a busy machine take its time: what is waited for comes, or never will."""
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture(scope="session")
def axe() -> str:
    """Return the axe-core script; without it the tests skip by name, and fail in CI."""
    if not AXE.is_file():
        message = "axe-core is not installed (npm ci)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return AXE.read_text(encoding="utf-8")

"""Reading offline: nothing is stored unasked, what is kept opens, and one button removes it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from plugins.offline.worker import write_worker
from tests.browser.waiting import settle, until
from tests.conftest import Site, serve

pytestmark = pytest.mark.browser
KEPT = (
    "caches.keys().then(async names => "
    "(await (await caches.open(names.at(-1))).keys()).map(r => new URL(r.url)))"
)


def open_panel(page: Any) -> None:
    """Follow the link at the foot of the page to what can be kept."""
    page.get_by_role("link", name="Read offline").click()
    page.locator("keep-offline:defined").wait_for()


def keep(page: Any, what: str) -> None:
    """Press one of the buttons, once there is somebody to hear it, and wait until it is done."""
    page.locator("keep-offline:defined").wait_for()
    page.get_by_role("button", name=what).click()
    page.locator(".offline__status", has_text="are kept on this device").wait_for()


def paths(page: Any) -> set[str]:
    """Return the paths of everything in the newest cache; none may have a query or a fragment."""
    found = page.evaluate(f"{KEPT}.then(urls => urls.map(url => [url.pathname, url.search + url.hash]))")
    assert {rest for _, rest in found} == {""}
    return {path for path, _ in found}


def wait_until_kept(page: Any, path: str) -> None:
    """Wait until the worker, which works beside the page, has kept a path."""
    until(page, f"() => {KEPT}.then(urls => urls.some(url => url.pathname === '{path}'))")


def test_without_script_nothing_is_offered(plain: Any) -> None:
    """Buttons that could do nothing are not shown, and the page says why."""
    plain.goto("/offline/")
    assert plain.locator("button:visible").count() == 0
    assert "script is off" in plain.locator("main").inner_text()


def test_nothing_is_stored_unless_the_reader_asks(page: Any) -> None:
    """Reading, finding and opening the settings leave no worker and no cache behind."""
    for address in ("/", "/finder/#time=5", "/about/"):
        page.goto(address)
    open_panel(page)
    settle(page)
    assert not page.get_by_role("button", name="Remove all that is kept").is_visible()
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(found => found.length)") == 0
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_pages_that_were_opened_open_again_without_a_network(site: Site, page: Any) -> None:
    """Others give a page that says so and lists what is there."""
    page.goto("/about/")
    open_panel(page)
    keep(page, "Keep the pages I open")
    page.goto("/strategies/show-empathy/")
    wait_until_kept(page, "/strategies/show-empathy/")
    page.context.set_offline(True)
    page.goto("/strategies/show-empathy/")
    assert page.get_by_role("heading", level=1).inner_text() == site.library.entries["show-empathy"].title
    page.goto("/strategies/keep-your-word/")
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is not on your device")
    expect(page.locator("kept-pages a[href='/strategies/show-empathy/']")).to_have_count(1)
    assert not page.get_by_role("button", name="Keep the pages I open").is_visible()


def test_a_choice_or_a_result_is_never_part_of_what_is_kept(page: Any) -> None:
    """Pages are kept under their bare address."""
    page.goto("/about/")
    open_panel(page)
    keep(page, "Keep the pages I open")
    page.goto("/finder/?obstacle=shaken-trust")
    wait_until_kept(page, "/finder/")
    assert "/finder/" in paths(page)


def test_finding_a_safety_page_does_not_tell_that_it_was_read(page: Any) -> None:
    """Pages with a quick exit are kept for everybody; the way out is kept for nobody."""
    page.goto("/about/")
    open_panel(page)
    keep(page, "Keep the pages I open")
    found = paths(page)
    assert {"/guides/when-it-does-not-feel-safe/", "/faq/afraid-of-them/"} <= found
    assert not any(path.startswith("/exit") for path in found)


def test_the_whole_library_can_be_kept_and_searched(site: Site, page: Any) -> None:
    """Every page opens and the search works, all without a network."""
    page.goto("/about/")
    open_panel(page)
    keep(page, "Keep the whole library")
    assert {entry.url for entry in site.library.pages() if entry.slug != "404"} <= paths(page)
    page.context.set_offline(True)
    page.goto("/search/")
    page.get_by_role("searchbox").fill("phone")
    page.locator(".search__status", has_text="found").wait_for()
    assert page.locator(".search__result").count() > 1


def test_one_button_removes_everything(page: Any) -> None:
    """No cache and no worker is left."""
    page.goto("/about/")
    open_panel(page)
    keep(page, "Keep the pages I open")
    page.get_by_role("button", name="Remove all that is kept").click()
    page.locator(".offline__status", has_text="Nothing is kept on this device any more").wait_for()
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(found => found.length)") == 0
    assert page.locator(".offline__kept").is_hidden()


@pytest.fixture
def changing(site: Site, tmp_path: Path, chromium: Any) -> Iterator[tuple[Path, Any]]:
    """Yield a build that may be changed and a page of it, on which one page is kept."""
    output = Path(shutil.copytree(site.output, tmp_path / "output"))
    for address in serve(output):
        context = chromium.new_context(base_url=address)
        page = context.new_page()
        page.goto("/offline/")
        keep(page, "Keep the pages I open")
        for path in ("/about/", "/privacy/"):
            page.goto(path)
            wait_until_kept(page, path)
        yield output, page
        context.close()


def change(output: Path, site: Site) -> None:
    """Publish a second version of two pages."""
    for name in ("about", "privacy"):
        path = output / name / "index.html"
        path.write_text(path.read_text(encoding="utf-8").replace("</h1>", " (new)</h1>"), encoding="utf-8")
    write_worker(output, site.planned.pages)


def update(page: Any) -> str:
    """Let the browser look for a new worker; return what became of it: "activated" or "redundant"."""
    return str(
        page.evaluate(
            """async () => {
              const found = await navigator.serviceWorker.ready;
              const coming = new Promise((done) =>
                found.addEventListener("updatefound", () => done(found.installing)));
              await found.update();
              const worker = await coming;
              return new Promise((done) => {
                const tell = () => ["activated", "redundant"].includes(worker.state) && done(worker.state);
                worker.addEventListener("statechange", tell);
                tell();
              });
            }"""
        )
    )


def test_a_new_version_takes_over_with_all_that_was_kept(changing: tuple[Path, Any], site: Site) -> None:
    """Both pages are the new ones, read without a network."""
    output, page = changing
    change(output, site)
    assert update(page) == "activated"
    page.context.set_offline(True)
    for address in ("/about/", "/privacy/"):
        page.goto(address)
        assert page.get_by_role("heading", level=1).inner_text().endswith("(new)")


def test_a_version_that_is_not_complete_never_takes_over(changing: tuple[Path, Any], site: Site) -> None:
    """If one file is not what the list says, everything stays as it was: no stale half."""
    output, page = changing
    change(output, site)
    privacy = output / "privacy" / "index.html"
    privacy.write_text(privacy.read_text(encoding="utf-8") + "<!-- half -->", encoding="utf-8")
    assert update(page) == "redundant"
    page.context.set_offline(True)
    for address in ("/about/", "/privacy/"):
        page.goto(address)
        assert not page.get_by_role("heading", level=1).inner_text().endswith("(new)")

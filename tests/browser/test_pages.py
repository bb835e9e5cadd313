"""Every page in a real browser: reachable by everyone, quiet, and never wider than the screen."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Site

ONE_OF_EACH = (
    "/",
    "/guides/",
    "/guides/an-eight-step-path-to-closeness/",
    "/guides/when-it-does-not-feel-safe/",
    "/strategies/",
    "/strategies/show-empathy/",
    "/obstacles/",
    "/obstacles/lack-of-energy/",
    "/signs/",
    "/signs/trust/",
    "/benefits/",
    "/benefits/support/",
    "/faq/",
    "/faq/too-tired-to-connect/",
    "/talks/",
    "/talks/both-locks/",
    "/quizzes/",
    "/map/",
    "/evidence/",
    "/about/",
    "/404.html",
)
PARTS = 6
"""So many tests share the pages, for workers to share the tests."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
pytestmark = pytest.mark.browser


def every_page(site: Site) -> list[str]:
    """Return the address of every page of the build that readers can land on."""
    pages = [
        path
        for path in sorted(site.output.rglob("*.html"))
        if 'http-equiv="refresh"' not in path.read_text("utf-8")
    ]
    return ["/" + path.relative_to(site.output).as_posix().removesuffix("index.html") for path in pages]


def faults_of(page: Any, axe: str) -> list[str]:
    """Return axe's violations on the page as it stands."""
    page.evaluate(axe)
    result = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    return [
        f"{page.url}: {violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_pages_are_open_to_everyone_and_quiet(
    site: Site, served: str, chromium: Any, axe: str, width: int, scheme: str, part: int
) -> None:
    """No violation of WCAG 2.2 AA or best practice, nothing to scroll sideways, a quiet console and network.

    Every page on a phone of 320 CSS pixels, one of each kind on a dark desktop.
    """
    pages = every_page(site) if scheme == "light" else ONE_OF_EACH
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    faults: list[str] = []
    page.on(
        "console", lambda said: faults.append(f"{page.url}: {said.text}") if said.type == "error" else None
    )
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("request", lambda request: None if request.url.startswith(served) else faults.append(request.url))
    for address in pages[part::PARTS]:
        if not page.goto(served + address, wait_until="load").ok and address != "/404.html":
            faults.append(f"{address} did not load")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{address} is wider than the screen")
        page.evaluate("document.querySelectorAll('details:not([name])').forEach(item => item.open = true)")
        faults += faults_of(page, axe)
    context.close()
    assert faults == []


@pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])
def test_text_is_there_and_nothing_is_stored(served: str, chromium: Any, script: bool) -> None:
    """The words of a page do not depend on scripts, and reading stores nothing."""
    context = chromium.new_context(java_script_enabled=script)
    page = context.new_page()
    for address in ONE_OF_EACH[:-1]:
        page.goto(served + address)
        assert page.locator("main h1").inner_text()
        assert len(page.locator("main").inner_text()) > 300
    assert context.storage_state() == {"cookies": [], "origins": []}
    context.close()


def test_skip_link_leads_past_the_header(served: str, chromium: Any) -> None:
    """The first Tab stop is the skip link, it becomes visible, and it moves the focus to the text."""
    page = chromium.new_page()
    page.goto(served + "/strategies/show-empathy/")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert "Skip" in focused.inner_text()
    box = focused.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()

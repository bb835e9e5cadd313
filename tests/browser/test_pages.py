"""Every page in a real browser: reachable by everyone, quiet, and never wider than the screen."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

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
WHOLE_SWEEP = bool(os.environ.get("EVERY_PAGE"))
"""``EVERY_PAGE=1`` lets axe look at all pages; otherwise at enough of them to see all that there is."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
pytestmark = pytest.mark.browser


def every_page(site: Site) -> list[str]:
    """Return the address of every page of the build that readers can land on."""
    pages = [
        path
        for path in sorted(site.output.rglob("*.html"))
        # Copies for frames are looked at in test_framed.py: they are all alike.
        if path.parent.name != "embed" and 'http-equiv="refresh"' not in path.read_text("utf-8")
    ]
    return ["/" + path.relative_to(site.output).as_posix().removesuffix("index.html") for path in pages]


def _look(node: LexborNode | None) -> tuple[str, ...]:
    """Return what a style sheet sees of an element."""
    return (node.tag or "", *sorted((node.attributes.get("class") or "").split())) if node else ()


def traits(html: str) -> Iterator[tuple[object, ...]]:
    """Yield all that axe's rules go by: each element in its parent, which attributes it has, whether empty.

    And which heading follows which.
    """
    tree = LexborHTMLParser(html)
    for node in tree.css("*"):
        names = tuple(sorted(name for name in node.attributes if name != "class"))
        yield _look(node.parent), _look(node), names, node.attributes.get("role"), not node.text(strip=True)
    yield from pairwise(node.tag for node in tree.css("h1, h2, h3, h4, h5, h6"))


def telling(pages: Mapping[str, set[tuple[object, ...]]]) -> set[str]:
    """Return pages that have between them every trait that any page has, the richest first."""
    chosen: set[str] = set()
    left = set().union(*pages.values())
    while left:
        best = max(pages, key=lambda address: len(pages[address] & left))
        chosen.add(best)
        left -= pages[best]
    return chosen


def looked_at(site: Site) -> set[str]:
    """Return the pages that axe looks at on a phone: one of each kind, and all that have something rare."""
    every = every_page(site)
    if WHOLE_SWEEP:
        return set(every)
    pages = {address: set(traits(site.file(address).read_text("utf-8"))) for address in every}
    return telling(pages) | set(ONE_OF_EACH)


@pytest.mark.parametrize(
    "html",
    [
        "<p class=rare>x</p>",
        "<div><p>x</p></div>",
        "<p hidden>x</p>",
        "<p></p>",
        "<p role=note>x</p>",
        "<h1>x</h1><h3>x</h3>",
    ],
)
def test_a_page_with_something_rare_is_looked_at(html: str) -> None:
    """A class, a place, an attribute, emptiness, a role or an order of headings that no other page has."""
    usual = "<p>x</p><div>x</div><h1>x</h1><h2>x</h2><h3>x</h3>"
    pages = {f"/{number}/": set(traits(usual)) for number in range(3)}
    assert len(telling(pages)) == 1
    assert "/rare/" in telling({**pages, "/rare/": set(traits(html))})


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

    Every page on a phone of 320 CSS pixels, one of each kind on a dark desktop.  For axe, pages that are
    made of the same parts are the same page.
    """
    pages = every_page(site) if scheme == "light" else ONE_OF_EACH
    looked = looked_at(site)
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
        if address in looked:
            page.evaluate(
                "document.querySelectorAll('details:not([name])').forEach(item => item.open = true)"
            )
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

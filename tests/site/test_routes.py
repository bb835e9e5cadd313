"""Routes: for whom they are, and that those who are not safe are sent another way first."""

from __future__ import annotations

import datetime as dt

import pytest

from plugins.common_thread.kinds import route
from plugins.library.entries import Entry
from plugins.library.text.reading import Reader
from plugins.problems import Problems
from tests.conftest import Site

AWAY = "Not [[when-it-does-not-feel-safe|there]]."
TEXT = f"## When this is not your way\n\n{AWAY}\n\n## Step by step\n\n1. [[listen-well]]\n"


def faults(text: str) -> list[tuple[int, str]]:
    """Return (line, rule) of every fault of a text that begins on line 7."""
    front = route.RouteFront.model_validate(
        {
            "title": "A route",
            "summary": "A route for nobody but the tests of routes, with one stop and a way out before it.",
            "reviewed": dt.date(2026, 11, 28),
            "for": "tests",
        }
    )
    problems = Problems()
    route.check(
        Entry(route.KIND, "r", "content/routes/r.md", front, text, 7), Reader().read(text, 7), problems
    )
    return [(problem.line, problem.rule) for problem in problems.errors]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (TEXT, []),
        (TEXT.replace(AWAY, "Not there."), [(7, "warning-first")]),
        (f"{TEXT.replace(AWAY, 'No.')}\n{AWAY}\n", [(7, "warning-first")]),
    ],
    ids=["in order", "no way out", "too late"],
)
def test_a_route_says_first_for_whom_it_is_not(text: str, found: list[tuple[int, str]]) -> None:
    """The way to the safety guide stands in the first section; a route without it is a fault on its line."""
    assert faults(text) == found


def test_a_route_says_whom_it_is_for(site: Site) -> None:
    """Page, card and twin name the reader it has in mind, and its stops lead back to it."""
    index = site.soup("/routes/")
    for one in site.library.having(route.RouteFront):
        page = site.soup(one.url)
        assert one.front.whom in page.get_text()
        assert one.front.whom in index.get_text()
        assert f"For: {one.front.whom}" in (site.output / one.url.strip("/") / "index.md").read_text("utf-8")
        for stop in site.graph.targets(one, "mentions"):
            if not stop.front.safety:
                assert site.soup(stop.url).select_one(f".backlinks a[href='{one.url}']"), stop.slug

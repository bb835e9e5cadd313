"""Help lines: which of them readers see, what they are told about each, and where it stands."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from plugins.helplines.desk import BLOCKS, open_desk
from plugins.helplines.lines import HelpLine, Helplines, check_helplines, dial, month
from plugins.problems import Problems
from plugins.problems.yaml_data import YamlData

TODAY = dt.date(2026, 11, 28)
COUNTRIES = {"GB": "United Kingdom", "GB-SCT": "Scotland", "IE": "Ireland", "INTL": "Anywhere else"}
OPERATOR = {"kind": "operator", "url": "https://a.example/", "words": "call 0800 1", "date": "2025-03"}
OTHERS = {**OPERATOR, "kind": "others"}
AGAIN = [{"url": "https://b.example/", "date": "2024"}]


def line(**keys: Any) -> HelpLine:
    """Return a line of the UK about abuse, with ``keys`` over it."""
    facts = {
        "region": "GB",
        "topic": "domestic-abuse",
        "name": "A line",
        "phones": ["0800 1"],
        "seen": OPERATOR,
    }
    return HelpLine.model_validate({**facts, **keys})


def advice(*lines: HelpLine) -> Problems:
    """Return what the check of a whole file finds."""
    problems = Problems()
    check_helplines(
        Helplines(countries=COUNTRIES, lines=list(lines)), YamlData({}, {}), "x.yaml", TODAY, problems
    )
    return problems


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ({}, True),
        ({"seen": {**OPERATOR, "kind": "government"}}, True),
        ({"seen": {**OTHERS, "also": AGAIN}}, True),
        ({"seen": OTHERS}, False),
        ({"seen": None}, False),
        ({"seen": None, "checked_on": TODAY}, True),
        ({"seen": OTHERS, "checked_on": TODAY}, True),
        ({"checked_on": dt.date(2001, 1, 1)}, True),
        ({"hold": "It may have moved."}, False),
        ({"hold": "It may have moved.", "checked_on": TODAY}, False),
    ],
)
def test_a_line_needs_a_level_to_be_shown(keys: dict[str, Any], shown: bool) -> None:
    """Checked, or read at first hand or twice; a check long ago hides nothing, a hold does."""
    assert line(**keys).is_shown is shown
    desk = open_desk(Helplines(countries=COUNTRIES, lines=[line(**keys)]), ["GB"])
    assert bool(desk.countries) is shown
    assert desk.has("lines") is shown


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({}, "Seen in a copy of the operator’s page of March 2025; not checked live."),
        (
            {"seen": {**OPERATOR, "kind": "government", "date": None}},
            "Seen in an undated copy of a government page; not checked live.",
        ),
        (
            {"seen": {**OPERATOR, "date": "2003", "also": AGAIN}},
            "Seen in a copy of the operator’s page of 2003, elsewhere in 2024; not checked live.",
        ),
        (
            {"seen": {**OTHERS, "also": AGAIN}},
            "Seen on 2 other sites, the newest copy of March 2025; not checked live.",
        ),
        (
            {"seen": {**OTHERS, "date": None, "also": [{"url": "https://b.example/"}]}},
            "Seen on 2 other sites, undated copies; not checked live.",
        ),
        ({"checked_on": TODAY}, "Checked on the operator’s live page on 28 November 2026."),
    ],
)
def test_the_two_levels_are_told_apart(keys: dict[str, Any], told: str) -> None:
    """Level, whose page and of when, in plain words."""
    assert line(**keys).told == told


def test_dates_and_numbers_in_words() -> None:
    """A month has its name, a year stands alone, and a telephone gets digits only."""
    assert [month(date) for date in ("2022-01-20", "2014-08 or later", "2003")] == [
        "January 2022",
        "August 2014 or later",
        "2003",
    ]
    assert dial("1 800 363-9010") == "18003639010"


def test_overdue_checks_are_advice_and_no_fault() -> None:
    """Editors are reminded after half a year; the line stays."""
    old = line(checked_on=TODAY - dt.timedelta(days=200))
    found = advice(old)
    assert [problem.rule for problem in found.warnings] == ["overdue"]
    assert found.errors == []
    assert advice(line(checked_on=TODAY - dt.timedelta(days=100))).warnings == []


def test_editors_hear_of_what_is_not_shown_and_not_checked() -> None:
    """One word on each line kept back, and one on all that nobody has opened."""
    found = advice(line(), line(name="B", hold="It may have moved."))
    assert [problem.rule for problem in found.warnings] == ["unchecked", "unshown"]
    assert "It may have moved." in found.warnings[1].message


def test_a_country_has_its_parts_first_and_then_all_of_it() -> None:
    """By place, and in each place by topic, abuse first."""
    lines = [
        line(name="Suicide", topic="crisis"),
        line(name="All"),
        line(name="North", region="GB-SCT"),
        line(name="999", topic="emergency", phones=["999"]),
        line(name="County", area="A county"),
    ]
    desk = open_desk(Helplines(countries=COUNTRIES, lines=lines), ["GB"])
    (country,) = desk.countries
    shown = [(place.name, [one.name for one in place.lines]) for place in country.places]
    assert shown == [
        ("Scotland", ["North"]),
        ("United Kingdom", ["All", "Suicide"]),
        ("A county", ["County"]),
    ]
    assert country.number is not None
    assert country.number.name == "999"
    assert [one.name for _, one in country.first] == ["North"]
    assert {block: desk.has(block) for block in BLOCKS} == {
        "emergency": True,
        "cannot-speak": False,
        "lines": True,
        "directories": False,
        "short": True,
        "crisis": True,
    }

"""Help lines: what an editor writes in ``content/data/helplines.yaml``, and what of it readers see.

A line is told at one of two levels: *checked* (an editor opened the live page that day) or
*seen* (read in a stored copy of somebody's page).  What has neither, or was read on one
page of others only, is shown to nobody; that a check is overdue hides nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import reduce
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from plugins.library.filters import MONTHS, day
from plugins.library.loader import future
from plugins.problems import Problems, did_you_mean, shown
from plugins.problems.models import Address, Day, Strict, Text, is_address, validate
from plugins.problems.yaml_data import YamlData

EMERGENCY = ("emergency", "emergency-text")
WHO = {
    "emergency": "emergency",
    "emergency-text": "emergency, without a voice call",
    "domestic-abuse": "domestic abuse",
    "sexual-violence": "sexual violence",
    "men": "for men",
    "lgbt": "for LGBTQ+ people",
    "perpetrator": "if you fear that you may hurt somebody",
    "child": "for children and young people",
    "crisis": "thoughts of suicide, or any crisis",
    "deaf-text": "for Deaf people",
    "police": "police, when it is not urgent",
    "directory": "more help, by country",
}
"""For whom a line is, by topic, in the order in which readers meet the topics."""
Topic = Literal[
    "emergency",
    "emergency-text",
    "domestic-abuse",
    "sexual-violence",
    "men",
    "lgbt",
    "perpetrator",
    "child",
    "crisis",
    "deaf-text",
    "police",
    "directory",
]
CHECK_EVERY = dt.timedelta(days=183)
"""How long a check counts before editors are reminded; readers see the line all the same."""

AnyUrl = Annotated[
    str, Field(pattern=r"^https?://[^\s\"'<>\\^`{|}]+$", max_length=400), AfterValidator(is_address)
]
Digits = Annotated[str, Field(pattern=r"^\+?\d[\d -]*$", max_length=24)]
When = Annotated[str, Field(pattern=r"^(19|20)\d\d(-(0[1-9]|1[0-2])(-\d\d)?)?( or later)?$")]
Region = Annotated[str, Field(pattern=r"^([A-Z]{2}(-[A-Z]{2,3})?|INTL)$")]


class Copy(Strict):
    """A stored copy of a page; ``date`` is left out where nobody knows it."""

    url: AnyUrl
    date: When | None = None


class Seen(Copy):
    """Where a line was read, whose page that is, and the words that stood there."""

    kind: Literal["operator", "government", "others"]
    words: Annotated[str, Field(min_length=5, max_length=160)]
    also: Annotated[list[Copy], Field(default_factory=list)]

    @property
    def is_first_hand(self) -> bool:
        """Tell whether the operator or a government says it, or two others do."""
        return self.kind != "others" or bool(self.also)

    @property
    def told(self) -> str:
        """Return whose page it was, and of when, in a reader's words."""
        newest = max((copy.date for copy in self.also if copy.date), default="")
        if self.kind == "others":
            newest = max(newest, self.date or "")
            age = f"the newest copy of {month(newest)}" if newest else "undated copies"
            return f"Seen on {1 + len(self.also)} other sites, {age}; not checked live."
        whose = "the operator’s page" if self.kind == "operator" else "a government page"
        copy = f"a copy of {whose} of {month(self.date)}" if self.date else f"an undated copy of {whose}"
        later = f", elsewhere in {month(newest)}" if newest[:4] > (self.date or "")[:4] else ""
        return f"Seen in {copy}{later}; not checked live."


class TextWay(Strict):
    """A number for text messages, and the word to send if one is asked for."""

    to: Digits
    say: Annotated[str, Field(pattern=r"^[A-Z]+$", max_length=20)] | None = None


class HelpLine(Strict):
    """One service.  ``region`` is an ISO 3166 code, ``EU`` or ``INTL``; ``area`` a part without a code.

    ``who`` replaces the topic's words; ``editors`` is shown to nobody; ``hold`` says why a line is kept back.
    """

    region: Region
    area: Text | None = None
    topic: Topic
    name: Text
    who: Text | None = None
    phones: Annotated[list[Digits], Field(default_factory=list)]
    texts: Annotated[list[TextWay], Field(default_factory=list)]
    chat: bool = False
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[a-z]+$", max_length=80)] | None = None
    hours: Text | None = None
    cost: Text | None = None
    languages: Text | None = None
    note: Text | None = None
    cannot_speak: Annotated[list[Text], Field(default_factory=list)]
    url: Address | None = None
    seen: Seen | None = None
    checked_on: Day | None = None
    editors: Text | None = None
    hold: Text | None = None

    @property
    def is_shown(self) -> bool:
        """Tell whether readers may see it."""
        return not self.hold and (
            self.checked_on is not None or (self.seen is not None and self.seen.is_first_hand)
        )

    @property
    def for_whom(self) -> str:
        """Return whom or what it is for."""
        return self.who or WHO[self.topic]

    @property
    def facts(self) -> str:
        """Return hours, cost and languages as one sentence, as far as they are known and undisputed."""
        text = "; ".join(fact for fact in (self.hours, self.cost, self.languages) if fact)
        return f"{text[0].upper()}{text[1:]}." if text else ""

    @property
    def site(self) -> str:
        """Return its address as readers say it: the host, without ``www``."""
        return urlsplit(self.url or "").netloc.removeprefix("www.")

    @property
    def told(self) -> str:
        """Return the level, the kind of source and the date, in a reader's words."""
        if self.checked_on:
            return f"Checked on the operator’s live page on {day(self.checked_on)}."
        return self.seen.told if self.seen else ""


class Helplines(Strict):
    """``content/data/helplines.yaml``.  ``countries`` names each region, in the order readers meet them."""

    countries: dict[Region, Text]
    lines: list[HelpLine]


NONE = Helplines.model_construct(countries={}, lines=[])
"""What there is to show where nobody wrote any."""


def read_helplines(data: YamlData, path: str, problems: Problems, *, today: dt.date) -> Helplines:
    """Return the help lines of a file; no check was made on a day to come."""
    helplines = validate(Helplines, data, path, problems)
    if helplines is not None:
        check_helplines(helplines, data, path, today, problems)
    for loc, line in data.lines.items():
        if loc and loc[-1] == "checked_on":
            fault = future(reduce(lambda value, key: value[key], loc, data.value), "checked_on", today)
            if fault:
                problems.add(path, line, *fault)
    return helplines or NONE


def month(date: str) -> str:
    """Return ``2022-01-20`` as "January 2022"; "or later" stays."""
    stamp, _, later = date.partition(" ")
    year, *rest = stamp.split("-")
    named = f"{MONTHS[int(rest[0]) - 1]} {year}" if rest else year
    return f"{named} {later}".rstrip()


def dial(number: str) -> str:
    """Return a number as a telephone wants it: digits only."""
    return re.sub(r"[^\d+]", "", number)


def check_helplines(
    helplines: Helplines, data: YamlData, name: str, today: dt.date, problems: Problems
) -> None:
    """Note what the schema can't see in each line, and tell editors what to check."""
    taken: set[tuple[str, str | None, str]] = set()
    for index, line in enumerate(helplines.lines):
        at = data.line(("lines", index))
        for rule, message, cure in _faults(line, helplines, today):
            problems.add(name, at, rule, f"'{line.name}' {message}", cure)
        key = (line.region, line.area, line.name)
        if key in taken:
            problems.add(
                name, at, "duplicate", f"'{line.name}' is there twice for {line.region}.", "Remove one."
            )
        taken.add(key)
        _advise(line, at, name, today, problems)
    _advise_on_all(helplines, name, problems)


def _faults(line: HelpLine, helplines: Helplines, today: dt.date) -> list[tuple[str, str, str]]:
    found = []
    if line.region not in helplines.countries:
        cure = did_you_mean(line.region, helplines.countries)
        found.append(("region", f"is for the unknown region {shown(line.region)}.", cure))
    if line.chat and not line.url:
        found.append(
            ("way", "has a chat, but no 'url' where it would be.", "Add the 'url', or remove 'chat'.")
        )
    if line.is_shown and not (
        line.phones or line.texts or line.email or line.url or line.cannot_speak or line.note
    ):
        found.append(("way", "gives no way to reach anybody.", "Add 'phones', 'texts', 'email' or 'url'."))
    days = [copy.date for copy in (line.seen, *(line.seen.also if line.seen else ())) if copy and copy.date]
    for date in days:
        if date.split(" ")[0] > today.isoformat():
            found.append(
                ("date", f"was read on {date}, which is still to come.", "Write the day it was read.")
            )
    return found


def _advise(line: HelpLine, at: int, name: str, today: dt.date, problems: Problems) -> None:
    if not line.is_shown:
        why = line.hold or "no operator's or government's page, nor two others, are named in 'seen'."
        cure = "Open the operator's live page and fill in 'checked_on'."
        problems.warn(name, at, "unshown", f"'{line.name}' is not shown to readers: {why}", cure)
    elif line.checked_on and today - line.checked_on > CHECK_EVERY:
        problems.warn(
            name,
            at,
            "overdue",
            f"'{line.name}' was checked on {day(line.checked_on)}, more than six months ago.",
            "Open the operator's live page again and renew 'checked_on'.  Readers still see the line.",
        )


def _advise_on_all(helplines: Helplines, name: str, problems: Problems) -> None:
    unchecked = [line for line in helplines.lines if line.is_shown and not line.checked_on]
    if unchecked:
        message = f"{len(unchecked)} help lines were seen in copies only; nobody has opened their live pages."
        problems.warn(name, 1, "unchecked", message, "Open each, compare, and fill in 'checked_on'.")

"""What the desk shows: plain values, as in every view."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from plugins.library.pages import Link


@dataclass(frozen=True)
class Bar:
    """A number with its share of the largest one in its column, in hundredths; ``low`` is too few."""

    count: int
    share: int
    low: bool = False


@dataclass(frozen=True)
class Covered:
    """An entry and what there is of something for it, a bar each."""

    link: Link
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Source:
    """A study: its id, authors and year, how old it is, and the pages that cite it."""

    id: str
    name: str
    year: int
    cited: Bar
    pages: tuple[Link, ...]


@dataclass(frozen=True)
class Lonely:
    """An entry that few others lead to, or that says little, and which of that it is."""

    link: Link
    why: str


@dataclass(frozen=True)
class Due:
    """An entry, when somebody read it, when it is due again, and how many days that is from now."""

    link: Link
    reviewed: dt.date
    by: str
    due: dt.date
    days: int
    careful: bool


@dataclass(frozen=True)
class Read:
    """How a page reads: its grade, its words, and how many there should be (0: nobody cares)."""

    link: Link
    grade: float
    words: Bar
    least: int
    most: int


@dataclass(frozen=True)
class Column:
    """One column of a picture that counts: how many lie there, and its height in hundredths."""

    label: str
    count: int
    share: int
    low: bool = False


@dataclass(frozen=True)
class Held:
    """An entry that readers do not see yet, the day on which they will (None: a draft), and its file."""

    link: Link
    label: str
    path: str
    day: dt.date | None


@dataclass(frozen=True)
class OutsideLink:
    """An address elsewhere, where it stands, what it answered last, and when it last answered well.

    One that is ``unsure`` may answer people, though it refuses programs.
    """

    url: str
    places: tuple[str, ...]
    said: str
    asked: str
    answered: str
    ok: bool
    unsure: bool = False


@dataclass(frozen=True)
class Changes:
    """What changed since ``name``, by what happened to it; ``why_not`` says why nobody can tell."""

    name: str = ""
    commits: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    why_not: str = ""


@dataclass(frozen=True)
class DeskView:
    """All of the desk."""

    today: dt.date
    entries: int
    obstacles: tuple[Covered, ...]
    signs: tuple[Covered, ...]
    sources: tuple[Source, ...]
    ages: tuple[Column, ...]
    lonely: tuple[Lonely, ...]
    due: tuple[Due, ...]
    grades: tuple[Column, ...]
    pages: tuple[Read, ...]
    held: tuple[Held, ...]
    links: tuple[OutsideLink, ...]
    unasked: int
    changes: Changes
    month: str = ""
    popular: tuple[Covered, ...] = ()

    @property
    def late(self) -> int:
        """Return how many reviews are late."""
        return sum(one.days < 0 for one in self.due)

    @property
    def silent(self) -> int:
        """Return how many addresses elsewhere did not answer."""
        return sum(bool(one.asked) and not (one.ok or one.unsure) for one in self.links)

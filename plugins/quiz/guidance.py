"""Where a result may lead: the one thing a quiz asks of the site around it.

The quiz knows slugs; the site knows what they stand for.  :class:`Guidance` is the port
between them, and what it answers are plain values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Roles:
    """Which kinds of page a quiz may name.

    Those of what it measures, of what may be in the way, of what to try; ``refuge`` is the kind
    of the page that the safety panel leads to.
    """

    measured: str
    in_the_way: str
    to_try: str
    refuge: str = "guide"


@dataclass(frozen=True)
class Target:
    """A page that a result is about or leads to."""

    url: str
    title: str
    summary: str = ""
    first_step: str = ""


@dataclass(frozen=True)
class Tip:
    """One thing to try: why it stands here, how long it takes, its first step, and where more is told.

    ``hints`` are (words, page) of what else belongs to it.
    """

    slug: str
    url: str
    title: str
    because: str
    time: str
    first_step: str
    told_in: Target | None = None
    hints: tuple[tuple[str, Target], ...] = ()


@dataclass(frozen=True)
class Group:
    """Tips under what they help with; ``target`` is None for the rest."""

    target: Target | None
    tips: tuple[Tip, ...]


class Guidance(Protocol):
    """What the site answers to a quiz; every slug it is asked about exists.

    A site that derives from this says only what it knows: for the rest, nothing leads on.
    """

    def target(self, slug: str) -> Target:
        """Return the page of ``slug``."""

    def tips(self, slugs: Sequence[str]) -> tuple[Tip, ...]:
        """Return things to try, in the order asked for."""
        return ()

    def route(self, target: str, in_the_way: Sequence[str], to_try: Sequence[str]) -> tuple[Group, ...]:
        """Return what leads on from a dimension: what may be in the way, each with what helps.

        ``target`` is its page or empty; the others are the quiz's own suggestions.
        """
        return ()

    def ways_past(self, target: str) -> tuple[Group, ...]:
        """Return what leads on from a category that is itself in the way."""
        return ()

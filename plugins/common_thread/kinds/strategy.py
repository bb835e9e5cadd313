"""Strategies: something you do, with the obstacles it helps with and the signs it feeds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from plugins.common_thread.fronts import NamedFront, SteppedFront
from plugins.common_thread.kind import SiteKind, Wording, always
from plugins.common_thread.planner import Planner, links
from plugins.common_thread.views import CardView, EntryView, IndexView
from plugins.crosslinks.relations import RelationType
from plugins.library.entries import Entry
from plugins.library.kinds import Kind
from plugins.library.pages import Link, Reason
from plugins.problems.models import Slug, Slugs, Strict, Text

FITS = {"partner": "Partner", "family": "Family", "friend": "Friend", "coworker": "Colleague"}
"""Whom a strategy fits: value in the front matter to word on the page."""

TIMES = (5, 15, 30)
"""Times a reader may have, in minutes; the finder asks for them."""

Fit = Literal["partner", "family", "friend", "coworker"]


class Addressed(Strict):
    """That a strategy helps with an obstacle, and why."""

    obstacle: Slug
    because: Annotated[str, Field(min_length=20, max_length=240)]


class StrategyFront(SteppedFront):
    """Something you do."""

    time: Text
    minutes: Annotated[int, Field(ge=1, le=600)]
    fits: Annotated[list[Fit], Field(min_length=1)]
    addresses: Annotated[list[Addressed], Field(default_factory=list)]
    strengthens: Slugs
    related: Slugs
    benefits: Slugs


@dataclass(frozen=True)
class StrategyView(EntryView):
    """A strategy: time, whom it suits, a first step; reasons and signs stand after ``slips``."""

    time: str
    suits: str
    first_step: str
    helps_with: tuple[Reason, ...]
    feeds: tuple[Link, ...]
    next: tuple[CardView, ...]


def view(planner: Planner, entry: Entry[StrategyFront]) -> StrategyView:
    """Return what the page of a strategy shows."""
    graph, front = planner.graph, entry.front
    groups = [
        planner.group("Can lead to", graph.targets(entry, "leads-to")),
        planner.group("Tried first for", graph.sources(entry, "starts-with")),
        planner.group("Part of the guides", graph.sources(entry, "gathers")),
        planner.group("Answers the questions", graph.sources(entry, "answers-with")),
        planner.group("Suggested by", graph.sources(entry, "suggests")),
    ]
    drawing = (front.strengthens[0], "strategy") if front.strengthens else ("strategy",)
    return StrategyView(
        **vars(planner.common(entry, drawing, groups)),
        time=front.time,
        suits=suits(entry),
        first_step=front.first_step,
        helps_with=planner.reasons(graph.outgoing(entry, "addresses"), lambda relation: relation.target),
        feeds=links(graph.targets(entry, "strengthens")),
        next=planner.cards(graph.partners(entry, "related")),
    )


def suits(entry: Entry[StrategyFront]) -> str:
    """Return whom a strategy suits, in words."""
    fits = entry.front.fits
    return "anyone close" if len(fits) == len(FITS) else ", ".join(FITS[fit].lower() for fit in fits)


def card_facts(entry: Entry[StrategyFront], brief: bool) -> tuple[str, ...]:
    """Return what a card says of a strategy beside its kind."""
    return (entry.front.time,) if brief else (entry.front.time, suits(entry))


def facts(entry: Entry[StrategyFront]) -> Iterator[str]:
    """Yield what a strategy's twin tells."""
    yield f"Time: {entry.front.time}"
    yield f"Fits: {', '.join(FITS[fit].lower() for fit in entry.front.fits)}"


@dataclass(frozen=True)
class SignGroup:
    """The strategies that feed one sign most: ``id`` is the sign's slug."""

    id: str
    title: str
    drawing: str
    cards: tuple[CardView, ...]


@dataclass(frozen=True)
class StrategyIndexView(IndexView):
    """Strategies, grouped by the sign they feed most."""

    groups: tuple[SignGroup, ...] = ()


def index_view(planner: Planner, kind: Kind, heading: str) -> StrategyIndexView:
    """Return strategies by the sign they feed most."""
    strategies = planner.library.having(StrategyFront)
    groups = tuple(
        SignGroup(
            sign.slug,
            sign.front.plain_title,
            planner.drawing(sign.slug, "sign"),
            planner.cards(one for one in strategies if one.front.strengthens[:1] == [sign.slug]),
        )
        for sign in planner.library.having(NamedFront)
    )
    return StrategyIndexView(kind.name, heading, "", popular=planner.most_read(kind.name), groups=groups)


KIND = SiteKind(
    "strategy",
    "strategies",
    StrategyFront,
    "Strategy",
    "Strategies",
    headings=(
        "What it is",
        "When not to do this",
        "How to do it",
        "Try saying",
        "Common slips",
        "What the research says",
        "For friends, family and work",
    ),
    note=lambda _front: True,
    view=view,
    voices=always,
    framed="strategy_framed",
    thing="Article",
    index=Wording(
        "Strategies",
        "{count} small {thing|things} to do, each with its time, whom it suits and a first step, grouped "
        "by the sign it feeds.",
    ),
    index_view=index_view,
    card_facts=card_facts,
    facts=facts,
    relations=(
        RelationType(
            "addresses",
            "strategy",
            "obstacle",
            "addresses",
            "addresses",
            "is addressed by",
            item_key="obstacle",
        ),
        RelationType("strengthens", "strategy", "sign", "strengthens", "strengthens", "is strengthened by"),
        RelationType("related", "strategy", "strategy", "related", "goes with", "goes with", symmetric=True),
        RelationType("leads-to", "strategy", "benefit", "benefits", "leads to", "comes from"),
    ),
    words=(400, 600),
    keys=(
        "# How long it takes, in words, and as a number to sort by.\ntime: 10 minutes\nminutes: 10\n"
        "# Whom it suits.\nfits: [partner, family, friend]\n"
        "# What somebody can do today, in a few minutes.\nfirst_step: One small thing to do today.\n"
        "# The obstacles it helps with, each with the reason:\n"
        "#   - obstacle: lack-of-energy\n#     because: Why this helps with that, in one sentence.\n"
        "addresses: []\n"
        "# The signs it feeds, the main one first.\nstrengthens: []\n"
        "# Other strategies that go with it; the other side need not say so.\nrelated: []\n"
        "# Where it can lead.\nbenefits: []\n"
    ),
)

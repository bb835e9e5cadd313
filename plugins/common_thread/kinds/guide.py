"""Guides: longer reads, with a table of contents and steps to tick off."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import Field

from plugins.common_thread.indexes import tile_index
from plugins.common_thread.kind import SiteKind, Wording, always
from plugins.common_thread.planner import Planner
from plugins.common_thread.views import EntryView, IndexView
from plugins.crosslinks.relations import RelationType
from plugins.library.entries import Entry
from plugins.library.kinds import Kind
from plugins.library.pages import Link, link
from plugins.library.schema import Front
from plugins.problems.models import Day, Slugs

Shape = Literal[
    "overview",
    "numbered-strategies",
    "ways-and-obstacles",
    "step-by-step",
    "fundamentals",
    "reference",
    "troubleshooting",
    "topic",
    "safety",
]


class GuideFront(Front):
    """A longer read; its strategies are the cards placed in its text."""

    date: Day
    order: Annotated[int, Field(ge=1)]
    shape: Shape
    words: Annotated[str, Field(pattern=r"^\d+-\d+$")] | None = None
    obstacles: Slugs
    signs: Slugs
    benefits: Slugs
    faq: Slugs


@dataclass(frozen=True)
class GuideView(EntryView):
    """A guide: ``minutes`` to read, ``steps`` to try, and the guides before and after it."""

    minutes: int
    steps: int
    published: dt.date
    previous: Link | None
    next: Link | None


def view(planner: Planner, entry: Entry[GuideFront]) -> GuideView:
    """Return what the page of a guide shows."""
    document, graph = planner.document(entry), planner.graph
    guides = planner.library.of_kind("guide")
    at = guides.index(entry)
    includes, explains, treats = (graph.targets(entry, name) for name in ("includes", "explains", "treats"))
    groups = (
        [planner.group("Read on", [*includes, *explains, *treats])]
        if entry.front.safety
        else [
            planner.group("Obstacles it treats", treats),
            planner.group("Signs it explains", explains),
            planner.group("Benefits it speaks of", graph.targets(entry, "promises")),
            planner.group("Questions it answers", includes),
        ]
    )
    return GuideView(
        **vars(planner.common(entry, () if entry.front.safety else (entry.slug, "guide"), groups)),
        minutes=document.minutes,
        steps=sum(bool(part.step) for section in planner.pieces(entry) for part in section.parts),
        published=entry.front.date,
        previous=link(guides[at - 1]) if at > 0 else None,
        next=link(guides[at + 1]) if at + 1 < len(guides) else None,
    )


def index_view(planner: Planner, kind: Kind, heading: str) -> IndexView:
    """Return every guide with its drawing, and what was read most."""
    return replace(tile_index(planner, kind, heading), popular=planner.most_read(kind.name))


KIND = SiteKind(
    "guide",
    "guides",
    GuideFront,
    "Guide",
    "Guides",
    note=lambda _front: True,
    view=view,
    voices=always,
    thing="Article",
    index=Wording(
        "Guides",
        "Longer reads on feeling closer: where to begin, what gets in the way, and what to do when it is "
        "hard.",
    ),
    index_view=index_view,
    relations=(
        RelationType("gathers", "guide", "strategy", "", "gathers", "is gathered in", by_card=True),
        RelationType("treats", "guide", "obstacle", "obstacles", "treats", "is treated in"),
        RelationType("explains", "guide", "sign", "signs", "explains", "is explained in"),
        RelationType("promises", "guide", "benefit", "benefits", "speaks of", "is spoken of in"),
        RelationType("includes", "guide", "faq", "faq", "includes", "is included in"),
    ),
    keys=(
        "# Its place among the guides.\norder: 99\n"
        "shape: topic\n"
        "# The length that was agreed.\nwords: 900-1100\n"
        "# What it treats, explains, promises and includes; its strategies are the cards in its text.\n"
        "obstacles: []\nsigns: []\nbenefits: []\nfaq: []\n"
    ),
    dated=True,
)

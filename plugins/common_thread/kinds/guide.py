"""Guides: longer reads, with a table of contents and steps to tick off."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from plugins.common_thread.planner import Planner, link
from plugins.common_thread.views import EntryView
from plugins.library.entries import Entry
from plugins.library.pages import Link


@dataclass(frozen=True)
class GuideView(EntryView):
    """A guide: ``minutes`` to read, ``steps`` to try, and the guides before and after it."""

    minutes: int
    steps: int
    published: dt.date
    previous: Link | None
    next: Link | None


def view(planner: Planner, entry: Entry) -> GuideView:
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
        **vars(planner.common(entry, (entry.slug, "guide"), groups)),
        minutes=document.minutes,
        steps=len(document.steps),
        published=entry.front.date,
        previous=link(guides[at - 1]) if at > 0 else None,
        next=link(guides[at + 1]) if at + 1 < len(guides) else None,
    )

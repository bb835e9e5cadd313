"""Questions: each with one short answer and something to do."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.common_thread.planner import Planner, links
from plugins.common_thread.views import CardView, EntryView
from plugins.library.entries import Entry
from plugins.library.kinds import TOPICS
from plugins.library.pages import Link


@dataclass(frozen=True)
class FaqView(EntryView):
    """A question: its topic in words, strategies to do, guides to read."""

    topic: str
    next: tuple[CardView, ...]
    guides: tuple[Link, ...]


def view(planner: Planner, entry: Entry) -> FaqView:
    """Return what the page of a question shows."""
    graph = planner.graph
    return FaqView(
        **vars(planner.common(entry, ("faq",))),
        topic=TOPICS[entry.front.topic],
        next=planner.cards(graph.targets(entry, "answers-with")),
        guides=links(graph.sources(entry, "includes")),
    )

"""Questions: each with one short answer and something to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from plugins.common_thread.indexes import question_index
from plugins.common_thread.kind import SiteKind, Wording
from plugins.common_thread.planner import Planner, links
from plugins.common_thread.views import CardView, EntryView
from plugins.crosslinks.relations import RelationType
from plugins.library.entries import Entry
from plugins.library.pages import Link
from plugins.library.schema import Front
from plugins.problems.models import Slugs

TOPICS = {
    "basics": "The basics",
    "everyday": "Everyday life",
    "different-people": "Different people, different bonds",
    "hard-times": "When it is hard",
    "safety-and-help": "Safety and help",
    "quiz": "About the quiz",
}
"""Topics in reading order: slug to title."""

HARD_TOPICS = {"hard-times", "safety-and-help"}
"""Topics whose answers carry the standard safety note."""

Topic = Literal["basics", "everyday", "different-people", "hard-times", "safety-and-help", "quiz"]


class FaqFront(Front):
    """One question (the title), one answer (the body)."""

    topic: Topic
    strategies: Slugs


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
        **vars(planner.common(entry, () if entry.front.safety else ("faq",))),
        topic=TOPICS[entry.front.topic],
        next=planner.cards(graph.targets(entry, "answers-with")),
        guides=links(graph.sources(entry, "includes")),
    )


KIND = SiteKind(
    "faq",
    "faq",
    FaqFront,
    "Question",
    "Questions",
    note=lambda front: front.topic in HARD_TOPICS,
    view=view,
    thing="FAQPage",
    index=Wording(
        "Questions",
        "Short, sourced answers to what people ask about closeness: the basics, everyday life, different people and hard times.",
        "Questions people ask",
    ),
    index_view=lambda planner, kind, heading: question_index(planner, kind, heading, TOPICS),
    relations=(RelationType("answers-with", "faq", "strategy", "strategies", "answers with", "helps to answer"),),
    words=(80, 180),
    keys="topic: basics\nstrategies: []\n",
)

"""Questions: each with one short answer and something to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from plugins.common_thread.kind import SiteKind, Wording
from plugins.common_thread.planner import Planner, links
from plugins.common_thread.views import CardView, EntryView, IndexView
from plugins.crosslinks.relations import RelationType
from plugins.library.entries import Entry
from plugins.library.kinds import Kind
from plugins.library.pages import Link, link
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


def view(planner: Planner, entry: Entry[FaqFront]) -> FaqView:
    """Return what the page of a question shows."""
    graph = planner.graph
    return FaqView(
        **vars(planner.common(entry, () if entry.front.safety else ("faq",))),
        topic=TOPICS[entry.front.topic],
        next=planner.cards(graph.targets(entry, "answers-with")),
        guides=links(graph.sources(entry, "includes")),
    )


@dataclass(frozen=True)
class Answer:
    """A question with its short answer as HTML."""

    id: str
    link: Link
    html: str


@dataclass(frozen=True)
class TopicGroup:
    """The questions of one topic."""

    id: str
    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class FaqIndexView(IndexView):
    """Questions, grouped by topic."""

    topics: tuple[TopicGroup, ...] = ()


def index_view(planner: Planner, kind: Kind, heading: str) -> FaqIndexView:
    """Return questions by topic."""
    questions = planner.library.having(FaqFront)
    groups = tuple(
        TopicGroup(
            topic,
            title,
            tuple(
                Answer(one.slug, link(one), planner.answer(one))
                for one in questions
                if one.front.topic == topic
            ),
        )
        for topic, title in TOPICS.items()
    )
    return FaqIndexView(kind.name, heading, planner.drawing(kind.name), topics=groups)


KIND = SiteKind(
    "faq",
    "faq",
    FaqFront,
    "Question",
    "Questions",
    note=lambda front: front.topic in HARD_TOPICS,
    view=view,
    voices=lambda front: front.topic not in HARD_TOPICS,
    thing="FAQPage",
    index=Wording(
        "Questions",
        "Short, sourced answers to what people ask about closeness: the basics, everyday life, different "
        "people and hard times.",
        "Questions people ask",
    ),
    index_view=index_view,
    relations=(
        RelationType("answers-with", "faq", "strategy", "strategies", "answers with", "helps to answer"),
    ),
    words=(80, 180),
    keys=(
        "# Where it stands in the list of questions.\ntopic: basics\n"
        "# What the answer leads to, best first.\nstrategies: []\n"
    ),
)

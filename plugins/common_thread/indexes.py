"""The index page of each kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plugins.common_thread.planner import Planner
from plugins.common_thread.views import CardView, IndexView
from plugins.library.kinds import Kind
from plugins.library.pages import Link


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


def card_index(planner: Planner, kind: Kind, heading: str) -> IndexView:
    """Return every entry as a card."""
    cards = planner.cards(planner.library.of_kind(kind.name))
    return IndexView(kind.name, heading, planner.drawing(kind.name), cards)


def tile_index(planner: Planner, kind: Kind, heading: str) -> IndexView:
    """Return every entry with its drawing."""
    return IndexView(kind.name, heading, "", tiles=planner.tiles(kind.name))


def strategy_index(planner: Planner, kind: Kind, heading: str) -> StrategyIndexView:
    """Return strategies by the sign they feed most."""
    strategies = planner.library.of_kind("strategy")
    groups = tuple(
        SignGroup(
            sign.slug,
            sign.front.plain_title,
            planner.drawing(sign.slug, "sign"),
            planner.cards(one for one in strategies if one.front.strengthens[:1] == [sign.slug]),
        )
        for sign in planner.library.of_kind("sign")
    )
    return StrategyIndexView(kind.name, heading, "", groups=groups)


def question_index(planner: Planner, kind: Kind, heading: str, topics: Mapping[str, str]) -> FaqIndexView:
    """Return questions by topic; ``topics`` maps slugs to titles, in reading order."""
    questions = planner.library.of_kind("faq")
    groups = tuple(
        TopicGroup(
            topic,
            title,
            tuple(
                Answer(one.slug, Link("faq", one.url, one.title), planner.answer(one))
                for one in questions
                if one.front.topic == topic
            ),
        )
        for topic, title in topics.items()
    )
    return FaqIndexView(kind.name, heading, planner.drawing(kind.name), topics=groups)

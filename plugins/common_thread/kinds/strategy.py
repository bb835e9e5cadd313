"""Strategies: something you do, with the obstacles it helps with and the signs it feeds."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.common_thread.planner import Planner, links, suits
from plugins.common_thread.views import CardView, EntryView, Reason
from plugins.library.entries import Entry
from plugins.library.pages import Link


@dataclass(frozen=True)
class StrategyView(EntryView):
    """A strategy: time, whom it suits, a first step; reasons and signs stand after ``slips``."""

    time: str
    suits: str
    first_step: str
    helps_with: tuple[Reason, ...]
    feeds: tuple[Link, ...]
    next: tuple[CardView, ...]


def view(planner: Planner, entry: Entry) -> StrategyView:
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

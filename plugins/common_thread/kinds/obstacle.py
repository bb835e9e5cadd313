"""Obstacles: something that gets in the way, with a first step and what helps."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.common_thread.fronts import SteppedFront
from plugins.common_thread.kind import SiteKind, Wording, always
from plugins.common_thread.planner import Planner
from plugins.common_thread.views import CardView, EntryView
from plugins.library.entries import Entry


class ObstacleFront(SteppedFront):
    """Something that gets in the way."""


@dataclass(frozen=True)
class ObstacleView(EntryView):
    """An obstacle: its first step, and the strategies that help, each with its reason."""

    first_step: str
    helped_by: tuple[CardView, ...]


def view(planner: Planner, entry: Entry[ObstacleFront]) -> ObstacleView:
    """Return what the page of an obstacle shows."""
    graph = planner.graph
    groups = [
        planner.group("Can quieten these signs", graph.sources(entry, "quieted-by")),
        planner.group("Treated in the guides", graph.sources(entry, "treats")),
        planner.group("Named by the quiz", graph.sources(entry, "names")),
    ]
    return ObstacleView(
        **vars(planner.common(entry, (entry.slug, "obstacle"), groups)),
        first_step=entry.front.first_step,
        helped_by=tuple(
            planner.card(one.source, one.because, id_=f"addresses-{one.source.slug}")
            for one in graph.incoming(entry, "addresses")
        ),
    )


KIND = SiteKind(
    "obstacle",
    "obstacles",
    ObstacleFront,
    "Obstacle",
    "Obstacles",
    headings=("What it looks like", "Why it happens", "A first step", "When it is something else"),
    note=lambda _front: True,
    view=view,
    voices=always,
    thing="Article",
    index=Wording(
        "Obstacles",
        "{count} {thing that commonly gets|things that commonly get} in the way of closeness, each with "
        "why it happens, a first step and what helps.",
        "What’s in the way",
    ),
    words=(350, 500),
    keys="# What somebody can do today, in a few minutes.\nfirst_step: One small thing to do today.\n",
)

"""Signs: how connection shows."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.common_thread.planner import Planner
from plugins.common_thread.views import CardView, EntryView
from plugins.library.entries import Entry


@dataclass(frozen=True)
class SignView(EntryView):
    """A sign: its plain title, and the strategies to try first."""

    plain_title: str
    try_first: tuple[CardView, ...]


def view(planner: Planner, entry: Entry) -> SignView:
    """Return what the page of a sign shows."""
    graph = planner.graph
    groups = [
        planner.group("Can be quieted by", graph.targets(entry, "quieted-by")),
        planner.group("Strengthened by", graph.sources(entry, "strengthens")),
        planner.group("Explained in the guides", graph.sources(entry, "explains")),
        planner.group("Measured by", graph.sources(entry, "measures")),
    ]
    return SignView(
        **vars(planner.common(entry, (entry.slug, "sign"), groups)),
        plain_title=entry.front.plain_title,
        try_first=planner.cards(graph.targets(entry, "starts-with")),
    )

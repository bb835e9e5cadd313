"""Benefits: what closeness gives."""

from __future__ import annotations

from plugins.common_thread.kind import SiteKind, Wording, always
from plugins.common_thread.planner import Planner
from plugins.common_thread.views import EntryView
from plugins.library.entries import Entry
from plugins.library.schema import Front


class BenefitFront(Front):
    """What closeness gives."""


def view(planner: Planner, entry: Entry[BenefitFront]) -> EntryView:
    """Return what the page of a benefit shows."""
    groups = [
        planner.group("Strategies", planner.graph.sources(entry, "leads-to")),
        planner.group("Guides", planner.graph.sources(entry, "promises")),
    ]
    return planner.common(entry, (entry.slug, "benefit"), groups)


KIND = SiteKind(
    "benefit",
    "benefits",
    BenefitFront,
    "Benefit",
    "Benefits",
    view=view,
    voices=always,
    thing="Article",
    index=Wording(
        "Benefits",
        "What closeness can bring, what research says about each, how far that goes, and which strategies "
        "lead there.",
        "What closeness can give",
    ),
    in_menu=False,
    words=(120, 240),
    review_days=730,
)

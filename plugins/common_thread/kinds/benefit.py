"""Benefits: what closeness gives."""

from __future__ import annotations

from plugins.common_thread.planner import Planner
from plugins.common_thread.views import EntryView
from plugins.library.entries import Entry


def view(planner: Planner, entry: Entry) -> EntryView:
    """Return what the page of a benefit shows."""
    groups = [
        planner.group("Strategies", planner.graph.sources(entry, "leads-to")),
        planner.group("Guides", planner.graph.sources(entry, "promises")),
    ]
    return planner.common(entry, (entry.slug, "benefit"), groups)

"""Signs: how connection shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from plugins.common_thread.fronts import NamedFront
from plugins.common_thread.indexes import tile_index
from plugins.common_thread.kind import SiteKind, Wording, always
from plugins.common_thread.planner import Planner
from plugins.common_thread.views import CardView, EntryView
from plugins.crosslinks.relations import RelationType
from plugins.library.entries import Entry
from plugins.problems.models import Slugs


class SignFront(NamedFront):
    """How connection shows.  ``order`` is the fixed order in which signs are listed."""

    order: Annotated[int, Field(ge=1)] = 99
    try_first: Slugs
    obstacles: Slugs


@dataclass(frozen=True)
class SignView(EntryView):
    """A sign: its plain title, and the strategies to try first."""

    plain_title: str
    try_first: tuple[CardView, ...]


def view(planner: Planner, entry: Entry[SignFront]) -> SignView:
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


KIND = SiteKind(
    "sign",
    "signs",
    SignFront,
    "Sign",
    "Signs",
    headings=("When it is strong", "When it is quiet", "Try first"),
    view=view,
    voices=always,
    thing="DefinedTerm",
    index=Wording(
        "Signs",
        "{count} {sign that shows|signs that show} how connection is doing, what each looks like when "
        "strong or quiet, and what to try first.",
        "Signs of connection",
    ),
    index_view=tile_index,
    relations=(
        RelationType("starts-with", "sign", "strategy", "try_first", "starts with", "is tried first for"),
        RelationType("quieted-by", "sign", "obstacle", "obstacles", "can be quieted by", "can quiet"),
    ),
    words=(300, 400),
    review_days=730,
    keys=(
        "# Its place among the signs.\norder: 99\n"
        "# What anybody would call it.\nplain_title: The sign in plain words\n"
        "# Strategies, best first; each has to strengthen this sign.\ntry_first: []\n"
        "# What can quiet it.\nobstacles: []\n"
    ),
)

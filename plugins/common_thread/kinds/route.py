"""Routes: a short way through the library for one sort of reader, stop by stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from plugins.common_thread.kind import SiteKind, Wording, always
from plugins.common_thread.needs import SAFETY_GUIDE
from plugins.common_thread.planner import Planner
from plugins.common_thread.views import EntryView
from plugins.library.entries import Entry
from plugins.library.schema import Front
from plugins.library.text.body import Body
from plugins.problems import Problems
from plugins.problems.models import Text

FIRST = "When this is not your way"


class RouteFront(Front):
    """Whom it is for, in words.  The stops are the links in its text: each shows on the page it leads to."""

    whom: Annotated[Text, Field(alias="for")]


@dataclass(frozen=True)
class RouteView(EntryView):
    """What the page of a route shows, beside what every page of an entry shows."""

    whom: str


def view(planner: Planner, entry: Entry[RouteFront]) -> RouteView:
    """Return what the page of a route shows."""
    return RouteView(**vars(planner.common(entry, (entry.slug, "route"))), whom=entry.front.whom)


def check(entry: Entry[RouteFront], body: Body, problems: Problems) -> None:
    """Before the first stop, words lead those to the safety guide for whom closeness is not the way."""
    if not any(one.slug == SAFETY_GUIDE and one.section == FIRST for one in body.references):
        line = next((one.line for one in body.headings if one.text == FIRST), entry.body_line)
        message = f"nothing under '{FIRST}' leads to '{SAFETY_GUIDE}'."
        problems.add(entry.path, line, "warning-first", message, f"Say when to go to [[{SAFETY_GUIDE}]].")


KIND = SiteKind(
    "route",
    "routes",
    RouteFront,
    "Route",
    "Routes",
    headings=(FIRST, "Step by step", "If you take only one"),
    note=lambda _front: True,
    view=view,
    voices=always,
    check=check,
    thing="Article",
    index=Wording(
        "Routes",
        "{count} short ways through the library, each for one sort of reader, stop by stop.",
        "A way in, for you",
    ),
    index_template="index_base",
    card_facts=lambda entry, _brief: (entry.front.whom,),
    facts=lambda entry: (f"For: {entry.front.whom}",),
    words=(150, 350),
    keys="for: Whom it is for, in words\n",
    in_menu=False,
)

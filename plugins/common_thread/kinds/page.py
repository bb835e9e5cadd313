"""Pages of no kind: home, about, privacy, the page for what is not there."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.common_thread.kind import SiteKind
from plugins.common_thread.needs import FIRST_QUIZ
from plugins.common_thread.planner import Planner, links
from plugins.common_thread.views import EntryView, MostRead, Tile
from plugins.library.entries import Entry
from plugins.library.pages import Link, Reason
from plugins.library.schema import Front


class PageFront(Front):
    """Home, about, privacy and the like."""


@dataclass(frozen=True)
class HomeView(EntryView):
    """The home page: doors, obstacles, signs and guides."""

    quiz: Link
    obstacles: tuple[Reason, ...]
    signs: tuple[Tile, ...]
    guides: tuple[Tile, ...]
    popular: MostRead | None


@dataclass(frozen=True)
class MissingView(EntryView):
    """The page for what is not there: it offers the guides."""

    guides: tuple[Link, ...]


def view(planner: Planner, entry: Entry[PageFront]) -> EntryView:
    """Return what a page of no kind shows."""
    common = planner.common(entry, (entry.slug, "page"))
    if entry.slug == "404":
        return MissingView(**vars(common), guides=links(planner.library.of_kind("guide")))
    return _home(planner, common) if entry.slug == "home" else common


def _home(planner: Planner, common: EntryView) -> HomeView:
    library = planner.library
    obstacles = library.of_kind("obstacle")
    return HomeView(
        **vars(common),
        quiz=links([library.entries[FIRST_QUIZ]])[0],
        obstacles=tuple(Reason(links([one])[0], one.front.summary) for one in obstacles),
        signs=planner.tiles("sign"),
        guides=planner.tiles("guide"),
        popular=planner.most_read(),
    )


KIND = SiteKind(
    "page",
    "pages",
    PageFront,
    "Page",
    "Pages",
    at_root=True,
    addresses=(("home", "/"), ("404", "/404.html")),
    view=view,
    in_menu=False,
)

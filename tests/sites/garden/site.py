"""A second site on the general plugins: plants, pests and remedies, with a quiz, on the same theme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from pelican import signals
from pydantic import Field

from plugins.assets.theme import read_theme
from plugins.crosslinks.graph import Graph
from plugins.crosslinks.nodes import Sources, Stated
from plugins.crosslinks.relations import Relations, RelationType
from plugins.crosslinks.resolving import check_graph, resolve_relations
from plugins.discovery.files import discovery_files
from plugins.library.bodies import read_bodies
from plugins.library.documents import make_documents
from plugins.library.entries import Entry, Library
from plugins.library.filters import base_path, today
from plugins.library.kinds import Kind, Kinds
from plugins.library.loader import load_library
from plugins.library.pages import Link, Page, Reason, entry_page, link, make_frame, reasons
from plugins.library.pictures import Shelf
from plugins.library.rendering import render_pages
from plugins.library.schema import Front
from plugins.library.writing import write
from plugins.offline.worker import write_worker
from plugins.problems import Problems
from plugins.problems.models import Slug, Slugs, Strict
from plugins.quiz.guidance import Group, Guidance, Roles, Target, Tip
from plugins.quiz.loader import load_quizzes, quiz_relations
from plugins.quiz.model import Quiz
from plugins.quiz.page import QuizFields, quiz_fields
from plugins.search import index_site
from plugins.sharing.colours import theme_palette
from plugins.sharing.heads import check_heads, open_sharing
from plugins.sharing.raster import render_png


class PlantFront(Front):
    """What grows."""

    suffers_from: Slugs


class Treated(Strict):
    """That a remedy helps against a pest, and why."""

    pest: Slug
    because: Annotated[str, Field(min_length=20)]


class RemedyFront(Front):
    """What to do."""

    first_step: str
    minutes: int
    treats: list[Treated]
    suits: Slugs


KINDS = Kinds(
    [
        Kind("plant", "plants", PlantFront, "Plant", "Plants"),
        Kind("pest", "pests", Front, "Pest", "Pests"),
        Kind("remedy", "remedies", RemedyFront, "Remedy", "Remedies", headings=("How",)),
        Kind("quiz", "quizzes", Front, "Quiz", "Quizzes", suffix=".yaml"),
        Kind("page", "pages", Front, "Page", "Pages", at_root=True, addresses=(("home", "/"),)),
    ]
)
LISTED = [kind for kind in KINDS.values() if not kind.at_root]
RELATIONS = Relations(
    [
        RelationType("suffers-from", "plant", "pest", "suffers_from", "suffers from", "feeds on"),
        RelationType("treats", "remedy", "pest", "treats", "treats", "is treated with", item_key="pest"),
        RelationType("suits", "remedy", "plant", "suits", "suits", "is looked after with"),
        RelationType("names", "quiz", "pest", "", "asks about", "is asked about in"),
    ]
)
TEMPLATES = {"remedy": "remedy", "quiz": "quiz"}
ROLES = Roles(measured="plant", in_the_way="pest", to_try="remedy", refuge="page")


@dataclass(frozen=True)
class View:
    """What a page shows: its text, then links under the wording of their relation."""

    label: str
    title: str
    summary: str
    index: Link | None = None
    text: str = ""
    first_step: str = ""
    groups: tuple[tuple[str, tuple[Reason, ...]], ...] = ()
    mentions: tuple[Reason, ...] = ()
    quiz: QuizFields | None = None
    reviewed: dt.date = dt.date(2026, 11, 20)
    help: None = None


@dataclass(frozen=True)
class Garden(Guidance):
    """All that grows here, and how it hangs together; answers where a quiz leads."""

    library: Library
    graph: Graph[Entry]
    quizzes: Mapping[str, Quiz]

    def target(self, slug: str) -> Target:
        """Return the page of a slug."""
        entry = self.library.entries[slug]
        return Target(entry.url, entry.title, entry.front.summary, "Look closely.")

    def ways_past(self, target: str) -> tuple[Group, ...]:
        """Return the remedies that treat a pest."""
        tips = []
        for one in self.graph.incoming(self.library.entries[target], "treats"):
            page = one.source.having(RemedyFront)
            time, step = f"{page.front.minutes} minutes", page.front.first_step
            tips.append(Tip(page.slug, page.url, page.title, one.because, time, step))
        return (Group(None, tuple(tips)),)

    def pages(self) -> Iterator[Page]:
        """Yield a page for every entry, and one that lists each kind."""
        for entry in self.library.pages():
            page = entry_page(entry, TEMPLATES.get(entry.kind.name, "thing"), self.view(entry))
            yield replace(page, quick_exit=entry.slug in self.quizzes, drawings=("page",))
        for kind in LISTED:
            words = f"All {kind.plural.lower()} of this garden."
            found = reasons((one, one.front.summary) for one in self.library.of_kind(kind.name))
            view = View(kind.label, kind.plural, words, groups=((kind.plural, found),))
            yield Page(kind.index_url, "thing", kind.plural, words, view, "garden", drawings=("page",))

    def view(self, entry: Entry) -> View:
        """Return what the page of an entry shows, its relations from both ends."""
        kind, front, text = entry.kind, entry.front, self.library.document(entry).html
        index = None if kind.at_root else Link("", kind.index_url, kind.plural)
        step = f"{front.first_step} ({front.minutes} minutes)" if isinstance(front, RemedyFront) else ""
        groups = tuple((words.capitalize(), reasons(found)) for words, found in self.graph.both_ends(entry))
        mentions = reasons((one.source, one.because) for one in self.graph.backlinks(entry))
        quiz = quiz_fields(self.quizzes[entry.slug], self) if entry.slug in self.quizzes else None
        view = View(kind.label, entry.title, front.summary, index, text, step)
        return replace(view, groups=groups, mentions=mentions, quiz=quiz, reviewed=front.reviewed)


def grow(settings: Mapping[str, Any], problems: Problems) -> Garden:
    """Read, parse and resolve all that is written about the garden."""
    library = load_library(Path(settings["PATH"]), KINDS, today(), problems)
    read_bodies(library, problems)
    quizzes = load_quizzes(library.of_kind("quiz"), library.known, ROLES, problems)
    stated = (Stated(*one) for quiz in quizzes.values() for one in quiz_relations(quiz))
    graph = resolve_relations(library, RELATIONS, Sources(), stated, problems)
    shelf = Shelf({}, Path(settings["CACHE_PATH"]), base_path(settings["SITEURL"]), problems)
    make_documents(library, graph.numbers, shelf, problems)
    check_graph(graph, library, Sources(), problems)
    return Garden(library, graph, quizzes)


def build(pelican: Any) -> None:
    """Resolve, plan, check, render and finish; or raise all problems at once."""
    settings, output, problems = pelican.settings, Path(pelican.output_path), Problems()
    garden, cache = grow(settings, problems), Path(settings["CACHE_PATH"])
    problems.raise_errors()
    theme, refuge = read_theme(settings, cache), link(garden.library.entries["ask-somebody"])
    menu = [Link(one.name, one.index_url, one.plural) for one in LISTED]
    named, assets = {"refuge": refuge, "help": refuge}, theme.addresses(base_path(settings["SITEURL"]))
    frame = make_frame(settings, theme_palette(theme.static), assets, main=menu, more=[refuge], links=named)
    sharing = open_sharing(frame, theme.static, (), cache)
    pages = [sharing.dressed(page) for page in garden.pages()]
    check_heads(pages, problems)
    problems.raise_errors()
    templates = [Path(__file__).with_name("templates"), *theme.templates]
    more = discovery_files(pages, frame, theme.icon, lambda svg: render_png(svg, cache))
    made = render_pages(pages, templates, frame)
    write(output, made, theme.files().items(), sharing.files(pages), more)
    index_site(output)
    write_worker(output, pages, frame.base)


def register() -> None:
    """Connect to Pelican, which has nothing else to do here."""
    signals.finalized.connect(build)

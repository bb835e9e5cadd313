"""The whole way from what editors wrote to the site, in one place: read this first.

``read → parse → resolve → plan → check → render → finish``.  Each stage gives values to
the next; none reaches back.  Problems of every stage are collected and raised once,
before the first byte is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from plugins.assets.theme import Theme, read_theme
from plugins.common_thread.asked import Sources
from plugins.common_thread.checks import check_helps, check_site, check_texts
from plugins.common_thread.data import DATA_FILES, SiteData, read_data
from plugins.common_thread.export import export_library, to_text
from plugins.common_thread.kind import AnyKind
from plugins.common_thread.kinds import load_kinds
from plugins.common_thread.needs import HELP, SAFETY_GUIDE
from plugins.common_thread.pieces import PIECES
from plugins.common_thread.plan import wanted
from plugins.common_thread.planner import links
from plugins.common_thread.planning import Planning
from plugins.common_thread.popular import check_popular
from plugins.common_thread.quizzes import prove_quizzes, stated_by
from plugins.common_thread.schemas import schema_files
from plugins.common_thread.twins import TwinWriter
from plugins.common_thread.voices import check_voices, reader_voices
from plugins.crosslinks.coverage import check_coverage
from plugins.crosslinks.graph import Graph
from plugins.crosslinks.relations import Relations
from plugins.crosslinks.resolving import check_graph, resolve_relations
from plugins.discovery.files import discovery_files
from plugins.helplines.blocks import HELP_MARKER
from plugins.helplines.desk import HelpDesk, check_main, open_desk
from plugins.library.asked import Asked
from plugins.library.bodies import read_bodies
from plugins.library.cache import cache_folder, check_cache
from plugins.library.code import code_of
from plugins.library.documents import make_documents, make_ready
from plugins.library.entries import Entry, Library
from plugins.library.filters import base_path, today
from plugins.library.kinds import Kinds
from plugins.library.loader import load_library
from plugins.library.natures import Former, Held
from plugins.library.pages import AssetAddress, Frame, Link, Page, link, make_frame
from plugins.library.pictures import Shelf
from plugins.library.plans import Plans
from plugins.library.profile import stage
from plugins.library.rendering import render_changed, render_pages
from plugins.library.store import Store, store
from plugins.library.text.document import Document
from plugins.offline.worker import write_worker
from plugins.problems import Problem, Problems
from plugins.quiz.model import Quiz
from plugins.search import FOLDER, INTEGRITY, SCRIPT, keep_index
from plugins.sharing.colours import theme_palette
from plugins.sharing.embedding import embedding_files
from plugins.sharing.heads import Sharing, check_heads, open_sharing
from plugins.sharing.raster import render_png
from plugins.voices.said import FOLDER as VOICES

Settings = Mapping[str, Any]
"""What ``pelican.conf.py`` says."""

LACKS = {"coverage", "pattern", "two-voices", "warning-first", "way-out"}
"""Rules that an entry breaks as long as it is not finished; its page can be shown all the same."""


@dataclass(frozen=True)
class Content:
    """Everything under ``content/``, each file read and parsed by itself."""

    kinds: Kinds[AnyKind]
    types: Relations
    library: Library
    data: SiteData


@dataclass(frozen=True)
class Resolved:
    """The content, and how its parts hang together."""

    kinds: Kinds[AnyKind]
    library: Library
    data: SiteData
    graph: Graph[Entry]
    quizzes: Mapping[str, Quiz]
    pictures: Shelf
    desk: HelpDesk
    theme: Theme
    texts: Store
    """Keeps what is made of texts; close it in the end."""


@dataclass(frozen=True)
class Site:
    """The planned site: pages, the frame around them, what they were made from, what to mend some day."""

    pages: tuple[Page, ...]
    frame: Frame
    resolved: Resolved
    sharing: Sharing
    twins: TwinWriter
    warnings: tuple[Problem, ...]


def make_site(settings: Settings, problems: Problems, theme: Theme | None = None) -> Site:
    """Return the site, ready to be rendered and finished.

    Raises :class:`LibraryError` with all problems at once: those of the content before the
    plan is made, those of the planned pages as a whole after it.
    """
    with stage("theme: sheets and scripts"):
        theme = theme or read_theme(settings, cache_folder(settings))
    with stage("read and parse"):
        content = read(settings, problems)
    with stage("resolve"):
        resolved = resolve(content, settings, theme, problems)
    with stage("check"):
        check(resolved, settings, problems)
    problems.raise_errors()
    with stage("plan"):
        return plan_site(resolved, settings, problems)


def read(settings: Settings, problems: Problems) -> Content:
    """Read and parse every file by itself."""
    kinds, types = load_kinds(settings["KIND_MODULES"])
    day = settings.get("TODAY") or today()
    files = {"data_files": DATA_FILES, "needed": settings["NEEDED_DATA"], "beside": [VOICES]}
    kept = cache_folder(settings) / "kept"
    shown = settings.get("SHOW_HELD", ())
    library = load_library(Path(settings["PATH"]), kinds, day, problems, **files, kept=kept, show_held=shown)
    data = read_data(library, day, problems)
    if library.incomplete:
        problems.raise_errors()  # whatever else seems wrong may follow from what is missing
    read_bodies(library, problems, kept, [HELP_MARKER])
    return Content(kinds, types, library, data)


def resolve(content: Content, settings: Settings, theme: Theme, problems: Problems) -> Resolved:
    """Prove the quizzes, join everything to one graph, and fill in what texts refer to."""
    library, data, base = content.library, content.data, base_path(settings["SITEURL"])
    quizzes = prove_quizzes(library, problems, cache_folder(settings) / "kept")
    graph = resolve_relations(library, content.types, data.evidence.sources, stated_by(quizzes), problems)
    project = Path(settings["PATH"]).parent
    paths = {name: project / path for name, path in library.images.items()}
    shelf = Shelf(paths, cache_folder(settings) / "pictures", base, problems)
    texts = Store(cache_folder(settings) / "kept" / "texts.sqlite", code_of())
    make_documents(library, graph.numbers, shelf, problems, texts)
    desk = open_desk(data.helplines, settings["MAIN_COUNTRIES"])
    return Resolved(content.kinds, library, data, graph, quizzes, shelf, desk, theme, texts)


def check(resolved: Resolved, settings: Settings, problems: Problems) -> None:
    """Note whatever does not hold of all of it together."""
    library, data, graph = resolved.library, resolved.data, resolved.graph
    problems.found.extend(resolved.theme.problems)
    check_cache(Path(settings["PATH"]).parent, problems)
    check_graph(graph, library, data.evidence.sources, problems)
    check_coverage(graph, library, data.coverage, problems)
    check_texts(resolved.kinds, library, problems)
    check_main(settings["MAIN_COUNTRIES"], data.helplines, problems)
    check_helps(library, resolved.desk, problems)
    check_site(library, graph, data.redirects, problems)
    check_popular(data.popular, library, problems)
    check_voices(data.voices, library, resolved.kinds, problems)
    problems.found[:] = lenient(problems.found, library, settings.get("TODAY") or today())


def lenient(found: Iterable[Problem], library: Library, day: dt.date) -> Iterator[Problem]:
    """Yield problems; what an entry lacks that is shown before its time, in a preview, stops nothing."""
    early = {entry.path for entry in library.entries.values() if entry.status(day) != "published"}
    for problem in found:
        is_lack = problem.rule in LACKS and problem.path in early
        yield replace(problem, warning=True) if is_lack else problem


def plan_site(
    resolved: Resolved, settings: Settings, problems: Problems, only: Container[str] | None = None
) -> Site:
    """Plan every page, or those at the addresses ``only``.

    Raises :class:`LibraryError` if two can't be told apart.
    """
    frame, data, asked = frame_for(resolved, settings), resolved.data, Asked()
    library, cache = resolved.library, cache_folder(settings)
    sources = Sources(
        library, resolved.graph, data.evidence, resolved.quizzes, data.popular, data.voices,
        {name: picture for name, picture in resolved.pictures.made.items() if picture},
    )  # fmt: skip
    sharing = open_sharing(frame, resolved.theme.static, data.share_links, cache)
    voices = reader_voices(settings, resolved.kinds, data.voices)
    planning = Planning(
        resolved.kinds, sources.heard(asked), resolved.theme, resolved.desk, voices, frame, sharing
    )
    units = planning.units() if only is None else wanted(planning.units(), only)
    with store(cache / "kept" / "plans.sqlite", planning.recipe()) as keeper:
        plans = Plans(
            sources.answers(), asked, keeper,
            text=lambda slug: library.documents.get(slug, Document()),
            ready=lambda texts: make_ready(texts, resolved.texts, *PIECES),
        )  # fmt: skip
        pages = [page for page in plans.pages(units, is_all=only is None) if only is None or page.url in only]
    check_heads([page for page in pages if not page.copy_of], problems)
    problems.raise_errors()
    return Site(tuple(pages), frame, resolved, sharing, planning.twins(sources), tuple(problems.warnings))


def frame_for(resolved: Resolved, settings: Settings) -> Frame:
    """Return what stands around every page."""
    library, theme = resolved.library, resolved.theme
    menu = (Link(kind.name, kind.index_url, kind.plural) for kind in resolved.kinds.values() if kind.in_menu)
    foot = [entry for entry in library.of_kind("page") if entry.slug not in ("home", "404")]
    named = {"refuge": link(library.entries[SAFETY_GUIDE]), "help": link(library.entries[HELP])}
    base, palette = base_path(settings["SITEURL"]), theme_palette(theme.static)
    search = {f"{FOLDER}/{SCRIPT}": AssetAddress(f"{base}/{FOLDER}/{SCRIPT}", INTEGRITY)}
    assets = {**theme.addresses(base), **search}
    return make_frame(settings, palette, assets, main=menu, more=links(foot), links=named)


def rendered(site: Site) -> Iterator[tuple[str, str]]:
    """Yield (file name, HTML) of every page."""
    return render_pages(site.pages, site.resolved.theme.templates, site.frame, site.sharing.cache / "kept")


def rendered_beside(site: Site, former: Former) -> Iterator[tuple[str, bytes | Held]]:
    """Yield (file name, HTML) of every page, but only a hash of what ``former`` holds already."""
    kept = site.sharing.cache / "kept"
    return render_changed(site.pages, site.resolved.theme.templates, site.frame, kept, former)


def finished(site: Site, former: Former | None = None) -> Iterator[tuple[str, str | bytes | Held]]:
    """Yield (file name, content) of all that is made from the pages; then no text is asked for any more.

    Of what ``former`` holds already it may be a hash.
    """
    resolved, frame = site.resolved, site.frame
    yield from resolved.theme.files().items()
    yield from resolved_pictures(resolved)
    yield from site.sharing.files(site.pages, former)
    cards = site.sharing.cache / "cards"
    yield from discovery_files(site.pages, frame, resolved.theme.icon, lambda svg: render_png(svg, cards))
    yield from embedding_files(site.pages, frame)
    yield "llms.txt", site.twins.contents(frame.site, frame.slogan)
    content = resolved.data
    data = export_library(resolved.library, resolved.graph, content.evidence, frame.origin, content.voices)
    yield from schema_files(resolved.kinds, resolved.library.entries.values(), site.sharing.cache / "kept")
    yield "library.json", to_text(data)
    resolved.texts.close()


def resolved_pictures(resolved: Resolved) -> Iterator[tuple[str, bytes]]:
    """Yield (file name, content) of every picture that a page shows, in each of its sizes."""
    for name, path in resolved.library.images.items():
        picture = resolved.pictures.find(name) if resolved.library.accounts[path] == "static" else None
        yield from (picture.files if picture else {}).items()


def finish_folder(
    output: Path, site: Site, lock: IO[str] | None = None, former: Former | None = None
) -> None:
    """Make what speaks of the written files, to the byte: the search index, then the worker and its list.

    ``lock`` is held on by whatever program still writes there when this one is killed.
    """
    with stage("search index"):
        keep_index(output, site.sharing.cache / "kept", lock, former)
    with stage("worker"):
        write_worker(output, site.pages, site.frame.base, natures=former.natures if former else None)

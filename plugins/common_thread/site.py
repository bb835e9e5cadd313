"""The whole way from what editors wrote to the site, in one place: read this first.

``read → parse → resolve → plan → check → render → finish``.  Each stage gives values to
the next; none reaches back.  Problems of every stage are collected and raised once,
before the first byte is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from plugins.assets.bundle import Asset
from plugins.assets.drawings import Drawings
from plugins.common_thread.addresses import refuse_twice
from plugins.common_thread.guidance import GraphGuidance
from plugins.common_thread.kind import SiteKind
from plugins.common_thread.needs import HELP, SAFETY_GUIDE
from plugins.common_thread.plan import SiteWords, plan
from plugins.common_thread.planner import Planner, link, links
from plugins.common_thread.structured import Describer
from plugins.common_thread.twins import TwinWriter
from plugins.crosslinks.export import export_library
from plugins.crosslinks.graph import Graph
from plugins.discovery.files import discovery_files
from plugins.library.entries import Library
from plugins.library.helpdesk import HelpDesk
from plugins.library.kinds import Kinds
from plugins.library.pages import AssetAddress, Frame, Link, Page
from plugins.library.pictures import Shelf
from plugins.library.rendering import make_environment, render
from plugins.offline.worker import write_worker
from plugins.problems import Problems
from plugins.quiz.model import Quiz
from plugins.search import index_site
from plugins.sharing.cards import CardMaker
from plugins.sharing.colours import Palette, read_palette
from plugins.sharing.heads import Sharing, check_heads, language_tag
from plugins.sharing.lettering import Lettering
from plugins.sharing.raster import render_png


@dataclass(frozen=True)
class Resolved:
    """Everything under ``content/``, read, parsed and resolved."""

    kinds: Kinds[SiteKind]
    library: Library
    graph: Graph
    quizzes: Mapping[str, Quiz]
    pictures: Shelf
    drawings: Drawings
    desk: HelpDesk
    assets: Mapping[str, Asset]


@dataclass(frozen=True)
class Site:
    """The planned site: its pages, the frame around them, and what it was made from."""

    pages: tuple[Page, ...]
    frame: Frame
    resolved: Resolved
    sharing: Sharing
    twins: TwinWriter
    theme: Path


def plan_site(resolved: Resolved, settings: Mapping[str, Any], problems: Problems) -> Site:
    """Plan every page; what is wrong with the pages as a whole goes to ``problems``."""
    static = Path(settings["THEME"], "static")
    palette = read_palette((static / "css" / "tokens.css").read_text(encoding="utf-8"))
    frame = make_frame(resolved, settings, palette)
    library, graph = resolved.library, resolved.graph
    planner = Planner(
        resolved.kinds,
        library, graph, resolved.drawings, resolved.pictures, resolved.quizzes,
        GraphGuidance(library, graph), resolved.desk, frame.base,
    )  # fmt: skip
    maker = CardMaker(frame.site, palette, static / "img" / "illustrations", Lettering("Semibold"))
    cache = Path(settings["PATH"]).parent / ".cache"
    sharing = Sharing(maker, library.share_links, frame.origin, cache)
    describer = Describer(
        resolved.kinds, library, graph, frame.site, frame.slogan, frame.origin, frame.language, resolved.quizzes
    )
    twins = TwinWriter(
        resolved.kinds, library, graph, frame.origin, frame.links["refuge"], resolved.desk, resolved.quizzes
    )
    pages = []
    for page in plan(planner, SiteWords(frame.site)):
        dressed = sharing.dressed(replace(page, twin=twins.twin(page)))
        pages.append(replace(dressed, structured=describer.describe(dressed)))
    check_heads(pages, problems)
    return Site(tuple(pages), frame, resolved, sharing, twins, Path(settings["THEME"]))


def make_frame(resolved: Resolved, settings: Mapping[str, Any], palette: Palette) -> Frame:
    """Return what stands around every page."""
    library, base = resolved.library, settings["BASE_PATH"]
    language = language_tag(settings["DEFAULT_LANG"])
    pages = [entry for entry in library.of_kind("page") if entry.slug not in ("home", "404")]
    assets = {
        name: AssetAddress(f"{base}/assets/{asset.name}", asset.integrity) for name, asset in resolved.assets.items()
    }
    return Frame(
        site=settings["SITENAME"],
        slogan=settings["SITESUBTITLE"],
        base=base,
        origin=settings["SITE_ORIGIN"],
        language=language,
        locale=language.replace("-", "_"),
        meta_policy=settings["META_POLICY"],
        exit_url=settings["EXIT_URL"],
        paper=palette.paper,
        night=palette.night,
        main=tuple(Link(kind.name, kind.index_url, kind.plural) for kind in resolved.kinds.values() if kind.in_menu),
        more=links(pages),
        assets=assets,
        links={"refuge": link(library.entries[SAFETY_GUIDE]), "help": link(library.entries[HELP])},
    )


def rendered(site: Site) -> Iterator[tuple[str, str]]:
    """Yield (file name, HTML) of every page."""
    environment = make_environment([site.theme / "templates"], site.frame)
    for page in site.pages:
        yield page.save_as, render(environment, page)


def finished(site: Site) -> Iterator[tuple[str, str | bytes]]:
    """Yield (file name, content) of all that is made from the pages."""
    resolved, frame = site.resolved, site.frame
    for asset in resolved.assets.values():
        yield f"assets/{asset.name}", asset.content
    yield from resolved_pictures(resolved)
    yield from site.sharing.files(site.pages)
    icon = site.theme / "static" / "img" / "icon.svg"
    cards = site.sharing.cache / "cards"
    yield from discovery_files(site.pages, frame, icon, lambda svg: render_png(svg, cards))
    yield "llms.txt", site.twins.contents(frame.site, frame.slogan)
    data = export_library(resolved.library, resolved.graph, frame.origin)
    yield "library.json", json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def resolved_pictures(resolved: Resolved) -> Iterator[tuple[str, bytes]]:
    """Yield (file name, content) of every picture that a page shows, in each of its sizes."""
    for name, path in resolved.library.images.items():
        picture = resolved.pictures.find(name) if resolved.library.accounts[path] == "static" else None
        yield from (picture.files if picture else {}).items()


def finish_folder(output: Path, site: Site, lock: IO[str] | None = None) -> None:
    """Make what speaks of the written files, to the byte: the search index, then the worker and its list.

    ``lock`` is held on by whatever program still writes there when this one is killed.
    """
    index_site(output, lock)
    write_worker(output, site.pages, site.frame.base)


def write(output: Path, files: Sequence[tuple[str, str | bytes]]) -> None:
    """Write files below ``output``; raises :class:`LibraryError` before the first if two have one name."""
    refuse_twice(name for name, _ in files)
    for name, content in files:
        path = output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

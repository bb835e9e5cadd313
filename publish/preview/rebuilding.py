"""One round of the preview, as a job: the pages on the screen first, then the whole site.

The first look takes the site through the same stages as a build does, but plans and
renders only the pages that somebody looks at; what these need and the last build did not
have comes with them.  Then :func:`publish.build.build` does all of it, into the folder.
"""

from __future__ import annotations

import gc
import hashlib
import os
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from pelican.settings import read_settings

from plugins.assets.theme import Theme, read_theme
from plugins.common_thread.kinds import load_kinds
from plugins.common_thread.site import (
    Content,
    Site,
    check,
    plan_site,
    read,
    rendered,
    resolve,
    resolved_pictures,
)
from plugins.library import store
from plugins.library.cache import cache_folder
from plugins.library.entries import Entry
from plugins.library.filters import today
from plugins.library.loader import AllBut, load_library
from plugins.library.memory import Memory
from plugins.library.store import content_key
from plugins.problems import LibraryError, Problem, Problems
from plugins.problems.models import make_ready
from publish.build import build, template_problem
from publish.preview.jobs import ROOT, Send
from publish.site_settings import site_settings

Facts = dict[str, Any]
"""What the preview tells of a state of the site; plain values."""


@dataclass(frozen=True)
class Round:
    """What a round makes: into ``output``, with drafts or as published.

    ``wanted`` are the addresses of the pages on screen.
    """

    output: Path
    site_url: str
    with_held: bool
    wanted: Collection[str]

    def overrides(self, left_out: frozenset[str]) -> dict[str, Any]:
        """Return the settings that are other than for a site that is published."""
        shown: Container[str] = AllBut(left_out) if self.with_held else ()
        return {"SHOW_HELD": shown}


def rebuild(send: Send, output: str, site_url: str, with_held: bool, wanted: Collection[str]) -> None:
    """Send ("look", files, facts) and ("done", facts), or else ("problems", problems).

    A draft with faults is left out, and the round begins again: it is on nobody's way.
    """
    this = Round(Path(output), site_url, with_held, wanted)
    left_out: frozenset[str] = frozenset()
    found: list[Problem] = []
    while True:
        try:
            take_round(send, this, left_out, found)
        except LibraryError as error:
            found += error.problems
            more = at_fault(error.problems) if with_held else frozenset()
            if more <= left_out:
                send(("problems", plain(found)))
                return
            left_out |= more
        else:
            return


def take_round(send: Send, this: Round, left_out: frozenset[str], found: list[Problem]) -> None:
    """Show what is on the screen, then make all of it; raises :class:`LibraryError`."""
    overrides = this.overrides(left_out)
    gc.disable()  # for a moment: what is made now is either kept or gone with the process
    try:
        files, facts = first_look(this, overrides)
    finally:
        gc.enable()
    send(("look", files, facts | {"problems": plain(found)}))
    # What may still be at work there is a round that this one has stopped: nobody has to know.
    result = build(this.output, this.site_url, say=lambda _words: None, **overrides)
    facts = facts_of(result.site, left_out) | {"problems": plain([*found, *result.warnings])}
    send(("done", facts))


def first_look(this: Round, overrides: Mapping[str, Any]) -> tuple[dict[str, bytes | None], Facts]:
    """Return the files of the pages on screen, None for one that is gone, and what there is to tell."""
    url = this.site_url.rstrip("/")
    settings = read_settings(
        str(ROOT / "pelican.conf.py"), override={**overrides, "SITEURL": url, "FEED_DOMAIN": url}
    )
    problems = Problems()
    theme = theme_of(settings)
    content = read(settings, problems)
    resolved = resolve(content, settings, theme, problems)
    check(resolved, settings, problems)
    problems.raise_errors()
    site = plan_site(resolved, settings, problems, only=frozenset(this.wanted))
    try:
        files: dict[str, bytes | None] = {name: html.encode() for name, html in rendered(site)}
    except jinja2.TemplateError as error:
        raise LibraryError([template_problem(error)]) from error
    files |= dict.fromkeys(gone(site, content, this.wanted))
    others = {**theme.files(), **dict(resolved_pictures(resolved))}
    files |= {name: made for name, made in others.items() if not (this.output / name).is_file()}
    return files, facts_of(site)


def gone(site: Site, content: Content, wanted: Iterable[str]) -> Iterable[str]:
    """Yield the files of entries that are on the screen, and no more in the library."""
    folders = {f"/{kind.folder}/" for kind in content.kinds.values()}
    planned = {page.url for page in site.pages} | {*site.resolved.data.redirects.leads}
    for url in wanted:
        if url not in planned and any(url.startswith(folder) for folder in folders):
            yield f"{url.lstrip('/')}index.html"


def theme_of(settings: Mapping[str, Any]) -> Theme:
    """Return the theme, at hand if none of its files has changed, and no setting that speaks of it."""
    if store.MEMORY is None:
        return read_theme(settings, cache_folder(settings))
    folders = [Path(folder) / "static" for folder in (settings["THEME"], *settings.get("THEME_PARTS", ()))]
    told = {name: settings[name] for name in ("THEME", "STYLESHEETS", "PAGE_STYLESHEETS")}
    key = content_key("theme", told, folders, print_of(folders))
    if key not in store.MEMORY:
        store.MEMORY.keep([(key, read_theme(settings, cache_folder(settings)))])
    theme: Theme = store.MEMORY[key]
    return theme


def print_of(tops: Iterable[Path]) -> bytes:
    """Return a hash of all files below some folders."""
    digest = hashlib.blake2b()
    for top in tops:
        for folder, folders, names in os.walk(top):
            folders.sort()
            for name in sorted(names):
                content = Path(folder, name).read_bytes()
                digest.update(f"{folder}/{name}\0{len(content)}\0".encode() + content)
    return digest.digest()


def at_fault(problems: Iterable[Problem]) -> frozenset[str]:
    """Return the drafts and scheduled entries to leave out: those with faults, or all if others have some."""
    settings = site_settings()
    kinds, _ = load_kinds(settings["KIND_MODULES"])
    held = {entry.path: slug for slug, entry in _held(settings, kinds).items()}
    paths = {problem.path for problem in problems}
    return frozenset(held[path] for path in paths) if paths <= held.keys() else frozenset(held.values())


def _held(settings: Mapping[str, Any], kinds: Any) -> dict[str, Entry]:
    kept = cache_folder(settings) / "kept"
    return load_library(Path(settings["PATH"]), kinds, today(), Problems(), kept=kept).held


def facts_of(site: Site, left_out: Collection[str] = ()) -> Facts:
    """Return what there is to tell: how many entries, which are held back, and where each page comes from."""
    library, day = site.resolved.library, today()
    entries = library.entries
    held = {
        entry.url: (entry.status(day), entry.title, entry.path, entry.slug in entries)
        for entry in [*entries.values(), *library.held.values()]
        if entry.status(day) != "published"
    }
    return {
        "entries": len(entries),
        "held": held,
        "left_out": sorted(left_out),
        "sources": {entry.url: entry.path for entry in entries.values()},
    }


def plain(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Return problems as plain values, errors first."""
    ordered = sorted(set(problems), key=lambda one: (one.warning, one))
    names = ("path", "line", "column", "rule", "message", "cure", "warning")
    return [{name: getattr(one, name) for name in names} for one in ordered]


def remembering() -> Iterator[None]:
    """Have at hand what does not change from round to round, step by step; in the process that stays.

    The first time it takes a look at a page too, so that what is loaded when first used is there.
    """
    is_first = store.MEMORY is None
    memory = store.MEMORY = store.MEMORY or Memory()
    memory.turn()
    settings = site_settings()
    theme_of(settings)
    yield
    with suppress(LibraryError):
        read(settings, Problems())
        yield
        if is_first:
            make_ready()
            this = Round(ROOT / ".preview", "http://127.0.0.1", with_held=True, wanted=["/"])
            first_look(this, this.overrides(frozenset()))

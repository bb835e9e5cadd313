"""Who owns which address, known before anything is written: nothing is put in the place of something else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from plugins.common_thread.wordings import PLACES
from plugins.library.entries import Library
from plugins.library.kinds import Kind
from plugins.problems import Problems, did_you_mean, shown
from plugins.problems.yaml_data import YamlData

ADDRESS = re.compile(r"/(?:[a-z0-9-]+/)*")
"""What a page of the site can have for an address."""
REDIRECTS = "content/data/redirects.yaml"
RESERVED = {
    "assets": "style sheets and scripts",
    "exit": "the quick exit",
    "feeds": "the feeds",
    "images": "the pictures",
    "oembed": "what other sites are told to show a page in a frame",
    "pagefind": "the search index",
    "schemas": "the schemas of what editors write",
}
"""Folders in which the site keeps what is no page of the library, and what that is."""


@dataclass(frozen=True)
class Redirects:
    """Where old addresses lead, and the line of each."""

    leads: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)


def read_redirects(data: YamlData, path: str, problems: Problems) -> Redirects:
    """Return the redirects of a file, those alone that are addresses of pages on both sides."""
    leads: dict[str, str] = {}
    lines: dict[str, int] = {}
    if not isinstance(data.value, dict):
        if data.value:
            message = f"pairs of addresses are wanted, not {shown(data.value)}."
            problems.add(path, data.line(()), "type", message, "Write old: new.")
        return Redirects()
    cure = "Write it from the root, in small letters, with a '/' at both ends: /guides/name/."
    for old, new in data.value.items():
        line = data.line((str(old),))
        bad = [
            address
            for address in (old, new)
            if not isinstance(address, str) or not ADDRESS.fullmatch(address)
        ]
        for address in bad:
            problems.add(path, line, "redirect", f"{shown(address)} is no address of a page.", cure)
        if not bad:
            leads[old], lines[old] = new, line
    return Redirects(leads, lines)


def places(kinds: Iterable[Kind]) -> dict[str, str]:
    """Return what stands at each address that no entry may have."""
    found = {f"/{name}/": what for name, what in RESERVED.items()}
    found |= {f"/{name}/": f"the page '{wording.title}'" for name, wording in PLACES.items()}
    lists = {kind.index_url: f"the list of {kind.plural.lower()}" for kind in kinds if not kind.at_root}
    return found | lists


def check_addresses(library: Library, problems: Problems) -> None:
    """No entry, published or not, stands where something else does."""
    taken = places(library.kinds.values())
    for entry in (*library.entries.values(), *library.held.values()):
        owner = taken.setdefault(entry.url, entry.path)
        if owner != entry.path:
            message = f"the page would stand at {shown(entry.url)}, where {owner} is."
            problems.add(entry.path, 1, "address", message, "Rename the file.")


def check_redirects(redirects: Redirects, library: Library, problems: Problems) -> None:
    """A redirect leads from an address that is nobody's, in one step, to a page."""
    for old, new in redirects.leads.items():
        fault = next(_redirect_faults(redirects.leads, library, old, new), None)
        if fault:
            problems.add(REDIRECTS, redirects.lines[old], "redirect", *fault)


def _redirect_faults(
    leads: Mapping[str, str], library: Library, old: str, new: str
) -> Iterator[tuple[str, str]]:
    """Yield (what is wrong, cure), the root of it first."""
    taken = places(library.kinds.values())
    entries = {entry.url: entry.path for entry in (*library.held.values(), *library.entries.values())}
    first = old.split("/")[1]
    if old in taken or old in entries:
        owner = taken.get(old) or entries[old]
        yield f"{shown(old)} is the address of {owner}, so it can't lead elsewhere.", "Remove the redirect."
    if first in RESERVED or first in PLACES:
        yield f"{shown(old)} lies below the address of {places(())[f'/{first}/']}.", "Remove the redirect."
    above = next((url for url in entries if url != "/" and old.startswith(url)), None)
    if above:
        yield f"{shown(old)} lies below the page {shown(above)}.", "Remove the redirect."
    quizzes = library.kinds["quiz"].index_url
    if old.startswith(quizzes) and not new.startswith(quizzes):
        yield f"{shown(old)} is the address of a quiz, and {shown(new)} is none.", "Send it to a quiz."
    yield from _target_faults(leads, library, old, new)


def _target_faults(
    leads: Mapping[str, str], library: Library, old: str, new: str
) -> Iterator[tuple[str, str]]:
    if new == old:
        yield f"{shown(old)} leads to itself.", "Remove the redirect."
    end, passed = new, [old]
    while end in leads and end not in passed:
        passed.append(end)
        end = leads[end]
    if end in passed:
        circle = " → ".join([*passed, end])
        yield f"{shown(old)} leads in a circle: {circle}.", "Remove one of these redirects."
    if end != new:
        yield f"{shown(old)} leads to {shown(new)}, which is a redirect itself.", f"Send it to {shown(end)}."
    held = {entry.url: entry.path for entry in library.held.values()}
    if new in held:
        yield f"{shown(old)} leads to {shown(new)}, which is not published.", f"Publish {held[new]} first."
    pages = _pages(library)
    if new not in pages:
        yield f"{shown(old)} leads to {shown(new)}, where there is no page.", did_you_mean(new, pages)


def _pages(library: Library) -> set[str]:
    """Return every address a redirect may lead to; a file that could not be read may hold a page."""
    broken = {library.kinds[kind].url(slug) for slug, kind in library.broken.items()}
    found = {entry.url for entry in library.entries.values()} | {f"/{name}/" for name in PLACES} | broken
    return (found | {kind.index_url for kind in library.kinds.values()}) - {"/404.html"}

"""Looking at one file of a finished build by itself: what it holds, where it leads, what it may not say.

Apart from :mod:`publish.verify`, which looks at how files hang together: what was seen in a file is kept,
and made anew when code changes that has a part in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from publish.addresses import Checker, Fault, elements

_LINKS = {
    "a": "href",
    "link": "href",
    "img": "src",
    "script": "src",
    "source": "src",
    "use": "href",
    "form": "action",
}
_HERE = "this-site.invalid"
_ROOT = f"http://{_HERE}/"
_PLAIN = re.compile(r"(/(?:[\w-][\w.-]*(?:/[\w-][\w.-]*)*/?)?)?(?:#([\w-]+))?", re.ASCII)
"""An address of this site that says by itself where it leads: a path, a place on it, or both."""
_TOLD_BY_NAME = {"form", "script", "style"}
"""Elements that may be faults without any attribute."""
_DATA_SCRIPTS = {"application/json", "application/ld+json"}


@dataclass
class PageFacts:
    """What one HTML file holds: ids, those there twice, links as (address, can it be clicked), faults."""

    ids: set[str] = field(default_factory=set)
    twice: list[str] = field(default_factory=list)
    links: list[tuple[str, bool]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read_page(html: bytes) -> PageFacts:
    """Return the facts of one page."""
    facts = PageFacts()
    for tag, attributes, _ in elements(html.decode("utf-8")):
        if not attributes and tag not in _TOLD_BY_NAME:
            continue
        identifier = attributes.get("id")
        if identifier:
            if identifier in facts.ids:
                facts.twice.append(identifier)
            facts.ids.add(identifier)
        facts.faults += [f"'{name}' is inline script" for name in attributes if name.startswith("on")]
        if "style" in attributes:
            facts.faults.append(f"<{tag} style> is inline style")
        if _could_send(tag, attributes):
            facts.faults.append(f'<{tag}> could send what is typed or picked: write <form method="dialog">')
        if tag == "style":
            facts.faults.append("<style> is inline style")
        if tag == "script" and "src" not in attributes and attributes.get("type") not in _DATA_SCRIPTS:
            facts.faults.append("<script> is inline script")
        address = attributes.get(_LINKS[tag]) if tag in _LINKS else None
        if address:
            facts.links.append((address, tag == "a"))
    return facts


def _could_send(tag: str, attributes: Mapping[str, str | None]) -> bool:
    """Tell whether a form could leave the page.

    Outside of a dialog, one of the method "dialog" does nothing.
    """
    if tag == "form" and (attributes.get("method") != "dialog" or "action" in attributes):
        return True
    return "formaction" in attributes or "formmethod" in attributes


@dataclass(frozen=True)
class Look:
    """What was seen in one file, by itself.

    The facts of a page but for its links, those that lead to this site, and addresses that may not be.
    """

    facts: PageFacts | None
    targets: tuple[Target, ...]
    faults: tuple[Fault, ...]


class Target(NamedTuple):
    """Where a link of a page leads on this site.

    ``file`` is the file served there, None outside of what the site lies under; ``address`` is as written.
    """

    file: str | None
    fragment: str
    address: str
    clickable: bool


_target = lru_cache(maxsize=100_000)(Target)
"""One target for all pages that have it, so that it is kept once."""


def look_at(name: str, path: str, checker: Checker, base: str) -> Look:
    """Return what is seen in the file at ``path``, called ``name`` on a site that lies under ``base``."""
    content = Path(path).read_bytes()
    faults = tuple(checker.faults(name, content))
    if not name.endswith(".html"):
        return Look(None, (), faults)
    facts = read_page(content)
    targets = tuple(_targets(name, facts, base))
    return Look(replace(facts, links=[]), targets, faults)


def _targets(name: str, facts: PageFacts, base: str) -> Iterator[Target]:
    page = f"{base}/{name.removesuffix('index.html')}"
    for address, clickable in dict.fromkeys(facts.links):
        place = place_of(address, page)
        if place is not None:
            path, fragment = place
            yield _target(_file_for(path, base), fragment, address, clickable)


def place_of(address: str, page: str) -> tuple[str, str] | None:
    """Return (path, fragment) of where a link on the page at the path ``page`` leads; None if elsewhere."""
    plain = _PLAIN.fullmatch(address)
    if plain:
        return plain[1] or page, plain[2] or ""
    # Most of the others lead to the same place from wherever they stand.
    is_whole = address.startswith(("/", "https://", "http://"))
    return _joined(_ROOT if is_whole else f"http://{_HERE}{page}", address)


@lru_cache(maxsize=50_000)
def _joined(here: str, address: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(urljoin(here, address))
    except ValueError:
        return None  # the look over the addresses names it
    if parts.netloc != _HERE:
        return None
    return unquote(parts.path), unquote(parts.fragment).split(":~:")[0]


def _file_for(path: str, base: str) -> str | None:
    """Return the file an address is served from, relative to the output; None outside of the site."""
    if not path.startswith(f"{base}/"):
        return None
    name = path.removeprefix(f"{base}/")
    return f"{name}index.html" if not name or name.endswith("/") else name

"""Looking over a finished build, the way a reader's browser will.

Every link leads to a page that exists, every ``#fragment`` to something on it; nothing
is further than three clicks from the home page; no page carries inline script or style,
or a form that could send what somebody typed; every published entry has its file; every
address is one that may be (:mod:`publish.addresses`).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from plugins.library.code import code_version
from plugins.library.entries import Entry, Library
from plugins.library.natures import Natures, files_below
from plugins.library.store import content_key, store
from plugins.library.text.body import Body
from plugins.problems import Problems, shown
from publish.addresses import Checker, Fault, elements

MAX_CLICKS = 3
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
    is_open = tag == "form" and (attributes.get("method") != "dialog" or "action" in attributes)
    return is_open or not attributes.keys().isdisjoint({"formaction", "formmethod"})


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


def verify_output(
    output: Path,
    library: Library,
    site: str,
    problems: Problems,
    kept: Path | None = None,
    *,
    natures: Natures | None = None,
) -> None:
    """Note all that is wrong with the build in ``output``; paths in problems are those of the sources.

    ``site`` is the address it will have, without a slash at its end; ``natures`` are what is known of
    the files.  What is seen in single files is kept in the folder ``kept``; how they hang together is
    looked at every time.
    """
    checker, base, natures = Checker(site), urlsplit(site).path, natures or Natures()
    files = dict(files_below(output))
    names = [name for name in files if checker.reads(name)]
    asked = [
        (content_key(name, natures.of(files[name])), partial(_look, name, files[name], checker, base))
        for name in names
    ]
    with store(kept and kept / "looks.sqlite", content_key(code_version(), site), at_hand=True) as known:
        looks = dict(zip(names, known.get_all(asked), strict=True))
    sources = {entry.save_as: entry for entry in library.entries.values()}
    verifier = _Verifier(set(files), base, looks, sources, library.bodies, problems)
    verifier.verify()


def _look(name: str, path: str, checker: Checker, base: str) -> Look:
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


@dataclass
class _Verifier:
    """One look over one build, all of whose ``files`` have been looked at by themselves.

    ``sources`` maps output files to their entries, ``bodies`` slugs to texts.
    """

    files: set[str]
    base: str
    looks: dict[str, Look]
    sources: dict[str, Entry]
    bodies: dict[str, Body]
    problems: Problems

    @cached_property
    def pages(self) -> dict[str, PageFacts]:
        """Return the facts of every page."""
        return {name: look.facts for name, look in self.looks.items() if look.facts}

    def verify(self) -> None:
        """Run every check."""
        for name, entry in self.sources.items():
            if name not in self.pages:
                self.problems.add(
                    entry.path, 1, "lost", f"the entry has no page {shown(name)}.", "Report this."
                )
        reached: dict[str, list[str]] = {}
        for name, facts in self.pages.items():
            reached[name] = self.check_links(name)
            for fault in facts.faults:
                self.add(name, "", "page", f"{fault}.")
            for identifier in facts.twice:
                self.add_twice(name, identifier)
        self.check_reach(reached)
        for name, look in self.looks.items():
            for address_fault in look.faults:
                self.add(name, address_fault.value, "address", str(address_fault))

    def check_links(self, name: str) -> list[str]:
        """Check the links of one page and return the pages a reader can click to."""
        found: list[str] = []
        for file, fragment, address, clickable in self.looks[name].targets:
            if file is None or file not in self.files:
                self.add(name, address, "link", f"the link {shown(address)} leads nowhere.")
                continue
            if clickable:
                found.append(file)
            if fragment and file in self.pages and fragment not in self.pages[file].ids:
                self.add(name, address, "fragment", f"there is no '#{fragment}' at {shown(address)}.")
        return found

    def check_reach(self, links: dict[str, list[str]]) -> None:
        """Note each entry that is more than ``MAX_CLICKS`` away from the home page."""
        clicks = {"index.html": 0}
        queue = deque(["index.html"])
        while queue:
            name = queue.popleft()
            for target in links.get(name, ()):
                if target not in clicks:
                    clicks[target] = clicks[name] + 1
                    queue.append(target)
        for name, entry in self.sources.items():
            if clicks.get(name, MAX_CLICKS + 1) > MAX_CLICKS and name != "404.html":
                message = f"no path of {MAX_CLICKS} clicks leads from the home page to '{entry.slug}'."
                cure = f"Link to it with [[{entry.slug}]] from another page."
                self.problems.add(entry.path, 1, "orphan", message, cure)

    def add_twice(self, name: str, identifier: str) -> None:
        """Note an id that stands on a page twice.

        Mostly the text has a heading worded as one of the page's own.
        """
        entry = self.sources.get(name)
        headings = self.bodies[entry.slug].headings if entry and entry.slug in self.bodies else ()
        heading = next((heading for heading in headings if heading.id == identifier), None)
        if not entry or not heading:
            self.add(name, "", "page", f"the id '{identifier}' stands on the page twice.")
            return
        message = (
            f"the heading {shown(heading.text)} has the address '#{identifier}', which the page itself uses."
        )
        self.problems.add(entry.path, heading.line, "heading", message, "Word it differently.")

    def add(self, name: str, needle: str, rule: str, message: str) -> None:
        """Note a fault of an output page at the line of the source it comes from."""
        entry = self.sources.get(f"{name.removesuffix('.md')}.html" if name.endswith("index.md") else name)
        if entry is None:
            self.problems.add("theme/templates", 1, rule, f"{name}: {message}", "Mend the template.")
            return
        at = entry.body.find(needle.removeprefix(self.base)) if needle else -1
        line = entry.body_line + entry.body.count("\n", 0, at) if at >= 0 else 1
        self.problems.add(entry.path, line, rule, message, "Mend the link." if needle else "Report this.")

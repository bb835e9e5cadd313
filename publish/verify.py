"""Looking over a finished build, the way a reader's browser will.

Every link leads to a page that exists, every ``#fragment`` to something on it; nothing
is further than three clicks from the home page; no page carries inline script or style,
or a form that could send what somebody typed; every published entry has its file; every
address is one that may be (:mod:`publish.addresses`).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from urllib.parse import urlsplit

from plugins.library.code import code_of
from plugins.library.entries import Entry, Library
from plugins.library.natures import Natures, files_below
from plugins.library.store import content_key, store
from plugins.library.text.body import Body
from plugins.problems import Problems, shown
from publish.addresses import Checker
from publish.looks import Look, PageFacts, look_at

MAX_CLICKS = 3


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
        (content_key(name, natures.of(files[name])), partial(look_at, name, files[name], checker, base))
        for name in names
    ]
    with store(kept and kept / "looks.sqlite", content_key(code_of(look_at), site), at_hand=True) as known:
        looks = dict(zip(names, known.get_all(asked), strict=True))
    sources = {entry.save_as: entry for entry in library.entries.values()}
    verifier = _Verifier(set(files), base, looks, sources, library.bodies, problems)
    verifier.verify()


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

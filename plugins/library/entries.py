"""Typed entries, and the library that holds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from plugins.library import schema
from plugins.library.helplines import Helplines
from plugins.library.kinds import Kind, Kinds
from plugins.library.text.body import Body
from plugins.library.text.document import Document
from plugins.problems.yaml_data import Loc


@dataclass(frozen=True)
class Entry:
    """One page of the library, as its author wrote it.

    ``path`` is relative to the project, ``body`` is Markdown (empty for a quiz) and
    starts on line ``body_line``; ``lines`` gives the line of each front-matter value.
    ``data`` holds what is not front matter (a quiz's own YAML).
    """

    kind: Kind
    slug: str
    path: str
    front: Any
    body: str = ""
    body_line: int = 1
    lines: dict[Loc, int] = field(default_factory=dict, compare=False, repr=False)
    data: Any = field(default=None, compare=False, repr=False)

    def __hash__(self) -> int:
        return hash(self.slug)

    @property
    def title(self) -> str:
        """Return the title readers see."""
        return str(self.front.title)

    @property
    def url(self) -> str:
        """Return the site-absolute address, without any base path."""
        return self.kind.url(self.slug)

    @property
    def save_as(self) -> str:
        """Return the file this page is written to, relative to the output folder."""
        path = self.url.lstrip("/")
        return path if path.endswith(".html") else f"{path}index.html"

    @property
    def changed(self) -> dt.date:
        """Return the day of the last change that matters to a reader; a review that changed nothing is none."""
        day: dt.date = self.front.updated or self.front.date or self.front.reviewed
        return day

    @property
    def has_note(self) -> bool:
        """Tell whether the page carries the standard safety note."""
        return not self.front.safety and self.kind.note(self.front)

    @property
    def has_exit(self) -> bool:
        """Tell whether the page carries the quick exit: where its author asks for it, and on every safety page."""
        return bool(self.front.quick_exit or self.front.safety)

    def line(self, *loc: str | int) -> int:
        """Return the line of a front-matter value, or of the nearest thing around it."""
        while loc and loc not in self.lines:
            loc = loc[:-1]
        return self.lines.get(loc, 1)

    def status(self, today: dt.date) -> str:
        """Return ``published``, ``draft`` or ``scheduled`` as of ``today``."""
        if self.front.status == "draft":
            return "draft"
        if self.front.date is not None and self.front.date > today:
            return "scheduled"
        return "published"


@dataclass(frozen=True)
class Declared:
    """A relation as some file states it, before anybody has looked whether it holds.

    ``type`` names a relation type of the crosslinks plugin, ``target`` is a slug.
    """

    type: str
    source: str
    target: str
    path: str
    line: int
    because: str = ""
    field: str = ""
    anchor: str = ""


@dataclass
class Library:
    """Everything under ``content/``.

    ``entries`` are the published ones by slug; ``held`` the drafts and scheduled ones.
    ``accounts`` maps every file to what became of it: ``page``, ``data``, ``static``,
    ``draft`` or ``scheduled``.  ``declared`` are relations that plugins read from files of
    their own; ``bodies`` the parsed texts by slug, drafts
    and scheduled ones included; ``documents`` those of the published with everything filled in;
    ``broken`` the slug and kind of each file that could not be read, so that nobody complains of links to them,
    and ``broken_images`` the pictures;
    ``lost`` maps each file with faults to its text, or to None if nobody knows it;
    ``incomplete`` tells that whole folders could not be read, so that nothing can be said about the rest.
    """

    kinds: Kinds[Kind] = field(default_factory=lambda: Kinds(()))
    entries: dict[str, Entry] = field(default_factory=dict)
    held: dict[str, Entry] = field(default_factory=dict)
    evidence: dict[str, schema.Evidence] = field(default_factory=dict)
    evidence_lines: dict[str, int] = field(default_factory=dict)
    helplines: Helplines = field(default_factory=lambda: Helplines(countries={}, lines=[]))
    coverage: list[schema.CoverageRule] = field(default_factory=list)
    coverage_lines: list[int] = field(default_factory=list)
    redirects: dict[str, str] = field(default_factory=dict)
    redirect_lines: dict[str, int] = field(default_factory=dict)
    share_links: list[schema.ShareLink] = field(default_factory=list)
    images: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    declared: list[Declared] = field(default_factory=list)
    bodies: dict[str, Body] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    broken_images: set[str] = field(default_factory=set)
    lost: dict[str, str | None] = field(default_factory=dict)
    incomplete: bool = False

    def may_be_lost(self, words: str, data_file: str = "") -> bool:
        """Tell whether ``words`` may stand in a file with faults: in ``data_file``, or in an entry.

        What seems to be missing is then no fault of its own.
        """
        for name, text in self.lost.items():
            is_asked = name.endswith(data_file) if data_file else "/data/" not in name
            if is_asked and (text is None or words in text):
                return True
        return False

    def of_kind(self, name: str) -> list[Entry]:
        """Return the published entries of a kind in reading order."""
        found = [entry for entry in self.entries.values() if entry.kind.name == name]
        return sorted(found, key=_reading_order)

    def pages(self) -> Iterable[Entry]:
        """Return the published entries of every kind, kind by kind."""
        for name in self.kinds:
            yield from self.of_kind(name)


def _reading_order(entry: Entry) -> tuple[int, str]:
    return getattr(entry.front, "order", 0), entry.title.casefold()

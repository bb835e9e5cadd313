"""Typed entries, and the library that holds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast

from typing_extensions import TypeVar as TypeVarWithDefault

from plugins.library.kinds import Kind, Kinds
from plugins.library.schema import Front
from plugins.library.text.body import Body
from plugins.library.text.document import Document
from plugins.problems import Problems
from plugins.problems.yaml_data import Loc, YamlData

F_co = TypeVarWithDefault("F_co", bound=Front, covariant=True, default=Front)
G = TypeVar("G", bound=Front)
T = TypeVar("T")


@dataclass(frozen=True)
class Entry(Generic[F_co]):
    """One page of the library, as its author wrote it; ``Entry[F]`` is one whose front matter is an ``F``.

    ``path`` is relative to the project, ``body`` is Markdown (empty for a quiz) and
    starts on line ``body_line``; ``lines`` gives the line of each front-matter value.
    ``data`` holds what is not front matter (a quiz's own YAML); ``key`` stands for the whole file, if
    what is made of it is to be kept.
    """

    kind: Kind
    slug: str
    path: str
    front: F_co
    body: str = ""
    body_line: int = 1
    lines: dict[Loc, int] = field(default_factory=dict, compare=False, repr=False)
    data: YamlData | None = field(default=None, compare=False, repr=False)
    key: bytes = field(default=b"", compare=False, repr=False)

    def __repr__(self) -> str:
        return f"<Entry {self.path}>"

    def __hash__(self) -> int:
        return hash(self.slug)

    @property
    def title(self) -> str:
        """Return the title readers see."""
        return self.front.title

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
        """Return the day of the last change that matters to a reader.

        A review that changed nothing is none.
        """
        return self.front.updated or self.front.date or self.front.reviewed

    @property
    def order(self) -> int:
        """Return its place among those of its kind: the key ``order``, if its kind has one."""
        return int(getattr(self.front, "order", 0))

    @property
    def has_note(self) -> bool:
        """Tell whether the page carries the standard safety note."""
        return not self.front.safety and self.kind.note(self.front)

    @property
    def has_exit(self) -> bool:
        """Tell whether the page carries the quick exit.

        Where its author asks for it, and on every safety page.
        """
        return self.front.quick_exit or self.front.safety

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

    def having(self, front: type[G]) -> Entry[G]:
        """Return the entry as one whose front matter is a ``front``; raises TypeError if it is none."""
        if not isinstance(self.front, front):
            raise TypeError(f"the front matter of {self.path} is no {front.__name__}")
        return cast("Entry[G]", self)

    def named(self, key: str, item_key: str = "") -> Iterator[tuple[str, str, int]]:
        """Yield (slug, reason, line) of each entry that a key of the front matter names.

        An item of the key is a slug, or has one under ``item_key`` and a reason under ``because``.
        """
        for at, item in enumerate(getattr(self.front, key)):
            slug, because = (item, "") if isinstance(item, str) else (getattr(item, item_key), item.because)
            yield slug, because, self.line(key, at)


@dataclass(frozen=True)
class DataFile:
    """A file of ``content/data/``: its path, its text and what the YAML in it says."""

    path: str
    text: str
    data: YamlData


@dataclass
class Library:
    """Everything under ``content/``.

    ``entries`` are the published ones by slug; ``held`` the drafts and scheduled ones;
    ``data`` the data files by name, or by folder and name outside ``content/data``, for :meth:`read`.
    ``accounts`` maps every file to what became of it: ``page``, ``data``, ``static``,
    ``draft`` or ``scheduled``.  ``bodies`` are the parsed texts by slug, drafts
    and scheduled ones included; ``documents`` those of the published with everything filled in;
    ``broken`` the slug and kind of each file that could not be read, so that nobody complains of links to
    them,
    and ``broken_images`` the pictures;
    ``lost`` maps each file with faults to its text, or to None if nobody knows it;
    ``incomplete`` tells that whole folders could not be read, so that nothing can be said about the rest.
    """

    kinds: Kinds[Kind] = field(default_factory=lambda: Kinds(()))
    entries: dict[str, Entry] = field(default_factory=dict)
    held: dict[str, Entry] = field(default_factory=dict)
    data: dict[str, DataFile] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    broken_images: set[str] = field(default_factory=set)
    lost: dict[str, str | None] = field(default_factory=dict)
    incomplete: bool = False
    _by_kind: dict[str, list[Entry]] = field(default_factory=dict, repr=False, compare=False)
    _counted: int = -1

    def __repr__(self) -> str:
        return f"<Library of {len(self.entries)} entries, {len(self.held)} held back, {len(self.lost)} lost>"

    def read(
        self, name: str, reader: Callable[[YamlData, str, Problems], T | None], problems: Problems
    ) -> T | None:
        """Return what ``reader`` makes of a data file (data, path, problems), or None if there is none.

        One in which it finds a fault may hold more than anybody knows: see :meth:`may_be_lost`.
        """
        if name not in self.data:
            return None
        file, before = self.data[name], len(problems.errors)
        value = reader(file.data, file.path, problems)
        if len(problems.errors) > before:
            self.lost[file.path] = file.text
        return value

    def may_be_lost(self, words: str, data_file: str = "") -> bool:
        """Tell whether ``words`` may stand in a file with faults: in ``data_file``, or in an entry.

        What seems to be missing is then no fault of its own.
        """
        for name, text in self.lost.items():
            is_asked = name.endswith(data_file) if data_file else "/data/" not in name
            if is_asked and (text is None or words in text):
                return True
        return False

    @property
    def known(self) -> dict[str, str]:
        """Return the kind of each slug that entries may name.

        Those that are published, or too broken to tell.
        """
        return {**{slug: entry.kind.name for slug, entry in self.entries.items()}, **self.broken}

    def document(self, entry: Entry) -> Document:
        """Return the text of an entry with everything filled in; it may be empty."""
        return self.documents.get(entry.slug, Document())

    def of_kind(self, name: str) -> list[Entry]:
        """Return the published entries of a kind in reading order."""
        if self._counted != len(self.entries):  # entries are only ever added, and by the loader
            self._by_kind = {kind: [] for kind in self.kinds}
            for entry in sorted(self.entries.values(), key=_reading_order):
                self._by_kind.setdefault(entry.kind.name, []).append(entry)
            self._counted = len(self.entries)
        return [*self._by_kind.get(name, ())]

    def having(self, front: type[G]) -> list[Entry[G]]:
        """Return the published entries whose front matter is a ``front``, in reading order."""
        found = [entry.having(front) for entry in self.entries.values() if isinstance(entry.front, front)]
        return sorted(found, key=_reading_order)

    def pages(self) -> Iterable[Entry]:
        """Return the published entries of every kind, kind by kind."""
        for name in self.kinds:
            yield from self.of_kind(name)


def _reading_order(entry: Entry) -> tuple[int, str]:
    return entry.order, entry.title.casefold()

"""What somebody asks for while a page is planned, so that its plan is kept for exactly as long as that holds.

Whoever plans looks up entries, relations and sources in mappings that note each question by a
name.  A kept plan is right if each of its questions has the answer it had: nobody has to say
what a page depends on, and nothing that was asked can be forgotten.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from plugins.library.entries import Entry, Library
from plugins.library.schema import Front
from plugins.library.store import content_key, digest
from plugins.library.text.document import Document

G = TypeVar("G", bound=Front)
K = TypeVar("K")
V = TypeVar("V")
_NOTHING = bytes(16)
"""The answer where there is nothing; every other is as long."""


@dataclass
class Asked:
    """Notes the names of questions while somebody is :meth:`noting`; else it hears nothing."""

    _names: dict[str, None] | None = field(default=None, repr=False)

    def note(self, *names: str) -> None:
        """Note that these were asked for."""
        if self._names is not None:
            self._names.update(dict.fromkeys(names))

    @contextmanager
    def noting(self) -> Iterator[dict[str, None]]:
        """Give the names of all that is asked for inside, in the order in which it was."""
        names: dict[str, None] = {}
        self._names = names
        try:
            yield names
        finally:
            self._names = None


class Noting(Mapping[K, V]):
    """A mapping of which each question is noted: ``names`` gives the names for a key and what it leads to.

    Whoever goes through all of it asks for ``whole``.
    """

    def __init__(
        self,
        mapping: Mapping[K, V],
        asked: Asked,
        names: Callable[[K, V | None], Iterable[str]],
        whole: Iterable[str] = (),
    ) -> None:
        self._mapping, self._asked, self._names, self._whole = mapping, asked, names, (*whole,)

    def __getitem__(self, key: K) -> V:
        found = self._mapping.get(key)
        self._asked.note(*self._names(key, found))
        return self._mapping[key]

    def get(self, key: K, default: Any = None) -> Any:
        """Return the value of a key, or else ``default``; nothing is ever put in its place."""
        found = self._mapping.get(key)
        self._asked.note(*self._names(key, found))
        return default if found is None else found

    def __contains__(self, key: object) -> bool:
        return self.get(cast(K, key)) is not None

    def __iter__(self) -> Iterator[K]:
        if not self._whole:
            raise TypeError("nobody may go through all of this, since it has no name as a whole")
        self._asked.note(*self._whole)
        return iter(self._mapping)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class AskedLibrary(Library):
    """A library of which each question is noted.

    ``entry x`` asks for the file of an entry, ``text x`` for its text as pages show it,
    ``kind x`` for the files of all entries of a kind in their order.
    Nothing else of a library is here: what cannot be noted cannot be asked.
    """

    def __init__(self, library: Library, asked: Asked) -> None:
        every = [f"kind {kind}" for kind in library.kinds]
        entries = Noting(library.entries, asked, lambda slug, _: (f"entry {slug}",), every)
        bodies = Noting(library.bodies, asked, lambda slug, _: (f"entry {slug}",))
        documents = Noting(library.documents, asked, lambda slug, _: (f"text {slug}",))
        super().__init__(library.kinds, cast(Any, entries), bodies=cast(Any, bodies), documents=documents)
        self._whole, self._asked = library, asked

    def of_kind(self, name: str) -> list[Entry]:
        """Return the published entries of a kind in reading order."""
        self._asked.note(f"kind {name}")
        return self._whole.of_kind(name)

    def having(self, front: type[G]) -> list[Entry[G]]:
        """Return the published entries whose front matter is a ``front``, in reading order."""
        kinds = [name for name, kind in self.kinds.items() if issubclass(kind.front, front)]
        self._asked.note(*(f"kind {name}" for name in kinds))
        return self._whole.having(front)


class Answers(dict[str, bytes]):
    """What stands for the answer to each question, worked out when it is first wanted.

    ``others`` gives the answers to questions beside those of :class:`AskedLibrary`, as plain values: for the
    first word of the name, by what follows.
    """

    def __init__(self, library: Library, others: Mapping[str, Callable[[str], object]]) -> None:
        super().__init__()
        self._library = library
        self._others = others

    def __missing__(self, name: str) -> bytes:
        word, _, what = name.partition(" ")
        answer = self[name] = self._answer(word, what)
        return answer

    def _answer(self, word: str, what: str) -> bytes:
        library = self._library
        if word == "entry":
            return _file(library.entries[what]) if what in library.entries else _NOTHING
        if word == "text":
            return _text(library.documents.get(what))
        if word == "kind":
            return digest(b"".join(map(_file, library.of_kind(what))))
        return digest(content_key(self._others[word](what)))


def _file(entry: Entry) -> bytes:
    """Return what stands for the file of an entry: another thing each time if nothing is kept of it."""
    return entry.key or os.urandom(len(_NOTHING))


def _text(document: Document | None) -> bytes:
    return document.key or os.urandom(len(_NOTHING)) if document else _NOTHING

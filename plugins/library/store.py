"""What was made of a content is kept under the hash of that content, in one SQLite file a part.

A value is found again only if nothing it was made from has changed: the key covers the
content, and the recipe that a store is opened with covers code, settings and versions.
No clock and no modification time is asked, so a checkout of another branch or a copy
from another machine is as good as an own build.

Nothing depends on a store.  One that is damaged, locked or full only costs time: what a
value is worth is told by a hash before it, and a file that is no database is begun anew.
A store is written when it is closed, and before if much is new; a build that is killed leaves it whole.

Of small values that every build needs, all that the last one needed can lie in one piece
beside them (``at_hand``): one piece is read in a fraction of the time that a thousand are.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from plugins.library.memory import PARTS, Memory
from plugins.library.profile import count
from plugins.library.together import LEAST, each

Made = TypeVar("Made")
MEMORY: Memory | None = None
"""What this process has at hand, if it is one that stays."""
MOST_BYTES = 300_000_000
"""How large a store may grow before what the last build had no use for goes, once that is more than half."""
_SIZE = 16
_AT_HAND = b"at hand"
"""The key of what the last build used; no hash is as short."""
_FEW = 50
"""Of so many values at hand one may be missing before they are put together anew; it is kept by itself."""
_MOST_WAITING = 16_000_000
"""Bytes of new values that may wait to be written: they take room."""
_WAIT = 5.0
"""Seconds to wait for another build that writes."""
_SPOILT = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
"""What SQLite says of a file that is not, or no more, what we wrote; the first of a table that is another."""


@dataclass
class Store:
    """One part of the cache while a build is at work; ``path`` is None where nothing is to be kept.

    ``at_hand`` has what the last build used read at once.
    ``made`` and ``found`` count the values that were made now, and that were there.
    """

    path: Path | None
    recipe: bytes = b""
    at_hand: bool = False
    made: int = 0
    found: int = 0
    _new: dict[bytes, bytes] = field(default_factory=dict, repr=False)
    _used: set[bytes] = field(default_factory=set, repr=False)
    _last: dict[bytes, Any] = field(default_factory=dict, repr=False)
    _now: dict[bytes, Any] = field(default_factory=dict, repr=False)
    _database: sqlite3.Connection | None = field(default=None, repr=False)
    _waiting: int = 0
    """Bytes of what is new."""
    _process: int = field(default_factory=os.getpid, repr=False)
    """The process that opened the database: one that was forked from it opens its own."""
    _parents: list[sqlite3.Connection] = field(default_factory=list, repr=False)
    """Databases of processes before this one, never asked or closed here: their locks would go."""

    def __post_init__(self) -> None:
        self.recipe = digest(self.recipe)  # which may hold all templates, and stands before every content
        self._database = _opened(self.path) if self.path else None
        if self._memory:  # what this process has at hand anyway
            self.at_hand = False
        if self.at_hand:
            self._last = next(self._unpacked(self._read(_AT_HAND)), {})

    def get(self, content: bytes, make: Callable[[], Made]) -> Made:
        """Return what ``make`` gives, or what it gave for the same ``content`` before."""
        key = digest(self.recipe + content)
        if key in self._last and self._memory is None:
            self.found += 1
            value: Made = self._last[key]
            self._use(key, value)
            return value
        (value,) = self.get_all([(content, make)])
        return value

    def get_all(
        self,
        asked: Sequence[tuple[bytes, Callable[[], Made]]],
        ready: Callable[[], object] = lambda: None,
        light: Callable[[Made], Made] = lambda value: value,
    ) -> list[Made]:
        """Return the values of many (content, make), in their order; what is missing is made on all cores.

        ``ready`` gets ready what every ``make`` needs, before many of them are called.
        ``light`` gives what is kept of a value, where that is not all of it.
        """
        keys = [digest(self.recipe + content) for content, _ in asked]
        self._used.update(keys)
        known = {at: value for at, key in enumerate(keys) for value in self._known(key)}
        missing = [at for at in range(len(asked)) if at not in known]
        if len(missing) >= LEAST:
            ready()
        for at, value in zip(missing, each(lambda at: asked[at][1](), missing), strict=True):
            known[at] = value
            if self._database is not None:
                self._add(keys[at], pickle.dumps(light(value), pickle.HIGHEST_PROTOCOL))
        self.made, self.found = self.made + len(missing), self.found + len(asked) - len(missing)
        if self._memory is not None:
            self._memory.keep((key, known[at]) for at, key in enumerate(keys))
        if self.at_hand:
            self._now.update((key, light(known[at])) for at, key in enumerate(keys))
        return [known[at] for at in range(len(asked))]

    def make_ready(self, asked: Sequence[tuple[bytes, Callable[[], object]]]) -> None:
        """Have the values of many at hand, for whoever asks for one of them after the other."""
        values = self.get_all(asked) if self._database is not None else []
        self._last.update(zip((digest(self.recipe + content) for content, _ in asked), values, strict=False))

    @property
    def _memory(self) -> Memory | None:
        return MEMORY if self.path is not None and self.path.name in PARTS else None

    def _known(self, key: bytes) -> Iterator[Any]:
        """Yield the value of a key, if there is one that can be read."""
        if self._memory is not None and key in self._memory:
            yield self._memory[key]
        elif key in self._last:
            yield self._last[key]
        else:
            yield from self._unpacked(self._read(key))

    @staticmethod
    def _unpacked(packed: bytes | None) -> Iterator[Any]:
        if packed is not None:
            with suppress(Exception):  # a class that is gone, say: then it is made
                yield pickle.loads(packed)  # noqa: S301 — a cache is as trusted as the code beside it

    def known(self, content: bytes) -> Any:
        """Return what is kept for ``content``, or None."""
        key = digest(self.recipe + content)
        value = next(self._known(key), None)
        if value is not None:
            self._use(key, value)
        return value

    def _use(self, key: bytes, value: object) -> None:
        self._used.add(key)
        if self.at_hand:
            self._now[key] = value

    def put(self, content: bytes, value: object) -> None:
        """Keep ``value`` for ``content``, in the place of what was kept for it."""
        self.put_packed(content, pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
        self._use(digest(self.recipe + content), value)

    def put_packed(self, content: bytes, packed: bytes) -> None:
        """Keep a value that is pickled already."""
        if self._database is not None:
            key = digest(self.recipe + content)
            self._add(key, packed)
            self._used.add(key)

    def _add(self, key: bytes, packed: bytes) -> None:
        """Have a value written when the store is closed, or before, if much is waiting for that."""
        self._new[key] = _sealed(packed)
        self._waiting += len(packed)
        if self._waiting > _MOST_WAITING and os.getpid() == self._process:
            self.save()

    def _read(self, key: bytes) -> bytes | None:
        sealed = self._new.get(key)
        if self._database is not None and os.getpid() != self._process:
            self._parents.append(self._database)
            self._database, self._process = _opened(self.path) if self.path else None, os.getpid()
        if sealed is None and self._database is not None:
            try:
                row = self._database.execute("SELECT value FROM held WHERE key = ?", (key,)).fetchone()
            except sqlite3.Error as error:
                self._give_up(error)
                return None
            sealed = row[0] if row and isinstance(row[0], bytes) else None
        if sealed is None or digest(sealed[_SIZE:]) != sealed[:_SIZE]:
            return None
        return sealed[_SIZE:]

    def save(self) -> None:
        """Write what is new."""
        if self._database is None or not self._new:
            return
        try:
            with self._database:
                self._database.executemany("INSERT OR REPLACE INTO held VALUES (?, ?)", self._new.items())
        except sqlite3.Error as error:
            self._give_up(error)
        self._new.clear()
        self._waiting = 0

    def close(self) -> None:
        """Write what is new, and let go of what no build needs once there is too much."""
        count(self.made, self.found)
        self._used.add(_AT_HAND)
        if self.at_hand and len(self._now.keys() - self._last.keys()) > len(self._last) // _FEW:
            self._new[_AT_HAND] = _sealed(pickle.dumps(self._now, pickle.HIGHEST_PROTOCOL))
        self.save()
        if self._database is None:
            return
        try:
            self._shrink()
            self._database.close()
        except sqlite3.Error as error:
            self._give_up(error)
        self._database = None

    def _shrink(self) -> None:
        database = self._database
        if database is None or self.path is None or self.path.stat().st_size <= MOST_BYTES:
            return
        (rows,) = database.execute("SELECT count(*) FROM held").fetchone()
        if rows < 2 * len(self._used):
            return
        with database:
            database.execute("CREATE TEMP TABLE used (key BLOB PRIMARY KEY)")
            database.executemany("INSERT INTO used VALUES (?)", [(key,) for key in self._used])
            database.execute("DELETE FROM held WHERE key NOT IN (SELECT key FROM used)")
        database.execute("VACUUM")

    def _give_up(self, error: sqlite3.Error) -> None:
        """Go on without; a file that is damaged is removed, so that the next build begins anew."""
        if self._database is not None:
            self._database.close()
        self._database = None
        if self.path is not None and _is_spoilt(error):
            _remove(self.path)


@contextmanager
def store(path: Path | None, recipe: bytes = b"", *, at_hand: bool = False) -> Iterator[Store]:
    """Open a store for as long as its part of the build lasts; what was made is kept even if that fails."""
    opened = Store(path, recipe, at_hand)
    try:
        yield opened
    finally:
        opened.close()


def _opened(path: Path) -> sqlite3.Connection | None:
    """Return the database at ``path``, made if it is not there, begun anew if it is none.

    None if the disk refuses.
    """
    database = None
    for _ in range(2):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(path, timeout=_WAIT)
            database.execute("PRAGMA synchronous = OFF")  # what a power cut spoils is begun anew
            database.execute("DROP TABLE IF EXISTS kept")  # of an earlier release
            database.execute("CREATE TABLE IF NOT EXISTS held (key BLOB PRIMARY KEY, value BLOB)")
            database.execute("SELECT value FROM held WHERE key = x''")
            return database
        except OSError:
            return None
        except sqlite3.Error as error:
            if database is not None:
                database.close()
            if not _is_spoilt(error):
                return None
            _remove(path)
    return None


def _is_spoilt(error: sqlite3.Error) -> bool:
    """Tell whether the fault is in the file, and not that it is locked, or the disk full."""
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _SPOILT


def _remove(path: Path) -> None:
    for name in (path, path.with_name(f"{path.name}-journal")):
        with suppress(OSError):
            name.unlink(missing_ok=True)


def digest(content: bytes) -> bytes:
    """Return what stands for a content: 16 bytes."""
    return hashlib.blake2b(content, digest_size=_SIZE).digest()


def _sealed(value: bytes) -> bytes:
    return digest(value) + value


def content_key(*parts: Any) -> bytes:
    """Return the bytes that stand for ``parts``: equal for equal values, however those came about.

    A pickle without memory, so that it does not tell whether two equal strings are one.
    """
    out = io.BytesIO()
    pickler = pickle.Pickler(out, pickle.HIGHEST_PROTOCOL)
    pickler.fast = True
    pickler.dump(parts)
    return out.getvalue()

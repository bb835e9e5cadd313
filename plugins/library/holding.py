"""Files that are made only where the folder that is renewed does not hold them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from plugins.library.natures import Former, Held, nature
from plugins.library.profile import count
from plugins.library.store import Store

_AT_ONCE = 500
"""Files that are made together, on all cores, before they are handed on."""


@dataclass(frozen=True)
class Wanted:
    """A file by its name; ``key`` stands for all that it is made from, ``alone`` makes it by itself."""

    name: str
    key: bytes
    alone: Callable[[], bytes]


def held_or_made(
    files: Sequence[Wanted],
    make: Callable[[Sequence[Wanted]], Iterable[bytes]],
    hashes: Store,
    former: Former | None,
) -> Iterator[tuple[str, bytes | Held]]:
    """Yield (name, content) of every file; what ``former`` holds already is neither made nor read.

    ``make`` makes many on all cores.  They are made as they are asked for, some hundred at a time,
    so that there is never room for all.  ``hashes`` keeps the hash of what was made of a key.
    """
    missing = []
    for file in files:
        known = hashes.known(file.key) if former else None
        if former and known and former.holds(file.name, known):
            yield file.name, Held(known, file.alone)
        else:
            missing.append(file)
    count(0, len(files) - len(missing))
    for start in range(0, len(missing), _AT_ONCE):
        part = missing[start : start + _AT_ONCE]
        for file, raw in zip(part, make(part), strict=True):
            hashes.put(file.key, nature(raw))
            yield file.name, raw

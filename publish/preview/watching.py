"""What has changed: told by content.  The system only wakes us, and now and then we look by ourselves.

So a file that is written twice, touched by a checkout, or renamed and back, is no change;
and an event that got lost, or a folder that came back, is seen all the same.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
import time
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from watchfiles import awatch

WATCHED = ("content", "theme", "plugins", "publish", "pelican.conf.py")
_QUIET = 20
"""Milliseconds of quiet after which what was written is taken for finished."""
_LOOK = 2.0
"""Seconds after which we look without having been woken."""
_RESTLESS = 0.15
"""The same, while there may be nobody who could wake us."""


@dataclass
class Snapshot:
    """The watched files below ``root`` and the hashes of what stands in them."""

    root: Path
    names: Collection[str] = WATCHED
    _known: dict[str, tuple[tuple[int, ...], bytes]] = field(default_factory=dict, repr=False)

    def refresh(self) -> set[str]:
        """Look at everything; return the names of the files that are new, gone, or hold something else."""
        now = {name: self._seen(name, info) for name, info in self._files()}
        before, self._known = self._known, now
        return {
            name
            for name in now.keys() | before.keys()
            if now.get(name, (None, b""))[1] != before.get(name, (None, b""))[1]
        }

    def _seen(self, name: str, info: os.stat_result) -> tuple[tuple[int, ...], bytes]:
        """Return a file's facts and hash; it is read again if the system says that it was touched."""
        facts = (info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns)
        known = self._known.get(name)
        if known and known[0] == facts:
            return known
        content = b"?"
        with suppress(OSError):
            content = (self.root / name).read_bytes()
        return facts, hashlib.blake2b(content, digest_size=16).digest()

    def _files(self) -> Iterator[tuple[str, os.stat_result]]:
        for name in self.names:
            path = self.root / name
            with suppress(OSError):
                if path.is_dir():
                    yield from _below(path, name)
                else:
                    yield name, path.stat()


def _below(folder: Path, before: str) -> Iterator[tuple[str, os.stat_result]]:
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            name = f"{before}/{entry.name}"
            with suppress(OSError):
                info = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(info.st_mode):
                    if entry.name != "__pycache__":
                        yield from _below(Path(entry.path), name)
                elif stat.S_ISLNK(info.st_mode) or stat.S_ISREG(info.st_mode):
                    yield name, info


async def changes(snapshot: Snapshot) -> AsyncIterator[set[str]]:
    """Yield the names of what has changed, as soon as it is quiet for a moment."""
    bell = Bell(snapshot)
    ringing = asyncio.create_task(bell.ring())
    try:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(bell.woken.wait(), _RESTLESS if bell.is_young() else _LOOK)
            bell.woken.clear()
            changed = await asyncio.to_thread(snapshot.refresh)
            if changed:
                yield changed
    finally:
        ringing.cancel()
        with suppress(asyncio.CancelledError):
            await ringing


@dataclass
class Bell:
    """Sets ``woken`` when the system tells of something; begins anew when a watched folder comes or goes."""

    snapshot: Snapshot
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    _begun: float = field(default_factory=time.monotonic)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    def is_young(self) -> bool:
        """Tell whether the system may not have been asked yet to tell us of everything."""
        return time.monotonic() < self._begun + _LOOK

    async def ring(self) -> None:
        """Go on for ever."""
        while True:
            self._stop, self._begun = asyncio.Event(), time.monotonic()
            both = [asyncio.create_task(self._listen()), asyncio.create_task(self._listen_above())]
            try:
                await asyncio.gather(*both, return_exceptions=True)
            finally:
                self._stop.set()
                for task in both:
                    task.cancel()
                await asyncio.gather(*both, return_exceptions=True)
            self._begun = time.monotonic()
            await asyncio.sleep(_RESTLESS)

    async def _listen(self) -> None:
        folders = [path for name in self.snapshot.names if (path := self.snapshot.root / name).is_dir()]
        async for _ in awatch(
            *folders, watch_filter=None, step=_QUIET, stop_event=self._stop, rust_timeout=1000
        ):
            self.woken.set()

    async def _listen_above(self) -> None:
        root, names = self.snapshot.root, {*self.snapshot.names}
        async for events in awatch(
            root, watch_filter=None, step=_QUIET, stop_event=self._stop, recursive=False, rust_timeout=1000
        ):
            seen = {Path(path).name for _, path in events} & names
            if seen:
                self.woken.set()
            if any(not name.endswith(".py") for name in seen):
                self._stop.set()
                self._begun = time.monotonic()

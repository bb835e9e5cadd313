"""What has changed: told by content.  The system only wakes us, and now and then we look by ourselves.

So a file that is written twice, touched by a checkout, or renamed and back, is no change;
and an event that got lost, or a folder that came back, is seen all the same.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
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
    woken = asyncio.Event()
    bell = asyncio.create_task(_ring(snapshot, woken))
    try:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), _LOOK)
            woken.clear()
            changed = await asyncio.to_thread(snapshot.refresh)
            if changed:
                yield changed
    finally:
        bell.cancel()
        with suppress(asyncio.CancelledError):
            await bell


async def _ring(snapshot: Snapshot, woken: asyncio.Event) -> None:
    """Set ``woken`` when the system tells of something; begin anew when a watched folder comes or goes."""
    while True:
        stop = asyncio.Event()
        both = [
            asyncio.create_task(_listen(snapshot, woken, stop)),
            asyncio.create_task(_listen_above(snapshot, woken, stop)),
        ]
        try:
            await asyncio.gather(*both, return_exceptions=True)
        finally:
            stop.set()
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)
        await asyncio.sleep(_LOOK / 4)


async def _listen(snapshot: Snapshot, woken: asyncio.Event, stop: asyncio.Event) -> None:
    folders = [path for name in snapshot.names if (path := snapshot.root / name).is_dir()]
    async for _ in awatch(*folders, watch_filter=None, step=_QUIET, stop_event=stop, rust_timeout=1000):
        woken.set()


async def _listen_above(snapshot: Snapshot, woken: asyncio.Event, stop: asyncio.Event) -> None:
    found = awatch(
        snapshot.root, watch_filter=None, step=_QUIET, stop_event=stop, recursive=False, rust_timeout=1000
    )
    async for events in found:
        names = {Path(path).name for _, path in events} & {*snapshot.names}
        if names:
            woken.set()
        if any(not name.endswith(".py") for name in names):
            stop.set()

"""What is known of the files of an output, from one build to the next (docs/adr/0043-files-that-stay.md)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from plugins.library.natures import Former, Natures, below
from plugins.library.store import store


@dataclass(frozen=True)
class KnownFiles:
    """What is known of ``output``; it is kept in the folder ``cache``."""

    output: Path
    cache: Path

    @property
    def _place(self) -> Path:
        return self.cache / "kept" / "outputs.sqlite"

    def recalled(self) -> Natures:
        """Return what was known when the last build had ended."""
        if not self.output.is_dir():
            return Natures()
        with store(self._place) as kept:
            return Natures(kept.known(os.fsencode(self.output)) or {})

    @contextmanager
    def at_work(self) -> Iterator[Natures]:
        """Give what is known for the time of a build, and keep what is known once it has ended well."""
        natures = self.recalled()
        yield natures
        with store(self._place) as kept:
            kept.put(os.fsencode(self.output), natures.known)

    @contextmanager
    def in_place(self) -> Iterator[Former]:
        """Give the output itself, to be brought up to date where it is."""
        with self.at_work() as natures:
            yield Former(self.output, natures)
            clock = self._place.with_name("clock")
            clock.parent.mkdir(parents=True, exist_ok=True)
            clock.touch()
            natures.settle(self.output, str(clock))

    def hashes(self) -> dict[str, bytes]:
        """Return the hash of each file by its name, and none for a folder; what has changed is read."""
        natures = self.recalled()
        return {
            name: b"" if is_folder else bytes.fromhex(natures.of(path))
            for name, path, is_folder in below(str(self.output))
        }

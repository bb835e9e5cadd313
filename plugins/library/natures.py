"""What files are, by their bytes: each is read once, and what the last build wrote not even that.

The system says of every file when anything about it was last changed, and no program can set
that time back.  So a file that bears the time it had when we last knew its bytes still has them.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FOLDER = "folder"
"""The nature of a folder."""
_YOUNG = 1_000_000_000
"""Nanoseconds within which two changes may bear one time on some disks."""
_LONGEST_TICK = 0.05
"""Seconds that a disk's clock is waited for; on one that is slower, files are read."""
Key = tuple[int, ...]
"""Where a file is on the disk, its size, when it was written, and when anything of it was changed."""


@dataclass
class Natures:
    """What things on the disk are, by their bytes: the SHA-256 of a file, a word for a folder.

    A file that is asked for again is read again only if the system says that it was changed,
    or if it was so young when it was read that a second change could go unseen.
    """

    known: dict[Key, str] = field(default_factory=dict, repr=False)
    """What can be told without reading, of the last build's files too."""
    _written: dict[Key, str] = field(default_factory=dict, repr=False)
    """The same without the time of change, which is another once a file has got or lost a name."""

    def of(self, path: str) -> str:
        """Return the nature of what lies at ``path``; nothing for what no build makes (a link, a pipe)."""
        info = os.lstat(path)
        if stat.S_ISDIR(info.st_mode):
            return FOLDER
        if not stat.S_ISREG(info.st_mode):
            return ""
        digest = self.known.get(_key(info))
        if digest is None:
            with Path(path).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            if abs(time.time_ns() - max(info.st_mtime_ns, info.st_ctime_ns)) > _YOUNG:
                self.known[_key(info)] = digest
        self._written[_key(info)[:-1]] = digest
        return digest

    def write(self, path: str, raw: bytes, digest: str) -> None:
        """Write a new file, never into one that is there: it may have another name elsewhere."""
        with suppress(FileNotFoundError):
            os.unlink(path)  # noqa: PTH108 — of many files, a Path costs as much as the writing
        with open(path, "xb") as file:  # noqa: PTH123
            file.write(raw)
        self.known[_key(os.lstat(path))] = digest

    def take_over(self, old: str, new: str, digest: str) -> bool:
        """Give the file ``old`` the name ``new`` too, if it is known to be what would be written there."""
        try:
            before = os.lstat(old)
            if self.known.get(_key(before)) != digest or not _is_as_new(before):
                return False
            os.link(old, new, follow_symlinks=False)
            after = os.lstat(new)
        except (OSError, NotImplementedError):
            return False
        if _key(after)[:-1] != _key(before)[:-1]:  # changed in that moment
            os.unlink(new)  # noqa: PTH108
            return False
        self.known[_key(after)] = digest
        return True

    def settle(self, folder: Path, beside: str) -> None:
        """Forget all but the files in ``folder``, and of these all that could be changed unseen.

        ``beside`` is any file of ours on the same disk: its time tells what the disk takes for now.
        """
        now = _moved_on(beside)
        self.known = {
            _key(info): digest
            for _, path in files_below(folder)
            if (info := os.lstat(path)).st_ctime_ns < now
            and (digest := self.known.get(_key(info)) or self._written.get(_key(info)[:-1])) is not None
        }


def _moved_on(path: str) -> int:
    """Return the disk's time, once it is another than that of the last change before this call."""
    os.utime(path)
    first = now = os.lstat(path).st_ctime_ns
    for _ in range(20):
        if now != first:
            break
        time.sleep(_LONGEST_TICK / 20)
        os.utime(path)
        now = os.lstat(path).st_ctime_ns
    return now


def _is_as_new(info: os.stat_result) -> bool:
    """Tell whether a file has the owner and the rights that a new one would have."""
    return info.st_mode == _plain_mode() and info.st_uid == os.geteuid()


def _key(info: os.stat_result) -> Key:
    return (info.st_dev, info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns)


@cache
def _plain_mode() -> int:
    """Return the rights of a file that this process makes."""
    mask = os.umask(0o077)
    os.umask(mask)
    return stat.S_IFREG | (0o666 & ~mask)


def below(folder: str, before: str = "") -> Iterator[tuple[str, str, bool]]:
    """Yield (name, path, whether it is a folder) of all below a folder, each folder before what is in it."""
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        name, is_folder = f"{before}{entry.name}", entry.is_dir(follow_symlinks=False)
        yield name, entry.path, is_folder
        if is_folder:
            yield from below(entry.path, f"{name}/")


def files_below(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (name, path) of every file below a folder that is there."""
    return ((name, path) for name, path, is_folder in below(str(folder)) if not is_folder)


@dataclass(frozen=True)
class Held:
    """The content of a file that the former folder holds, as its hash; ``make`` makes it all the same."""

    digest: str
    make: Callable[[], bytes]


def nature(raw: bytes) -> str:
    """Return what stands for the content of a file."""
    return hashlib.sha256(raw).hexdigest()


@dataclass(frozen=True)
class Former:
    """The folder in whose place a new one comes, and what is known of the files of both.

    The new one may be the folder itself, where nobody reads it yet, or two states do no harm.
    """

    folder: Path
    natures: Natures = field(default_factory=Natures)

    def holds(self, name: str, digest: str) -> bool:
        """Tell whether it is known, without reading, that the file ``name`` is what ``digest`` stands for."""
        try:
            return bool(digest) and self.natures.known.get(_key(os.lstat(f"{self.folder}/{name}"))) == digest
        except OSError:
            return False

    def write(self, name: str, path: str, content: bytes | Held) -> None:
        """Write a file of the new folder, or take it over if the former has it."""
        digest = content.digest if isinstance(content, Held) else nature(content)
        old = f"{self.folder}/{name}"
        if not (self.holds(name, digest) if old == path else self.natures.take_over(old, path, digest)):
            raw = content.make() if isinstance(content, Held) else content
            self.natures.write(path, raw, nature(raw))

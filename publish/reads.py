"""Reads in the files of servers and hosts: (month, path, how often), line by line, and nothing else of them.

A log is what nginx writes by ``on_server/nginx.conf``: day, path and status, set apart by tabs.
A table is the CSV of any host's own statistics, with a line of names above it.
Files come from elsewhere, so not a byte of them is trusted.
"""

from __future__ import annotations

import csv
import errno
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple
from urllib.parse import urlsplit

from plugins.common_thread.popular import is_month
from plugins.problems import Problem, shown
from publish.journal import RefusedError

MAX_LINE = 8_000
READ = ("200", "304")
"""What a server answers to a reader who gets the page, or has it already."""
_LOGGED = re.compile(r"(\d{4}-\d\d)-\d\d\t(/[^\t]*)\t(\d{3})")
_NUMBER = re.compile(r"\d{1,3}(?:[,. \u00a0]\d{3})+|\d{1,12}")
_PACKED = (b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
PATHS = ("path", "page", "pages", "page path", "pathname", "url", "address")
READS = ("reads", "views", "pageviews", "page views", "hits", "visits", "count", "requests")
DAYS = ("month", "day", "date", "time", "timestamp")
"""What hosts call the columns that count."""
_CURES = {
    errno.ENOENT: "There is no such log: look at the path, and at where the server keeps it.",
    errno.ENOTDIR: "There is no such log: look at the path, and at where the server keeps it.",
    errno.EISDIR: "Name the logs in it, one by one.",
    errno.EACCES: "Look at its rights.",
    errno.EPERM: "Look at its rights.",
}
"""What to do about a file that does not open, by what the system says."""


class Read(NamedTuple):
    """That a page was read so often in a month."""

    month: str
    path: str
    times: int


def reads_in(path: Path, month: str = "") -> Iterator[Read]:
    """Yield the reads in a file; ``month`` is that of a table that names none.

    Raises :class:`RefusedError` at the first line that makes no sense.
    """
    try:
        with path.open("rb") as file:
            rows = _rows(path, file)
            first = next(rows, None)
            if first is None:
                return
            number, row = first
            if _LOGGED.fullmatch(row):
                yield from _logged(path, number, row)
                for number, row in rows:
                    yield from _logged(path, number, row)
            else:
                yield from _Table(path, row, month).reads(rows)
    except OSError as error:
        cure = _CURES.get(error.errno or 0, "Look at the disk it lies on.")
        raise _refused(path, 1, f"this can't be read: {error.strerror}.", cure) from None


def _rows(path: Path, file: BinaryIO) -> Iterator[tuple[int, str]]:
    """Yield (number, line) of every line that is not empty."""
    start = file.read(6)
    if start.startswith(_PACKED):
        raise _refused(path, 1, "the file is packed.", "Unpack it first: gunzip --keep FILE, for one.")
    file.seek(0)
    number = 0
    while raw := file.readline(MAX_LINE):
        number += 1
        if len(raw) >= MAX_LINE:
            raise _refused(path, number, f"the line has {MAX_LINE:,} bytes or more.", _NO_LOG)
        try:
            row = raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8").strip("\r\n")
        except UnicodeDecodeError as error:
            bad = f"byte 0x{raw[error.start]:02x} is no text in UTF-8."
            raise _refused(path, number, bad, _NO_LOG) from None
        if "\0" in row:
            raise _refused(path, number, "byte 0x00 is no text in UTF-8.", _NO_LOG)
        if row.strip():
            yield number, row


def _logged(path: Path, number: int, row: str) -> Iterator[Read]:
    found = _LOGGED.fullmatch(row)
    if not found:
        said = f"this is no line of a log that counts: {shown(row)}."
        raise _refused(path, number, said, "Each has a day, a path and a status, set apart by tabs.")
    if found[3] in READ:
        yield Read(_month(path, number, found[1]), found[2], 1)


class _Table:
    """A table with a line of names above it."""

    def __init__(self, path: Path, head: str, month: str) -> None:
        self.path, self.month = path, month
        self.mark = max(",;\t", key=head.count)
        names = [name.strip().casefold() for name in self._cells(1, head)]
        self.columns = {name: at for at, name in reversed([*enumerate(names)])}
        self.page, self.times, self.day = (_column(self.columns, known) for known in (PATHS, READS, DAYS))
        if self.page is None or self.times is None:
            said = f"this is no log that counts, and no table of pages: {shown(head)}."
            raise _refused(path, 1, said, _NO_LOG)
        if self.day is None and not month:
            raise _refused(path, 1, "the table names no month.", "Say which it is: --month 2026-10.")

    def reads(self, rows: Iterator[tuple[int, str]]) -> Iterator[Read]:
        """Yield the reads of every line."""
        for number, row in rows:
            cells = self._cells(number, row)
            if len(cells) < len(self.columns):
                raise _refused(self.path, number, f"cells are missing: {shown(row)}.", "Export it anew.")
            month = self.month if self.day is None else _month(self.path, number, cells[self.day][:7])
            times = cells[self.times or 0].strip()
            if not _NUMBER.fullmatch(times):
                said = f"{shown(times)} is no number of reads."
                raise _refused(self.path, number, said, "Write a whole number.")
            yield Read(month, _path_of(cells[self.page or 0].strip()), int(re.sub(r"\D", "", times)))

    def _cells(self, number: int, row: str) -> list[str]:
        try:
            return next(csv.reader([row], delimiter=self.mark))
        except csv.Error as error:
            raise _refused(self.path, number, f"this is no line of a table: {error}.", _NO_LOG) from None


def _path_of(address: str) -> str:
    """Return the path of an address, or nothing for what is none."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def _column(columns: Mapping[str, int], known: tuple[str, ...]) -> int | None:
    return next((columns[name] for name in known if name in columns), None)


def _month(path: Path, number: int, words: str) -> str:
    try:
        return is_month(words)
    except ValueError as error:
        raise _refused(path, number, f"{shown(words)} is none: {error} is wanted.", _NO_LOG) from None


_NO_LOG = (
    "Give it a log as nginx writes it for this site, "
    "or a table (CSV) with the columns 'path', 'reads' and 'day'."
)


def _refused(path: Path, line: int, message: str, cure: str) -> RefusedError:
    return RefusedError([Problem(str(path), line, "log", message, cure)])

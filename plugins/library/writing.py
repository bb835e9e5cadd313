"""The last step: bytes to files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

from plugins.problems import LibraryError, Problem, shown


def write(output: Path, *groups: Iterable[tuple[str, str | bytes | None]]) -> None:
    """Write files, by their names, below ``output``; one that says the same already is left alone.

    A content of None is that of the file that is there.
    Raises :class:`LibraryError` first if two have one name.
    """
    files = [file for group in groups for file in group]
    refuse_twice(name for name, _ in files)
    folders: set[Path] = set()
    for name, content in files:
        if content is None:
            continue
        path, raw = output / name, content.encode() if isinstance(content, str) else content
        if _says(path, raw):
            continue
        if path.parent not in folders:
            path.parent.mkdir(parents=True, exist_ok=True)
            folders.add(path.parent)
        path.write_bytes(raw)


def _says(path: Path, raw: bytes) -> bool:
    """Tell whether a file has this content already."""
    try:
        return path.stat().st_size == len(raw) and path.read_bytes() == raw
    except OSError:
        return False


def refuse_twice(names: Iterable[str]) -> None:
    """Raise :class:`LibraryError` if two files would have one name, on disks that know no capitals too."""
    seen: dict[str, str] = {}
    problems = []
    for name in names:
        key = unquote(name).casefold()
        if key in seen:
            message = f"two files would be written to {shown(seen[key])}."
            problems.append(Problem(f"output/{name}", 1, "address", message, "Rename one of them."))
        seen[key] = name
    if problems:
        raise LibraryError(problems)

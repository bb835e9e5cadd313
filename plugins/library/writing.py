"""The last step: bytes to files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

from plugins.problems import LibraryError, Problem, shown


def write(output: Path, *groups: Iterable[tuple[str, str | bytes]]) -> None:
    """Write files, by their names, below ``output``.

    Raises :class:`LibraryError` first if two have one name.
    """
    files = [file for group in groups for file in group]
    refuse_twice(name for name, _ in files)
    for name, content in files:
        path = output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


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

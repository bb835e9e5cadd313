"""The last step: bytes to files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

from plugins.library.natures import Former, Held
from plugins.problems import LibraryError, Problem, shown


def write(
    output: Path, *groups: Iterable[tuple[str, str | bytes | Held | None]], former: Former | None = None
) -> None:
    """Write files, by their names, below ``output``; one that says the same already is left alone.

    What ``former`` has, if ``output`` is to come in its place, is taken over from there.
    A content of None is that of the file that is there.
    Raises :class:`LibraryError` first if two have one name.
    """
    files = [file for group in groups for file in group]
    refuse_twice(name for name, _ in files)
    folders: set[str] = set()
    for name, content in files:
        if content is None:
            continue
        path, raw = f"{output}/{name}", content.encode() if isinstance(content, str) else content
        folder = path.rpartition("/")[0]
        if folder not in folders:
            Path(folder).mkdir(parents=True, exist_ok=True)
            folders.add(folder)
        if former is not None:
            former.write(name, path, raw)
        elif not _says(Path(path), plain := raw.make() if isinstance(raw, Held) else raw):
            Path(path).write_bytes(plain)


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

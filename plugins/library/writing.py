"""The last step: bytes to files."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

from plugins.library.natures import Former, Held
from plugins.problems import LibraryError, Problem, shown


def write(
    output: Path, *groups: Iterable[tuple[str, str | bytes | Held]], former: Former | None = None
) -> list[str]:
    """Write files below ``output``; one that says the same already is left alone.  Return their names.

    What ``former`` has, if ``output`` is to come in its place, is taken over from there; then each
    file is written as it is made.
    Raises :class:`LibraryError` if two have one name, without ``former`` before the first is written.
    """
    files: Iterable[tuple[str, str | bytes | Held]] = chain(*groups)
    if former is None:
        files = [*files]
        refuse_twice(name for name, _ in files)
    names = _write(output, files, former)
    refuse_twice(names)
    return names


def _write(output: Path, files: Iterable[tuple[str, str | bytes | Held]], former: Former | None) -> list[str]:
    names: list[str] = []
    folders: set[str] = set()
    for name, content in files:
        names.append(name)
        path, raw = f"{output}/{name}", content.encode() if isinstance(content, str) else content
        folder = path.rpartition("/")[0]
        if folder not in folders:
            Path(folder).mkdir(parents=True, exist_ok=True)
            folders.add(folder)
        if former is not None:
            former.write(name, path, raw)
        elif not _says(Path(path), plain := raw.make() if isinstance(raw, Held) else raw):
            Path(path).write_bytes(plain)
    return names


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

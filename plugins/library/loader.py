"""From the files under ``content/`` to a :class:`Library`; nothing on the way is lost."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from plugins.library.code import code_of
from plugins.library.entries import DataFile, Entry, Library
from plugins.library.front_matter import DataText, EntryText
from plugins.library.kinds import Kind, Kinds
from plugins.library.store import Store, store
from plugins.problems import Problems, did_you_mean, shown, with_article
from plugins.problems.files import MAX_BYTES, add_unreadable, is_usable, read_text
from plugins.problems.yaml_data import YamlData

LONGEST_ENTRY = 200_000
"""Bytes of one entry: some thirty times what a long guide has."""
SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
IMAGE_NAME = re.compile(r"^[a-z0-9]+(([_-]+|\.)[a-z0-9]+)*$")
LONGEST_NAME = 84
"""Characters of a file name: a slug of 80, as relations may name it, and the ending."""
DEEPEST = 6
DEVICES = {
    "aux",
    "con",
    "nul",
    "prn",
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)),
}
"""Names that Windows keeps for itself, whatever follows the dot."""
LEFT_BY_PROGRAMS = re.compile(r"\..*\.sw[a-z]|\.#.*|#.*#|.*~|4913|\.DS_Store|\..*\.(tmp|part)")
"""Files that editors and file managers keep beside those one writes, for as long as one writes."""
IMAGE_TYPES = {".svg", ".png", ".jpg", ".jpeg", ".webp", ".avif"}


@dataclass(frozen=True)
class AllBut:
    """Every slug but some."""

    slugs: frozenset[str] = frozenset()

    def __contains__(self, slug: object) -> bool:
        return slug not in self.slugs


def load_library(
    content: Path,
    kinds: Kinds[Kind],
    today: dt.date,
    problems: Problems,
    *,
    data_files: Collection[str] = (),
    needed: Iterable[str] = (),
    beside: Collection[str] = (),
    kept: Path | None = None,
    show_held: Container[str] = (),
) -> Library:
    """Read every file below ``content`` into a library of ``kinds``.

    ``data_files`` names those that ``content/data/`` may hold, ``needed`` those that have to be there;
    a folder of ``beside`` may hold one YAML file for each entry, read as ``folder/slug.yaml``;
    ``today`` decides what is scheduled, and what lies in the future.
    Faults go to ``problems``; paths in them are relative to the parent of ``content``.
    ``show_held`` holds the slugs of drafts and scheduled entries that are taken in all the same.
    What was read of a file, and its faults, are kept in the folder ``kept`` by what stands in the file.
    """
    library = Library(kinds)
    texts: list[EntryText] = []
    with store(kept and kept / "files.sqlite", code_of(EntryText, DataText), at_hand=True) as known:
        for path, name in _files(content, library, problems):
            parts = name.split("/")[1:]
            folder = parts[0] if len(parts) > 1 else ""
            if folder == "data" and len(parts) == 2:
                _load_data(library, path, name, data_files, problems, known=known)
            elif folder in beside and len(parts) == 2 and is_slug_file(path):
                _load_data(library, path, name, {path.name}, problems, known=known)
            elif folder == "images" and path.suffix.lower() in IMAGE_TYPES:
                _place_image(library, path, name, problems)
            elif folder in kinds.by_folder and len(parts) == 2:
                texts += _load_text(kinds.by_folder[folder], path, name, library, problems)
            else:
                _add_stray(name, [*kinds.by_folder, "data", "images", *beside], problems)
        keys = [one.key() for one in texts]
        read = known.get_all([(key, one.read) for key, one in zip(keys, texts, strict=True)])
    seen: dict[str, Entry] = {}
    for text, key, (found, faults) in zip(texts, keys, read, strict=True):
        problems.found.extend(faults)
        if found is None:
            library.broken[text.slug] = text.kind.name
            continue
        entry = Entry(text.kind, text.slug, text.name, *found, key)
        if _place(library, entry, seen, today, problems, show_held=show_held):
            del library.lost[text.name]
    _check_data_files(library, content.name, needed, problems)
    return library


def _files(content: Path, library: Library, problems: Problems) -> Iterator[tuple[Path, str]]:
    """Yield (path, name relative to the project), sorted; links are refused, never followed."""

    def lose(error: OSError) -> None:
        library.incomplete = True
        add_unreadable(Path(str(error.filename)).relative_to(content.parent).as_posix(), error, problems)

    for folder, folders, files in os.walk(content, onerror=lose, followlinks=False):
        folders.sort()
        for item in [*folders]:
            path = Path(folder) / item
            name = path.relative_to(content.parent).as_posix()
            if path.is_symlink() or len(path.relative_to(content).parts) > DEEPEST:
                library.incomplete = True
                folders.remove(item)
                if not path.is_symlink():
                    message = f"the folder lies more than {DEEPEST} deep."
                    problems.add(name, 1, "stray", message, "Move it further up.")
                else:
                    is_usable(path, name, problems)
        here = Path(folder)
        name = here.relative_to(content.parent).as_posix()
        for item in sorted(one for one in files if not LEFT_BY_PROGRAMS.fullmatch(one)):
            yield here / item, f"{name}/{item}"


def _place_image(library: Library, path: Path, name: str, problems: Problems) -> None:
    """Take a picture in, if it is a file with a name that every system can keep."""
    key = name.split("/", 1)[1]
    if not all(IMAGE_NAME.match(part) and is_portable(part) for part in key.split("/")):
        cure = f"Use at most {LONGEST_NAME} small letters, digits, '-', '_' and '.', such as 'tea-cup.jpg'."
        problems.add(name, 1, "name", f"a picture can't be called {shown(path.name)}.", cure)
    elif is_usable(path, name, problems):
        library.images[key] = name
        library.accounts[name] = "static"
        return
    library.broken_images.add(key)


def is_portable(name: str) -> bool:
    """Tell whether a file of this name can be kept on Windows too, in a folder of some length."""
    return name.split(".", maxsplit=1)[0].lower() not in DEVICES and len(name) <= LONGEST_NAME


def is_slug_file(path: Path) -> bool:
    """Tell whether a file is YAML and called like an entry."""
    return bool(path.suffix == ".yaml" and SLUG.match(path.stem))


def _add_stray(name: str, folders: Collection[str], problems: Problems) -> None:
    first = Path(name).parts[1]
    cure = f"Entries live in content/<kind>/<slug>.md. {did_you_mean(first, folders)}"
    problems.add(name, 1, "stray", f"the build does not know what {shown(name)} is.", cure)


def _load_text(
    kind: Kind, path: Path, name: str, library: Library, problems: Problems
) -> Iterator[EntryText]:
    """Yield the text of an entry; nothing if something is wrong with its file."""
    if not is_usable(path, name, problems):
        library.lost[name] = None
    elif path.suffix != kind.suffix:
        library.lost[name] = read_text(path, name, Problems(), LONGEST_ENTRY) or ""
        message = f"{with_article(kind.name)} is a {kind.suffix} file, this is {shown(path.name)}."
        problems.add(name, 1, "stray", message, "Rename it.")
    else:
        _check_slug(path, name, problems)
        text = read_text(path, name, problems, MAX_BYTES if kind.suffix == ".yaml" else LONGEST_ENTRY)
        library.lost[name] = text
        if text is not None:
            yield EntryText(kind, path.stem, name, text)
            return
    library.broken[path.stem] = kind.name


def _check_slug(path: Path, name: str, problems: Problems) -> None:
    if not SLUG.match(path.stem):
        message = f"the file name {shown(path.stem)} is no slug."
        problems.add(name, 1, "slug", message, "Use lowercase words joined by hyphens.")
    elif not is_portable(path.name):
        cure = "Choose another: Windows keeps some for itself, and 80 characters are the most."
        problems.add(name, 1, "slug", f"no file can be called {shown(path.stem)} everywhere.", cure)


def _place(
    library: Library,
    entry: Entry,
    seen: dict[str, Entry],
    today: dt.date,
    problems: Problems,
    *,
    show_held: Container[str],
) -> bool:
    """Take an entry in; tell whether its slug was free."""
    for key in ("reviewed", "updated"):
        fault = future(getattr(entry.front, key), key, today)
        if fault:
            problems.add(entry.path, entry.line(key), *fault)
    if entry.slug in seen:
        other = seen[entry.slug].path
        problems.add(
            entry.path,
            1,
            "duplicate",
            f"the slug '{entry.slug}' is taken by {other}.",
            "Rename one of the two files.",
        )
        library.broken[entry.slug] = entry.kind.name
        return False
    seen[entry.slug] = entry
    status = entry.status(today)
    if status == "published" or entry.slug in show_held:
        library.entries[entry.slug] = entry
        library.accounts[entry.path] = "page"
    else:
        library.held[entry.slug] = entry
        library.accounts[entry.path] = status
    return True


def future(day: object, key: str, today: dt.date) -> tuple[str, str, str] | None:
    """Return the fault (rule, message, cure) of something done on a day to come.

    East of Greenwich tomorrow has begun already.
    """
    if type(day) is not dt.date or day <= today + dt.timedelta(days=1):
        return None
    cure = f"Write the day it was done; today is {today}."
    return "future", f"'{key}' is {shown(day)}, which is still to come.", cure


def _check_data_files(library: Library, folder: str, needed: Iterable[str], problems: Problems) -> None:
    """Each data file a site needs has to be there: without one, rules or help would go missing in silence."""
    for file in needed:
        name = f"{folder}/data/{file}"
        if name not in library.accounts and name not in library.lost:
            library.lost[name] = None
            problems.add(
                name,
                1,
                "missing",
                "the file is missing.",
                "Put it back: without it, rules or help would be missing.",
            )


def _read_data(text: DataText, known: Store, problems: Problems) -> YamlData | None:
    data, faults = known.get(text.key(), text.read)
    problems.found.extend(faults)
    return data


def _load_data(
    library: Library, path: Path, name: str, names: Collection[str], problems: Problems, *, known: Store
) -> None:
    if path.name not in names:
        problems.add(name, 1, "stray", f"{shown(path.name)} is no data file.", did_you_mean(path.name, names))
        return
    before = len(problems.errors)
    text = read_text(path, name, problems)
    data = None if text is None else _read_data(DataText(name, text), known, problems)
    if data is not None and text is not None:
        library.data[name.split("/", 1)[1].removeprefix("data/")] = DataFile(name, text, data)
        library.accounts[name] = "data"
    if len(problems.errors) > before:
        library.lost[name] = text if data is not None else None

"""A file of the last build is taken over if it is sure to be the same, and never written into."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.library import natures as module
from plugins.library.natures import Former, Natures
from plugins.library.writing import write

FILES: dict[str, str | bytes] = {
    "index.html": "<p>Tea</p>",
    "tea/index.html": "<p>Cup</p>",
    "tea/cup.png": b"\x89PNG",
}


@pytest.fixture
def former(tmp_path: Path) -> Former:
    """Return a folder that a build has finished, and what is known of it."""
    empty = Former(tmp_path / "nothing")
    write(tmp_path / "old", FILES.items(), former=empty)
    return settled(tmp_path / "old", empty.natures)


def settled(folder: Path, natures: Natures) -> Former:
    """Return what the next build knows of a folder."""
    for path in folder.rglob("*"):
        natures.of(str(path))
    (folder.parent / "clock").touch()
    natures.settle(folder, str(folder.parent / "clock"))
    return Former(folder, Natures(dict(natures.known)))


def number(path: Path) -> int:
    """Return what tells a file from every other, whatever its name."""
    return path.stat().st_ino


def content(folder: Path) -> dict[str, bytes]:
    """Return every file."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_a_file_that_says_the_same_is_taken_over(tmp_path: Path, former: Former) -> None:
    """Another is written, and the former folder stays as it is."""
    before = content(former.folder)
    write(tmp_path / "new", {**FILES, "index.html": "<p>Teapot</p>"}.items(), former=former)
    assert number(tmp_path / "new/tea/cup.png") == number(former.folder / "tea/cup.png")
    assert number(tmp_path / "new/index.html") != number(former.folder / "index.html")
    assert (tmp_path / "new/index.html").read_text() == "<p>Teapot</p>"
    assert content(former.folder) == before


def in_place(path: Path) -> None:
    """Change a file to one of the same size, and say that it was written when it had been."""
    info = path.stat()
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))


def another(path: Path) -> None:
    """Put a file of the same name and age in its place."""
    info, raw = path.stat(), path.read_bytes()
    path.rename(path.with_name("aside"))
    path.write_bytes(raw[::-1])
    os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))


def link(path: Path) -> None:
    """Put a link in its place, to the same content."""
    path.rename(path.with_name("aside"))
    path.symlink_to("aside")


def close(path: Path) -> None:
    """Let nobody else read it."""
    path.chmod(0o600)


@pytest.mark.parametrize(
    "change", [in_place, another, link, close, Path.unlink], ids=lambda one: one.__name__
)
def test_a_file_that_somebody_touched_is_written(
    tmp_path: Path, former: Former, change: Callable[[Path], None]
) -> None:
    """Whatever its name, its size and its time say."""
    path = former.folder / "tea" / "index.html"
    change(path)
    write(tmp_path / "new", FILES.items(), former=former)
    assert content(tmp_path / "new") == {"index.html": b"<p>Tea</p>", "tea/index.html": b"<p>Cup</p>"} | {
        "tea/cup.png": b"\x89PNG"
    }
    new = tmp_path / "new" / "tea" / "index.html"
    assert not new.is_symlink()
    assert not path.exists() or number(new) != number(path)


def test_what_is_known_is_known_after_many_builds(tmp_path: Path, former: Former) -> None:
    """A name more or less changes the time of change: that is known, too."""
    first = number(former.folder / "tea/cup.png")
    for at in range(3):
        folder = tmp_path / str(at)
        write(folder, FILES.items(), former=former)
        for path in sorted(former.folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        former = settled(folder, former.natures)
        assert number(folder / "tea/cup.png") == first


def test_a_file_with_two_names_is_never_written_into(tmp_path: Path, former: Former) -> None:
    """A name that is written twice gets a file of its own."""
    for words in ("<p>Tea</p>", "<p>Milk</p>"):
        write(tmp_path / "new", [("index.html", words)], former=former)
    assert (tmp_path / "new/index.html").read_text() == "<p>Milk</p>"
    assert (former.folder / "index.html").read_text() == "<p>Tea</p>"


def test_where_time_stands_still_nothing_is_sure(
    tmp_path: Path, former: Former, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that can't tell two changes apart has every file read."""
    monkeypatch.setattr(module, "_moved_on", lambda path: 0)
    assert settled(former.folder, former.natures).natures.known == {}


def test_where_a_disk_knows_no_second_name_all_is_written(
    tmp_path: Path, former: Former, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on some that are mounted from elsewhere."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    write(tmp_path / "new", FILES.items(), former=former)
    assert content(tmp_path / "new") == content(former.folder)

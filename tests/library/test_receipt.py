"""There is nothing to build as long as neither what a folder is made from nor the folder has changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.library.receipt import Receipt, made_from


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a place with a source of two files and an output of two."""
    for name in (
        "templates.html",
        "content/a.md",
        "content/sub/b.md",
        "output/index.html",
        "output/sub/index.html",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def receipt(folder: Path, *parts: object) -> Receipt:
    """Return the receipt of the folder as it is now."""
    source = made_from([folder / "content", folder / "templates.html"], *parts)
    assert source is not None
    return Receipt(folder / "kept" / "receipt", source)


def test_what_has_not_changed_is_told(folder: Path) -> None:
    """With what was noted; without a receipt nothing is."""
    assert receipt(folder).told(folder / "output") is None
    receipt(folder).write(folder / "output", {"entries": 2})
    os.utime(folder / "content" / "a.md", (0, 0))
    (folder / "content" / "__pycache__").mkdir()
    assert receipt(folder).told(folder / "output") == {"entries": 2}


CHANGES: dict[str, Callable[[Path], object]] = {
    "a source": lambda folder: (folder / "content" / "a.md").write_text("content/A.md"),
    "a source that is one file": lambda folder: (folder / "templates.html").write_text("Templates"),
    "another source": lambda folder: (folder / "content" / "c.md").write_text(""),
    "a source less": lambda folder: (folder / "content" / "sub" / "b.md").unlink(),
    "another name": lambda folder: (folder / "content" / "a.md").replace(folder / "content" / "c.md"),
    "an empty folder": lambda folder: (folder / "content" / "new").mkdir(),
    "a page": lambda folder: (folder / "output" / "index.html").write_text("output/indez.html"),
    "another page": lambda folder: (folder / "output" / "new.html").write_text(""),
    "a page less": lambda folder: (folder / "output" / "sub" / "index.html").unlink(),
    "no output": lambda folder: (folder / "output").rename(folder / "elsewhere"),
    "a link in the output": lambda folder: (folder / "output" / "x").symlink_to("index.html"),
    "the receipt": lambda folder: (folder / "kept" / "receipt").write_bytes(b"\x80"),
    "a receipt cut off": lambda folder: os.truncate(folder / "kept" / "receipt", 40),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_asks_for_a_build(folder: Path, change: Callable[[Path], object]) -> None:
    """In what it is made from, in what was made, in the receipt."""
    receipt(folder).write(folder / "output")
    assert receipt(folder).told(folder / "output") is True
    change(folder)
    assert receipt(folder).told(folder / "output") is None


def test_another_setting_asks_for_a_build(folder: Path) -> None:
    """Though no file has changed."""
    receipt(folder, "https://a.example").write(folder / "output")
    assert receipt(folder, "https://a.example").told(folder / "output")
    assert receipt(folder, "https://b.example").told(folder / "output") is None


def test_of_a_link_what_it_leads_to_counts(folder: Path) -> None:
    """Nothing stands still behind it."""
    (folder / "content" / "link").symlink_to(folder / "elsewhere")
    (folder / "elsewhere").write_text("a")
    before = made_from([folder / "content"])
    (folder / "elsewhere").write_text("b")
    assert before != made_from([folder / "content"]) is not None


@pytest.mark.parametrize("name", ["link", "pipe"])
def test_what_is_no_file_is_for_the_build_to_say(folder: Path, name: str) -> None:
    """Nobody can tell whether it has changed."""
    odd = folder / "content" / name
    odd.symlink_to("nowhere") if name == "link" else os.mkfifo(odd)
    assert made_from([folder / "content"]) is None
    assert made_from([folder / "nowhere"]) is None

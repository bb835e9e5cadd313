"""Texts are parsed and filled in once; what is made of them is kept by all that they are made from."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from plugins.library.bodies import read_bodies
from plugins.library.documents import make_documents
from plugins.library.entries import Entry, Library
from plugins.library.kinds import Kind
from plugins.library.pictures import Picture, Shelf
from plugins.library.schema import Front
from plugins.library.store import store
from plugins.library.text.body import Grown
from plugins.library.text.document import Document
from plugins.problems import Problems

KIND = Kind("note", "notes", Front, "Note", "Notes")
TEXT = 'Tea "first" [[cup]] [@leaf].\n\n## A heading\n\n![Steam](/images/steam.svg)\n'
PICTURE = Picture(40, 30, "/images/steam.svg")


def library(text: str = TEXT, title: str = "A cup") -> Library:
    """Return two notes, the first of which shows ``text``."""
    entries = {}
    for slug, name, body in (("pot", "A pot", text), ("cup", title, "It is empty.")):
        front = Front.model_validate({"title": name, "summary": "s" * 80, "reviewed": dt.date(2026, 1, 1)})
        entries[slug] = Entry(KIND, slug, f"content/notes/{slug}.md", front, body, 5)
    return Library(entries=entries, images={"images/steam.svg": "content/images/steam.svg"})


def document(
    kept: Path, notes: Library, number: int = 1, base: str = "", picture: Picture = PICTURE
) -> Document:
    """Return the text of the first note, as a build that keeps things in ``kept`` has it."""
    problems = Problems()
    notes.accounts["content/images/steam.svg"] = "image"
    read_bodies(notes, problems, kept)

    def numbers(slug: str) -> Mapping[str, int]:
        return {"leaf": number} if slug == "pot" else {}

    shelf = Shelf({}, kept, base, problems, {"images/steam.svg": picture})
    with store(kept / "texts.sqlite") as keeper:
        make_documents(notes, numbers, shelf, problems, keeper)
        found = notes.documents["pot"]
        found.kept("html", lambda one: one.html)
    return found


def test_a_text_is_parsed_once(tmp_path: Path) -> None:
    """The next build has what was found in it, and its tree if it asks for that."""
    first, again = library(), library()
    read_bodies(first, Problems(), tmp_path)
    read_bodies(again, Problems(), tmp_path)
    one, same = first.bodies["pot"], again.bodies["pot"]
    assert isinstance(one.tree, Grown)
    assert not isinstance(same.tree, Grown)
    assert replace(one, tree=tuple) == replace(same, tree=tuple)
    assert one.nodes == same.nodes != ()


def test_a_tree_that_is_lost_is_read_again(tmp_path: Path) -> None:
    """Whatever becomes of the file that trees are kept in."""
    first, again = library(), library()
    read_bodies(first, Problems(), tmp_path)
    with sqlite3.connect(tmp_path / "trees.sqlite") as database:
        database.execute("UPDATE held SET value = x'00'")
    read_bodies(again, Problems(), tmp_path)
    assert first.bodies["pot"].nodes == again.bodies["pot"].nodes


def test_what_a_text_holds_is_named_once(tmp_path: Path) -> None:
    """What it links to, cites and shows."""
    notes = library(f"{TEXT}\n[[cup|Again]] [@leaf]\n\n[[cards: cup, pot]]\n")
    read_bodies(notes, Problems(), tmp_path)
    body = notes.bodies["pot"]
    assert (body.links, body.sources) == (("cup",), ("leaf",))
    assert [picture.get("src") for picture in body.pictures] == ["/images/steam.svg"]
    assert [(marker.name, marker.words) for marker in body.markers] == [("cards", ("cup", "pot"))]


def test_what_is_made_of_a_text_is_kept(tmp_path: Path) -> None:
    """As long as all that it is made from stays the same."""
    html = document(tmp_path, library()).html
    again = document(tmp_path, library())
    with store(tmp_path / "texts.sqlite") as keeper:
        found: str = replace(again, keeper=keeper).kept("html", lambda _: pytest.fail("made again"))
    assert found == html
    assert "“first”" in html
    assert "A cup</a>" in html


@pytest.mark.parametrize(
    "change",
    [
        {"notes": library(text=TEXT.replace("Tea", "Tee"))},
        {"notes": library(title="The cup")},
        {"number": 2},
        {"base": "/base"},
        {"picture": replace(PICTURE, width=41)},
        {"picture": replace(PICTURE, sets={"webp": [("/images/steam.webp", 40)]})},
    ],
    ids=["a word", "a title", "a number", "a base", "a size", "a format"],
)
def test_what_a_text_is_filled_in_with_tells_it_from_others(
    tmp_path: Path, change: dict[str, object]
) -> None:
    """Each of them alone makes another document, with other HTML."""
    before = document(tmp_path, library())
    after = document(tmp_path, **{"notes": library(), **change})  # type: ignore[arg-type]
    assert after.key != before.key
    assert after.html != before.html


def test_a_picture_without_a_file_is_told_too(tmp_path: Path) -> None:
    """It is there one day."""
    with_it = document(tmp_path, library())
    without = library()
    without.images.clear()
    without.broken_images.add("images/steam.svg")
    problems = Problems()
    read_bodies(without, problems, tmp_path)
    with store(tmp_path / "texts.sqlite") as keeper:
        make_documents(without, lambda _: {"leaf": 1}, Shelf({}, tmp_path, "", problems), problems, keeper)
    assert without.documents["pot"].key != with_it.key

"""A page is made once for what it is made from, and written only if it is not there."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from plugins.library.pages import Frame, Page
from plugins.library.rendering import render_changed
from plugins.library.text.body import Body
from plugins.library.text.document import Document, Renderer
from plugins.library.text.reading import Reader
from plugins.library.writing import write

FRAME = Frame("Tea", "", "", "https://tea.example", "en", "en", False, "", "", "", (), (), {})


@dataclasses.dataclass(frozen=True)
class View:
    """What the page of a note shows."""

    words: str
    document: Document = dataclasses.field(default_factory=Document)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a place with templates."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "note.html").write_text("<p>{{ view.words }}</p>{{ view.document.html }}")
    return tmp_path


def made(folder: Path, *words: str, frame: Frame = FRAME) -> dict[str, str | None]:
    """Write a page of each of ``words``; return what had to be made."""
    pages = [Page(f"/{at}/", "note", "A note", "", View(one), "note.md") for at, one in enumerate(words)]
    found = render_changed(pages, [folder / "templates"], frame, folder / "kept", folder / "output")
    changed = {name: html for name, html, _ in found}
    write(folder / "output", changed.items())
    return changed


def test_a_page_that_is_there_is_left_alone(folder: Path) -> None:
    """And one that was changed there, or has gone, is put back."""
    assert made(folder, "one", "two") == {"0/index.html": "<p>one</p>", "1/index.html": "<p>two</p>"}
    assert made(folder, "one", "two") == {"0/index.html": None, "1/index.html": None}
    assert made(folder, "one", "three") == {"0/index.html": None, "1/index.html": "<p>three</p>"}
    (folder / "output" / "0" / "index.html").write_text("<p>eno</p>")
    (folder / "output" / "1" / "index.html").unlink()
    assert [*made(folder, "one", "three").values()] == ["<p>one</p>", "<p>three</p>"]
    assert (folder / "output" / "0" / "index.html").read_text() == "<p>one</p>"


def test_what_stands_on_every_page_changes_every_page(folder: Path) -> None:
    """A template, and the frame."""
    assert None not in made(folder, "one", "two").values()
    assert None not in made(folder, "one", "two", frame=dataclasses.replace(FRAME, site="Cup")).values()
    (folder / "templates" / "note.html").write_text("<b>{{ view.words }}</b>")
    assert made(folder, "one") == {"0/index.html": "<b>one</b>"}


def test_a_page_back_at_an_earlier_state_is_written_again(folder: Path) -> None:
    """What was there in between counts for nothing."""
    for words in ("one", "two", "one"):
        assert made(folder, words) == {"0/index.html": f"<p>{words}</p>"}
        assert (folder / "output" / "0" / "index.html").read_text() == f"<p>{words}</p>"


def test_texts_without_a_key_are_told_by_what_they_say(folder: Path) -> None:
    """Nobody takes one for the other where nothing is kept of them."""

    def document(text: str) -> Document:
        body: Body = Reader().read(text)
        return Renderer().render("x", body)

    for text in ("Tea.", "Milk."):
        pages = [Page("/x/", "note", "A note", "", View("w", document(text)), "note.md")]
        found = render_changed(pages, [folder / "templates"], FRAME, folder / "kept", folder / "output")
        write(folder / "output", ((name, html) for name, html, _ in found))
        assert text in (folder / "output" / "x" / "index.html").read_text()

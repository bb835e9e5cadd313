"""A page is made once for what it is made from, and written only if it is not there."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import jinja2
import pytest

from plugins.library import holding
from plugins.library.known import KnownFiles
from plugins.library.natures import Former, Held
from plugins.library.pages import AssetAddress, Frame, Link, Page
from plugins.library.rendering import make_environment, render_changed
from plugins.library.text.body import Body
from plugins.library.text.document import Document, Renderer
from plugins.library.text.reading import Reader
from plugins.library.writing import write
from tests.conftest import ROOT

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


def note(at: object, view: View) -> Page:
    """Return a page."""
    return Page(f"/{at}/", "note", "A note", "", view, "note.md")


def brought_up_to_date(folder: Path, pages: list[Page], frame: Frame = FRAME) -> dict[str, str | None]:
    """Write pages where they are; return what had to be made."""
    with KnownFiles(folder / "output", folder / "kept").in_place() as former:
        found = [*render_changed(pages, [folder / "templates"], frame, folder / "kept", former)]
        write(folder / "output", found, former=former)
    return {name: None if isinstance(html, Held) else html.decode() for name, html in found}


def made(folder: Path, *words: str, frame: Frame = FRAME) -> dict[str, str | None]:
    """Write a page of each of ``words``; return what had to be made."""
    found = brought_up_to_date(folder, [note(at, View(one)) for at, one in enumerate(words)], frame)
    return dict(sorted(found.items()))


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
        brought_up_to_date(folder, [note("x", View("w", document(text)))])
        assert text in (folder / "output" / "x" / "index.html").read_text()


def test_a_page_is_written_before_all_are_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a large site needs no room for all of its pages."""
    monkeypatch.setattr(holding, "_AT_ONCE", 2)
    pages = [note(at, View(str(at))) for at in range(5)]
    found = render_changed(
        [*pages, note(5, View("no words"))], [folder / "templates"], FRAME, folder / "kept", Former(folder)
    )
    (folder / "templates" / "note.html").write_text("{{ view.words if view.words != 'no words' else x }}")
    with pytest.raises(jinja2.UndefinedError):
        write(folder / "output", found, former=Former(folder))
    assert sorted(path.name for path in (folder / "output").iterdir()) == ["0", "1", "2", "3"]


def test_a_compiled_template_knows_of_the_frame_only_where_the_site_lies() -> None:
    """So it is compiled once for all frames of one place: what else a frame says is asked for each page."""
    link, asset = Link("page", "/x/", "X"), AssetAddress("/assets/x.css", "x")
    other = Frame(
        "Coffee", "Hot", "", FRAME.origin, "fr", "fr", True, "/exit", "red", "blue",
        (link,), (link,), {"css/site.css": asset}, {"help": link},
    )  # fmt: skip
    for folder in (ROOT / "theme" / "templates", ROOT / "plugins" / "quiz" / "templates"):
        here, there = make_environment([folder], FRAME), make_environment([folder], other)
        for name in here.list_templates(["html"]):
            text = (folder / name).read_text(encoding="utf-8")
            assert here.compile(text, name, raw=True) == there.compile(text, name, raw=True)

"""A plan is kept for as long as its questions have the answers they had, and shows the same when it is."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest

from plugins.library.asked import Asked, Noting
from plugins.library.natures import Held, nature
from plugins.library.pages import Page
from plugins.library.plans import PlannedPage, Plans, Unit
from plugins.library.store import content_key, digest, store
from plugins.library.text.document import Document


@dataclasses.dataclass
class Desk:
    """Plans a page for each word, which shows what the word means and that of the word this one leads to."""

    folder: Path
    meanings: dict[str, str]
    planned: list[str] = dataclasses.field(default_factory=list)

    def build(self, recipe: bytes = b"", *names: str) -> dict[str, Page]:
        """Return the pages by their addresses, those of ``names`` only if there are any."""
        asked, self.planned = Asked(), []
        heard = Noting(self.meanings, asked, lambda name, _: (f"word {name}",), ["words"])
        units = [Unit(name, partial(self.plan, name, heard)) for name in names or self.meanings]
        with store(self.folder / "plans.sqlite", recipe) as keeper:
            plans = Plans(Told(self.meanings), asked, keeper, lambda _slug: Document())
            return {page.url: page for page in plans.pages(units, is_all=not names)}

    def plan(self, name: str, heard: Mapping[str, str]) -> Iterator[Page]:
        """Yield the page of a word, and that of all words for the word "all"."""
        self.planned.append(name)
        seen = (*heard,) if name == "all" else (heard[name], heard.get(heard[name], "nothing"))
        yield Page(f"/{name}/", "word", name, name, seen, "words", twin=f"# {name}\n")


class Told(dict[str, bytes]):
    """What stands for the answers."""

    def __init__(self, meanings: Mapping[str, str]) -> None:
        super().__init__({"words": digest(content_key(*meanings))})
        self.meanings = meanings

    def __missing__(self, name: str) -> bytes:
        return digest(content_key(self.meanings.get(name.removeprefix("word "))))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a desk that has planned once."""
    desk = Desk(tmp_path, {"tea": "drink", "drink": "joy", "cup": "thing", "all": ""})
    desk.build()
    assert desk.planned == ["tea", "drink", "cup", "all"]
    return desk


def test_what_was_asked_has_the_same_answer(desk: Desk) -> None:
    """Then nothing is planned, and a page is the one it was: its key, its twin, what it shows."""
    pages = desk.build()
    assert desk.planned == []
    page = pages["/tea/"]
    assert (page.key, page.has_twin) == (next(desk.plan("tea", desk.meanings)).key, True)
    assert isinstance(page.twin_file, Held) and page.twin_file.digest == nature(b"# tea\n")
    assert page.twin_file.make() == b"# tea\n"
    desk.planned.clear()
    assert page.view == ("drink", "joy") and page.view and desk.planned == []


def test_an_answer_changes_what_asked_for_it(desk: Desk) -> None:
    """Two steps away as well, and where there was none; what asked for something else is left alone."""
    desk.meanings["drink"] = "water"
    assert desk.build()["/tea/"].view == ("drink", "water")
    assert desk.planned == ["tea", "drink"]
    desk.meanings["thing"] = "matter"
    assert desk.build()["/cup/"].view == ("thing", "matter")
    assert desk.planned == ["cup", "all", "thing"]
    del desk.meanings["thing"]
    assert desk.build()["/cup/"].view == ("thing", "nothing")
    assert desk.planned == ["cup", "all"]


def test_another_recipe_keeps_nothing(desk: Desk) -> None:
    """What is not asked for is part of it."""
    desk.build(b"another")
    assert len(desk.planned) == 4


def test_some_pages_are_not_all(desk: Desk) -> None:
    """Whoever wants a few finds them, and leaves the others as they are kept."""
    desk.meanings["tea"] = "cup"
    assert [*desk.build(b"", "tea")] == ["/tea/"]
    assert desk.planned == ["tea"]
    desk.build()
    assert desk.planned == ["tea"]


def test_a_page_that_is_changed_or_carried_away_is_an_ordinary_one(desk: Desk) -> None:
    """It has all its values, and its own key."""
    page = desk.build()["/tea/"]
    assert isinstance(page, PlannedPage)
    other, copy = dataclasses.replace(page, title="Coffee"), pickle.loads(pickle.dumps(page))
    assert type(other) is type(copy) is Page
    assert (other.view, other.title, copy.view, copy.title) == (page.view, "Coffee", page.view, "tea")
    assert copy.key == page.key != other.key


def test_nobody_goes_through_what_has_no_name() -> None:
    """A question that could not be noted is an error."""
    with pytest.raises(TypeError, match="no name as a whole"):
        list(Noting({"tea": 1}, Asked(), lambda name, _: (name,)))


def test_what_only_the_page_shows_is_let_go(desk: Desk) -> None:
    """It takes room, and can be planned again."""
    desk.meanings["drink"] = "water"
    page = desk.build()["/tea/"]
    desk.planned.clear()
    assert page.view == ("drink", "water") and desk.planned == []
    page.let_go()
    assert page.view == ("drink", "water") and desk.planned == ["tea"]

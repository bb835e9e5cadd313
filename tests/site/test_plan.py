"""The plan of the site: pages are values, and a page is made from its value alone."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import jinja2.meta
import pytest

from plugins.common_thread.site import Site as PlannedSite
from plugins.common_thread.views import is_plain
from plugins.common_thread.wordings import counted
from plugins.library.filters import in_words
from plugins.library.rendering import make_environment, render
from tests.conftest import ROOT, Site

TEMPLATES = ROOT / "theme" / "templates"
LOOKED_UP = {"graph", "library", "context", "entry", "document", "kinds", "sharing", "pictures", "settings"}
RENDER = """
import pickle, sys
from pathlib import Path
from plugins.library.rendering import make_environment, render
frame, pages, templates = pickle.loads(Path(sys.argv[1]).read_bytes())
environment = make_environment(templates, frame)
made = {page.save_as: render(environment, page) for page in pages}
Path(sys.argv[2]).write_bytes(pickle.dumps(made))
"""


@pytest.fixture
def planned(site: Site) -> PlannedSite:
    """Return the plan the session's build was made from."""
    return site.planned


def test_views_hold_plain_values_only(planned: PlannedSite) -> None:
    """Text, numbers, days, tuples and views of these: nothing that could look something up."""
    assert [page.url for page in planned.pages if not is_plain(page.view)] == []
    assert not is_plain([]) and not is_plain(planned.pages[0].view.__class__) and not is_plain({"a": 1})


def test_a_page_is_made_from_its_value_in_a_fresh_process(
    planned: PlannedSite, site: Site, tmp_path: Path
) -> None:
    """Pickled, carried to another process and rendered there, every page has the same bytes."""
    (tmp_path / "in").write_bytes(
        pickle.dumps((planned.frame, planned.pages, planned.resolved.theme.templates))
    )
    command = [sys.executable, "-c", RENDER, str(tmp_path / "in"), str(tmp_path / "out")]
    subprocess.run(command, check=True, cwd=ROOT)
    made = pickle.loads((tmp_path / "out").read_bytes())
    assert len(made) == len(planned.pages) > 100
    for name, html in made.items():
        assert (site.output / name).read_bytes() == html.encode(), name


def test_templates_look_nothing_up(planned: PlannedSite) -> None:
    """A template names its page, its view, the frame and macros; no graph, no library, no setting."""
    environment = make_environment([TEMPLATES], planned.frame)
    for path in TEMPLATES.rglob("*.html"):
        free = jinja2.meta.find_undeclared_variables(environment.parse(path.read_text(encoding="utf-8")))
        assert not free & LOOKED_UP, path
        assert not [name for name in free if name.isupper()], path


def test_every_page_has_one_address(planned: PlannedSite) -> None:
    """No two pages are written to one file, and every page of the build was planned."""
    names = [page.save_as for page in planned.pages]
    assert len(set(names)) == len(names)
    assert all(page.source for page in planned.pages)


@pytest.mark.parametrize(
    ("url", "field", "words", "one"),
    [
        ("/", "guides", "{} longer reads", "One longer read,"),
        ("/", "signs", "{} signs of connection", "One sign of connection"),
        ("/", "signs", "{} signs, five minutes", "One sign, five minutes"),
        ("/finder/", "obstacles", "{} things that get in the way", "One thing that gets in the way"),
        ("/signs/trust/", "try_first", "{} ways to start", "One way to start"),
    ],
)
def test_pages_count_what_they_show(planned: PlannedSite, url: str, field: str, words: str, one: str) -> None:
    """A page with one entry more or less says so, in words; and so does a page with a single one."""
    environment = make_environment([TEMPLATES], planned.frame)
    page = next(page for page in planned.pages if page.url == url)
    shown = getattr(page.view, field)
    for some in (shown, shown[1:], (*shown, shown[0]), shown[:1]):
        html = render(environment, replace(page, view=replace(page.view, **{field: some})))
        assert (words.format(in_words(len(some)).capitalize()) if len(some) > 1 else one) in html


def test_descriptions_count_what_they_speak_of() -> None:
    """Number, noun and verb agree."""
    text = "{count} {thing that gets|things that get} in the way"
    assert counted(text, 1) == "One thing that gets in the way"
    assert counted(text, 12) == "Twelve things that get in the way"


def test_numbers_in_words() -> None:
    """Below a hundred."""
    assert [in_words(number) for number in (0, 1, 12, 19, 20, 24, 99, 100)] == [
        "no", "one", "twelve", "nineteen", "twenty", "twenty-four", "ninety-nine", "100",
    ]  # fmt: skip


def test_what_holds_the_whole_library_is_printed_in_a_line(site: Site) -> None:
    """A failing test prints what it holds, and entries hold entries: all of them would take minutes."""
    library = site.library
    things = (library, site.graph, *library.entries.values(), *library.bodies.values())
    assert [said for thing in things if len(said := repr(thing)) > 400] == []

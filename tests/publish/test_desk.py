"""The desk: what it counts is so, and whoever looks at it can."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from plugins.common_thread.popular import Popular
from plugins.common_thread.site import Resolved
from publish.deploy import runs
from publish.deploy.engine import Outcome
from publish.deploy.manifest import Manifest
from publish.deploy.plan import make_plan
from publish.desk import pages
from publish.desk.changes import changes_since, note_release
from publish.desk.facts import bars, columns, desk_view
from publish.desk.pages import answer, desk_html
from publish.desk.view import Bar, Changes, DeskView, OutsideLink
from publish.due import due_day
from publish.preview.extras import Request, extra_for
from publish.prose import grade, read_pages
from publish.site_settings import site_settings
from tests.conftest import Site

ROOT = Path(__file__).resolve().parents[2]
DAY = dt.date(2026, 11, 29)
SETTINGS = {**site_settings(), "META_POLICY": False, "SITEURL": "http://127.0.0.1:8000"}


@pytest.fixture(scope="module")
def resolved(site: Site) -> Resolved:
    """The library of the session's build."""
    return site.planned.resolved


@pytest.fixture(scope="module")
def view(resolved: Resolved, cache: Path) -> DeskView:
    """The desk of a day, with two links elsewhere and some changes."""
    links = (
        OutsideLink("https://example.org/a", ("a.md:3",), "404 Not Found", str(DAY), "2026-10-01", ok=False),
        OutsideLink("https://example.org/b", ("a.md:4",), "", "", "", ok=False),
        OutsideLink("https://example.org/c", ("a.md:5",), "200 OK", str(DAY), str(DAY), ok=True),
    )
    changes = Changes("the tag v1", ("Content: say more",), (("new", "content/faq/a.md"),))
    return desk_view(resolved, DAY, cache / "kept", links, changes)


def test_the_desk_shows_what_was_read_most(resolved: Resolved, view: DeskView, cache: Path) -> None:
    """With the numbers that the file has, the newest month alone; without a file it says nothing of it."""
    reads = {"2026-09": {"trust": 900}, "2026-10": {"trust": 20, "show-empathy": 340}}
    data = replace(resolved.data, popular=Popular(reads))
    counted = desk_view(replace(resolved, data=data), DAY, cache / "kept")
    html = BeautifulSoup(desk_html(counted, resolved, SETTINGS), "html.parser")
    rows = [row.get_text(" ", strip=True) for row in html.select("[aria-labelledby=popular] tbody tr")]
    assert rows == ["Show empathy before you offer fixes 340", "Trust 20"]
    assert not view.popular
    assert not BeautifulSoup(desk_html(view, resolved, SETTINGS), "html.parser").select("#popular")


def test_coverage_counts_what_the_graph_holds(view: DeskView, site: Site) -> None:
    """Obstacles by strategies, the fewest first; signs by questions and strategies; all of them."""
    for row in view.obstacles:
        entry = site.library.entries[row.link.url.strip("/").rpartition("/")[2]]
        assert row.bars[0].count == len(site.graph.sources(entry, "addresses"))
    assert len(view.obstacles) == len(site.library.of_kind("obstacle"))
    counts = [row.bars[0].count for row in view.obstacles]
    assert counts == sorted(counts)
    for row in view.signs:
        entry = site.library.entries[row.link.url.strip("/").rpartition("/")[2]]
        assert row.bars[1].count == len(site.graph.sources(entry, "strengthens"))
        assert row.bars[0].count > 0


def test_each_source_has_its_year_and_its_pages(view: DeskView, site: Site) -> None:
    """The oldest is first, and the picture of ages counts each once."""
    years = [one.year for one in view.sources]
    assert years == sorted(years)
    assert min(years) > 1900
    for one in view.sources:
        assert one.cited.count == len(one.pages) == len(site.graph.cited_by[one.id])
    assert sum(column.count for column in view.ages) == len(view.sources)


def test_pages_are_read_as_the_rules_read_them(view: DeskView, site: Site) -> None:
    """Grade and length are those that check would find; each page stands there once."""
    known = {page.entry.url: page for page in read_pages(site.library)}
    hardest = view.pages[0]
    assert hardest.grade == round(grade(known[hardest.link.url].text), 1)
    assert all(one.least <= one.words.count <= one.most for one in view.pages if one.most)
    assert {one.link.url for one in view.pages} == {
        url for url, page in known.items() if not page.entry.kind.at_root
    }
    assert sum(column.count for column in view.grades) == len(view.pages)


def test_what_is_due_first_stands_first(view: DeskView, resolved: Resolved, cache: Path) -> None:
    """Every entry is on the list, with the day that its kind asks for; a year later some are late."""
    assert len(view.due) == view.entries
    days = [one.days for one in view.due]
    assert days == sorted(days)
    assert {one.due for one in view.due} == {due_day(one) for one in resolved.library.entries.values()}
    later = desk_view(resolved, DAY + dt.timedelta(days=200), cache / "kept")
    assert 0 < later.late == sum(one.careful for one in later.due)


def test_orphans_short_pages_and_drafts_are_found(resolved: Resolved, cache: Path) -> None:
    """An entry whose ties are cut, one that has lost its words, one that is held back."""
    entry = resolved.library.entries["keep-your-word"]
    graph = replace(resolved.graph, out={}, into={}, citations={}, cited_by={})
    front = entry.front.model_copy(update={"status": "draft"})
    library = replace(
        resolved.library,
        bodies={
            **resolved.library.bodies,
            "trust": replace(resolved.library.bodies["trust"], tree=tuple, pictures=(), markers=()),
        },
        held={"sing": replace(entry, slug="sing", front=front)},
    )
    view = desk_view(replace(resolved, graph=graph, library=library), DAY, cache / "kept")
    why = {one.link.url: one.why for one in view.lonely}
    assert why["/strategies/keep-your-word/"] == "tied to no other pages"
    assert "words, of at least 300" in [one.why for one in view.lonely if one.link.url == "/signs/trust/"][-1]
    assert [(one.link.title, one.day) for one in view.held] == [(entry.title, None)]


def test_bars_and_columns_are_shares_of_the_largest() -> None:
    """What is too little is told apart, and a stretch in which nothing lies has its place all the same."""
    assert bars([1, 4], 2) == (Bar(1, 25, low=True), Bar(4, 100))
    assert bars([0, 0]) == (Bar(0, 0), Bar(0, 0))
    found = columns([3, 4, 21], 10, "{} to {}", low_from=20)
    assert [(one.label, one.count, one.share, one.low) for one in found] == [
        ("0 to 9", 2, 100, False),
        ("10 to 19", 0, 0, False),
        ("20 to 29", 1, 50, True),
    ]
    assert columns([], 10, "{}", 0) == ()


@pytest.fixture(scope="module")
def html(view: DeskView, resolved: Resolved) -> str:
    """The desk as the preview sends it."""
    return desk_html(view, resolved, SETTINGS)


def test_every_number_of_a_picture_is_there_in_words(html: str, view: DeskView) -> None:
    """Who can't see the bars reads the numbers; the silent link comes first, and no id is there twice."""
    soup = BeautifulSoup(html, "html.parser")
    for figure, columns_ in zip(soup.select(".desk__picture"), (view.ages, view.grades), strict=True):
        for column in columns_:
            assert f"{column.label}: {column.count}" in str(figure["aria-label"])
    for bar in soup.select(".desk__bar"):
        assert re.match(r"\s*\d+", bar.get_text())
    ids = [str(tag["id"]) for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    rows = soup.select("#links ~ details tbody tr")
    assert ["404 Not Found" in rows[0].text or "never" in rows[0].text, "200 OK" in rows[2].text] == [
        True,
        True,
    ]
    assert soup.select_one("meta[name=robots]")


def test_it_can_be_read_by_everybody(
    view: DeskView, resolved: Resolved, served: str, chromium: Any, axe: str
) -> None:
    """No fault that axe knows, light and dark; nothing runs over the edge of a phone."""
    few = {name: getattr(view, name)[:2] for name in ("obstacles", "sources", "due", "pages")}
    html = desk_html(replace(view, **few), resolved, SETTINGS)
    context = chromium.new_context(viewport={"width": 390, "height": 800}, color_scheme="dark")
    page = context.new_page()
    page.route("**/_desk/*", lambda route: _give(route, html))
    page.goto(f"{served}/_desk/")
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.evaluate(axe)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate("axe.run(document.querySelector('main'), {resultTypes: ['violations']})")
        assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    context.close()


def _give(route: Any, html: str) -> None:
    path = route.request.url.rpartition("/_desk/")[2]
    found = answer(Request("GET", path)) if path else None
    route.fulfill(
        body=found.body if found else html,
        content_type=found.content_type if found else "text/html; charset=utf-8",
    )


# The room ------------------------------------------------------------------------


def test_the_preview_has_it() -> None:
    """As a room of its own, with its style sheet; nothing else is in it."""
    extra = extra_for("/_desk/")
    assert extra
    assert extra.function == "publish.desk.pages:answer"
    assert "desk__bar" in str(answer(Request("GET", "desk.css")).body)
    assert answer(Request("GET", "nothing")).status == 404


def test_a_library_that_can_not_be_read_is_named(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk says what has to be mended, instead of failing."""
    (tmp_path / "content" / "faq").mkdir(parents=True)
    (tmp_path / "content" / "faq" / "a.md").write_text("No front matter.", encoding="utf-8")
    settings = {**site_settings(), "PATH": str(tmp_path / "content"), "KEPT_IN": str(cache)}
    monkeypatch.setattr(pages, "site_settings", lambda: settings)
    found = answer(Request("GET", ""))
    assert (found.status, found.content_type) == (503, "text/plain; charset=utf-8")
    assert "First mend this" in str(found.body)


# What changed --------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """A project in git with one entry."""
    (tmp_path / "content" / "faq").mkdir(parents=True)
    (tmp_path / "content" / "faq" / "old.md").write_text("One line\n" * 9, encoding="utf-8")
    git(tmp_path, "init", "-q")
    commit(tmp_path, "Start")
    yield tmp_path


def git(folder: Path, *words: str) -> str:
    """Run git and return what it says."""
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    return subprocess.run(
        ["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


def commit(folder: Path, subject: str) -> str:
    """Commit everything and return the commit."""
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", subject)
    return git(folder, "rev-parse", "HEAD").strip()


def test_changes_are_those_since_the_last_release(project: Path) -> None:
    """Committed or not, by name, with the subjects of what touched the content; from a deploy, or a tag."""
    cache = project / ".cache"
    assert "no tag" in changes_since(project, cache).why_not
    git(project, "tag", "v1")
    (project / "content" / "faq" / "old.md").rename(project / "content" / "faq" / "new.md")
    commit(project, "Content: rename it")
    released = git(project, "rev-parse", "HEAD").strip()
    since_tag = changes_since(project, cache)
    assert since_tag.name == "the tag v1"
    assert since_tag.commits == ("Content: rename it",)
    assert since_tag.files == (("renamed", "content/faq/old.md → content/faq/new.md"),)
    note_release(cache, "live", released, "2026-11-29")
    (project / "content" / "faq" / "new.md").write_text("Other\n", encoding="utf-8")
    (project / "content" / "faq" / "é.md").write_text("New\n", encoding="utf-8")
    found = changes_since(project, cache)
    assert found.name == "the release to live of 2026-11-29"
    assert found.files == (("changed", "content/faq/new.md"), ("new, not committed", "content/faq/é.md"))
    note_release(cache, "live", "0" * 40, "2026-11-29")
    assert "0000000000" in changes_since(project, cache).why_not


def test_a_folder_without_git_is_no_fault(tmp_path: Path) -> None:
    """And neither is a note that nobody can read."""
    (tmp_path / "released.json").write_text("{", encoding="utf-8")
    assert changes_since(tmp_path, tmp_path).why_not


def test_a_deploy_notes_what_it_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which target, which commit; one that sent nothing notes nothing."""
    monkeypatch.setattr(runs, "ROOT", tmp_path)
    made: list[Outcome] = []

    def deploy(*_how: object) -> Outcome:
        return made[-1]

    monkeypatch.setattr(runs, "deploy", deploy)
    plan = make_plan(None, Manifest("https://example.org", {}, "abc"))
    config = tmp_path / "publish.toml"
    config.write_text(
        '[targets.live]\nkind = "dir"\npath = "site"\nsite_url = "https://example.org"\n', encoding="utf-8"
    )
    words = {"dry_run": False, "allow_shrink": False, "force": False, "smoke": False, "output": tmp_path}
    options = argparse.Namespace(target="live", config=config, **words)
    for release, is_noted in (("", False), ("r1", True)):
        made.append(Outcome(plan, release))
        assert runs.run_deploy(options) == 0
        path = tmp_path / ".cache" / "released.json"
        assert path.exists() is is_noted
    note = json.loads(path.read_text(encoding="utf-8"))
    assert (note["target"], note["commit"]) == ("live", "abc")

"""The house rules for words, as limits; and that each of them can be broken."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.library.filters import today
from plugins.library.loader import load_library
from plugins.library.text.reading import Reader
from plugins.problems import LibraryError, Problem, Problems
from publish import prose
from publish.deploy import runs
from publish.site_settings import site_kinds
from tests.conftest import ROOT

PAGES = prose.read_pages(load_library(ROOT / "content", site_kinds(), today(), Problems()))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.entry.slug)
def test_page_keeps_the_house_rules(page: prose.Page) -> None:
    """Length, reading grade, words to avoid, headings, quotes, links and citations are as the rules say."""
    found = [message for rule in prose.PAGE_RULES for _line, message, _cure in rule(page)]
    assert found == []


def test_pages_read_easily() -> None:
    """The median grade is 6 at most, and none is above 8."""
    grades = {page.entry.slug: prose.grade(page.text) for page in PAGES}
    assert statistics.median(grades.values()) <= 6
    assert {slug: grade for slug, grade in grades.items() if grade > prose.GRADE_LIMIT} == {}


@pytest.mark.parametrize("rule", prose.CROSS_RULES.values(), ids=lambda rule: rule.__name__)
def test_pages_do_not_repeat_each_other(rule: object) -> None:
    """No sentence, opening, title or summary is used twice."""
    assert [(page.entry.slug, value) for page, value in rule(PAGES)] == []  # type: ignore[operator]


SPOILT: dict[str, tuple[str, Callable[[str], str]]] = {
    "check_length": ("strategy", lambda body: "Too short."),
    "check_grade": ("strategy", lambda body: body + "\n\n" + "Notwithstanding considerations " * 120),
    "check_sentences": ("strategy", lambda body: body + "\n\n" + "Word " * 31 + "ends.\n"),
    "check_words": ("strategy", lambda body: body + "\n\nThis is guaranteed.\n"),
    "check_headings": ("strategy", lambda body: body + "\n\n## A Heading In Title Case\n"),
    "check_quotes": ("strategy", lambda body: body + "\n\n“Curly”\n"),
    "check_links": ("guide", lambda body: body + "\n\n## A lonely section\n\nNo link here.\n"),
    "check_citations": ("strategy", lambda body: body.replace("[@", "[")),
    "check_warning_first": ("faq", lambda body: f"{body}\n\n> Hello.\n\n[[when-it-does-not-feel-safe]]"),
    "check_unwritten": ("strategy", lambda body: f"{body}\n\nText.\n"),
    "check_way_out": ("strategy", lambda body: f"## How to do it\n\n{body}"),
}


@pytest.mark.parametrize("rule", prose.PAGE_RULES, ids=lambda rule: rule.__name__)
def test_rule_can_be_broken(rule: Callable[[prose.Page], prose.Found]) -> None:
    """Each rule finds the fault it is there for."""
    kind, spoil = SPOILT[rule.__name__]
    page = next(page for page in PAGES if page.entry.kind.name == kind and not page.entry.front.safety)
    body = spoil(page.entry.body)
    entry = page.entry.__class__(**{**page.entry.__dict__, "body": body})
    read = Reader().read(body)
    spoilt = prose.Page(entry, read, prose.plain_text(read, {}), page.reasons)
    assert list(rule(spoilt))


def test_a_link_twice_in_the_text_before_all_headings_is_named_in_words() -> None:
    """Where there is no heading to name, the problem says which text it means."""
    page = next(page for page in PAGES if page.entry.kind.name == "faq" and not page.entry.front.safety)
    body = "[[shaken-trust]] and [[shaken-trust]].\n\n" + page.entry.body
    entry = page.entry.__class__(**{**page.entry.__dict__, "body": body})
    read = Reader().read(body)
    found = [problem for _, problem, _ in prose.check_links(prose.Page(entry, read, "", page.reasons))]
    assert any(one.startswith("the text before the first heading links to 'shaken-trust'") for one in found)


def test_cross_rules_can_be_broken() -> None:
    """A page beside its twin breaks every rule about repetition."""
    page = next(page for page in PAGES if page.entry.kind.name == "strategy")
    for rule in prose.CROSS_RULES.values():
        assert list(rule([page, page]))


def test_a_page_that_breaks_a_rule_does_not_go_out(content: Path) -> None:
    """What a deploy asks before it builds raises, with file and line; a library in order passes."""
    prose.require_prose(content)
    path = content / "faq" / "normal-to-drift.md"
    path.write_text(path.read_text(encoding="utf-8") + "\nYou will always be soulmates.\n", encoding="utf-8")
    with pytest.raises(LibraryError, match=r"content/faq/normal-to-drift\.md:\d+: 'always' is a"):
        prose.require_prose(content)


def test_a_deploy_asks_before_it_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that breaks a rule is not even built."""

    def refuse() -> None:
        raise LibraryError([Problem("content/faq/x.md", 1, "check_words", "no")])

    monkeypatch.setattr(prose, "require_prose", refuse)
    with pytest.raises(LibraryError, match="no"), runs._site(None, target=None):  # type: ignore[arg-type]
        pass

"""Starting an entry: a file that is valid from its first moment, asked for or told."""

from __future__ import annotations

import argparse
import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.common_thread.keys import keys_of
from plugins.library.kinds import Kinds
from plugins.library.loader import load_library
from plugins.problems import Problems
from publish.journal import RefusedError
from publish.new import left_as_begun, skeleton, slug_of, write_new
from publish.site_settings import site_kinds
from publish.sources import Sources

KINDS = site_kinds()
MARKDOWN = [kind for kind in KINDS.values() if kind.suffix == ".md"]
FRONT = "---\ntitle: {}\n---\n\nWords.\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with a few entries to name."""
    for path, title in (
        ("obstacles/lack-of-energy", "Lack of energy"),
        ("obstacles/too-little-time", "Too little time"),
        ("signs/trust", "Trust"),
        ("strategies/keep-your-word", "Keep your word"),
    ):
        file = tmp_path / "content" / f"{path}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(FRONT.format(title), encoding="utf-8")
    return tmp_path


def start(project: Path, *words: str, ask: Callable[[str], str] | None = None, slug: str = "") -> str:
    """Start an entry and return its path; ``words`` are kind, title and what is set."""
    kind, title, *given = (*words, "", "")[: max(2, len(words))]
    options = argparse.Namespace(kind=kind, title=title, slug=slug, set=given)
    return write_new(project, Sources.read(project, KINDS), options, ask)


@pytest.mark.parametrize("kind", MARKDOWN, ids=lambda kind: str(kind.name))
def test_a_new_file_of_every_kind_can_be_read(kind: object, project: Path) -> None:
    """Its front matter holds, as a draft, and each heading of its kind is there."""
    name = getattr(kind, "name")  # noqa: B009 - parametrised
    path = start(project, name, "Sing, & dance: a start")
    for other in sorted((project / "content").rglob("*.md")):
        if other.relative_to(project).as_posix() != path:
            other.unlink()
    problems = Problems()
    library = load_library(project / "content", Kinds(MARKDOWN), dt.date(2030, 1, 1), problems)
    assert [str(problem) for problem in problems] == []
    assert library.held["sing-dance-a-start"].title == "Sing, & dance: a start"
    text = (project / path).read_text(encoding="utf-8")
    assert re.findall("^## (.*)", text, re.M) == list(KINDS[name].headings)


def test_each_key_of_a_strategy_comes_with_a_remark() -> None:
    """They are in the file, above what they speak of."""
    text = skeleton(KINDS["strategy"], "Sing", dt.date(2026, 11, 22))
    for key in keys_of(KINDS["strategy"]):
        assert f"{key.remark}{key.name}: {key.value}" in text
        assert key.remark or key.name == "minutes"
    assert "400 to 600 words" in text


def test_what_is_set_stands_in_the_file(project: Path) -> None:
    """Entries by slug, with their reason or one to be written; numbers as numbers."""
    path = start(
        project,
        "strategy",
        "Sing in the car",
        "minutes=15",
        "time=A song: or two",
        "fits=family, friend",
        "addresses=lack-of-energy: Singing wakes you up on the way home.",
        "addresses=too-little-time",
        "strengthens=trust",
    )
    text = (project / path).read_text(encoding="utf-8")
    assert path == "content/strategies/sing-in-the-car.md"
    assert "\nminutes: 15\n" in text
    assert "\ntime: 'A song: or two'\n" in text
    assert "\nfits: [family, friend]\n" in text
    assert "\n  - obstacle: lack-of-energy\n    because: Singing wakes you up on the way home.\n" in text
    assert "\n  - obstacle: too-little-time\n    because: Why this helps" in text
    assert "\nstrengthens: [trust]\n" in text


def test_it_asks_and_offers_entries_by_name(project: Path) -> None:
    """An answer is a number or a name; each obstacle is asked its reason; Enter keeps what stands there."""
    asked = list[str]()
    answers = {
        "Kind": "strategy",
        "Title": "Sing in the car",
        "addresses": "2, lack-of-energy",
        "Why 'too": "It fits into the drive home.",
        "minutes": "ten",
        "strengthens": "1",
    }

    def ask(question: str) -> str:
        asked.append(question)
        line = question.strip().split("\n")[-1]
        return next((answer for words, answer in answers.items() if line.startswith(words)), "")

    text = (project / start(project, ask=ask)).read_text(encoding="utf-8")
    assert "\n  - obstacle: too-little-time\n    because: It fits into the drive home.\n" in text
    assert "\n  - obstacle: lack-of-energy\n    because: Why this helps" in text
    assert "\nstrengthens: [trust]\n" in text
    assert "\nminutes: 10\n" in text
    assert any("1  Lack of energy (lack-of-energy)\n   2  Too little time" in question for question in asked)
    assert sum("minutes (" in question for question in asked) == 3
    assert any("The signs it feeds, the main one first." in question for question in asked)


def test_a_bad_answer_is_asked_again_and_loses_no_other(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A kind, a title or a length that will not do is told at once, not when all has been answered."""
    answers = {
        "Kind": ["stratgey", "strategy"],
        "Title": ["", "Sing in the car"],
        "summary": [
            "Too short.",
            "Two people in a car sing one song, from its first line to the last, and laugh.",
        ],
        "minutes": ["12"],
    }

    def ask(question: str) -> str:
        line = question.strip().split("\n")[-1]
        left = next((left for words, left in answers.items() if line.startswith(words)), [])
        return left.pop(0) if left else ""

    text = (project / start(project, "", "", ask=ask)).read_text(encoding="utf-8")
    assert "\nsummary: Two people in a car" in text
    assert "\nminutes: 12\n" in text
    said = capsys.readouterr().out
    assert "Did you mean 'strategy'?" in said
    assert "an entry needs a title" in said
    assert "'summary' has 10 characters" in said


def test_a_question_is_for_people(project: Path) -> None:
    """It shows no YAML, no placeholder and no name twice, and says what Enter does."""
    asked = list[str]()

    def ask(question: str) -> str:
        asked.append(question)
        return ""

    start(project, "strategy", "Sing in the car", ask=ask)
    text = "".join(asked)
    assert "- obstacle:" not in text
    assert "One small thing" not in text
    assert "friend (friend)" not in text
    assert "first_step (Enter to write it later)" in text
    assert "minutes (Enter for 10)" in text
    assert "addresses (numbers or names, commas between; Enter for none yet)" in text


def test_what_was_never_written_is_noticed(project: Path) -> None:
    """Summary, first step, reasons and texts that are as `new` wrote them, each at its place; no other."""
    path = start(project, "strategy", "Sing in the car", "addresses=lack-of-energy", "strengthens=trust")
    library = load_library(project / "content", Kinds(MARKDOWN), dt.date(2030, 1, 1), Problems())
    entry = library.held["sing-in-the-car"]
    found = [*left_as_begun(KINDS["strategy"], entry.front, entry.body)]
    assert [key for key, _ in found if key] == ["summary", "first_step", "addresses"]
    rows = (project / path).read_text(encoding="utf-8").split("\n")
    assert [rows[entry.body_line + row - 1] for key, row in found if not key] == ["Text."] * 7
    mended = entry.front.model_copy(update={"summary": "Ours.", "first_step": "Ours.", "addresses": []})
    assert [*left_as_begun(KINDS["strategy"], mended, "Ours.")] == []


@pytest.mark.parametrize(
    ("words", "slug", "reason"),
    [
        (("stategy", "Sing"), "", "Did you mean 'strategy'?"),
        (("quiz", "Sing"), "", "no kind 'quiz' to start"),
        (("faq", "Trust"), "", "taken by content/signs/trust.md"),
        (("faq", "Sing"), "Sing!", "no slug"),
        (("faq", "?"), "", "no slug"),
        (("faq", "Sing", "topic=basic"), "", "Did you mean 'basics'?"),
        (("faq", "Sing", "topics=basics"), "", "Did you mean 'topic'?"),
        (("strategy", "Sing", "addresses=trust"), "", "'addresses' can't be 'trust'"),
        (("strategy", "Sing", "minutes=ten"), "", "minutes"),
        (("faq", "Sing " * 15), "", "title"),
        (("page", "Finder"), "", "taken by the page"),
    ],
)
def test_what_will_not_do_is_refused_and_leaves_no_file(
    words: tuple[str, ...], slug: str, reason: str, project: Path
) -> None:
    """The message names what is wrong and what would do."""
    before = sorted(project.rglob("*"))
    with pytest.raises(RefusedError, match=re.escape(reason)):
        start(project, *words, slug=slug)
    assert sorted(project.rglob("*")) == before


def test_what_is_wrong_with_the_command_stands_in_no_file(project: Path) -> None:
    """It is told as a sentence, without a place that nobody could look at."""
    with pytest.raises(RefusedError) as caught:
        start(project, "stategy", "Sing")
    assert str(caught.value) == "There is no kind 'stategy' to start. Did you mean 'strategy'?"


def test_nothing_is_written_over(project: Path) -> None:
    """A second entry of the same name is refused, and the first stays as it is."""
    path = project / start(project, "faq", "Why sing?")
    path.write_text("my words", encoding="utf-8")
    with pytest.raises(RefusedError, match=r"taken by content/faq/why-sing\.md"):
        start(project, "faq", "Why sing?")
    assert path.read_text(encoding="utf-8") == "my words"


def test_a_slug_is_made_of_the_words_of_a_title() -> None:
    """Accents, apostrophes and signs are left out; a slug given as a title stays, and is worded."""
    assert slug_of("Don't ask: “Où est-ce?”") == "dont-ask-ou-est-ce"
    assert slug_of("sing-in-the-car") == "sing-in-the-car"

"""Reviews: noted in the file and nowhere else in it, and asked for when they are due."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

import pytest

from plugins.library.entries import Library
from plugins.library.filters import today
from plugins.library.loader import load_library
from plugins.problems import LibraryError, Problem, Problems
from publish import due, review
from publish.check import look
from publish.deploy import runs
from publish.due import CAREFUL_DAYS, check_due, require_reviewed
from publish.journal import RefusedError
from publish.review import reviewed
from publish.site_settings import site_kinds, site_settings
from publish.sources import Sources
from tests.hostile.table import LIBRARY

KINDS = site_kinds()
DAY = dt.date(2027, 3, 4)
FRONT = """---
# What it is called.
title: Trust
summary: How much you can lean on one another, and how you would notice that in a week.
reviewed: {}   # by hand
order: 1 # first
plain_title: You can lean on each other
try_first: []
---

Text with reviewed: 2026-01-01 in it.
"""


def noted(text: str, name: str = "Ada Lind", path: str = "content/signs/trust.md") -> str:
    """Return a file after a review."""
    (change,) = reviewed(Sources({path: text.encode()}, KINDS), [Path(path).stem], name, DAY).values()
    assert change.before == text.encode()
    return (change.after or b"").decode()


@pytest.mark.parametrize("day", ["2026-01-01", "'2026-01-01'", '"2026-01-01"'])
def test_a_review_changes_the_day_and_says_who_it_was(day: str) -> None:
    """The remark behind it stays, and so does all the rest."""
    before = FRONT.format(day).replace("'", "").replace('"', "")
    after = before.replace("2026-01-01   # by hand", "2027-03-04   # by hand\nreviewed_by: Ada Lind")
    assert noted(before) == after
    again = after.replace("Ada Lind", "'Bo: B'")
    assert noted(after, "Bo: B") == again


def test_line_ends_and_a_byte_order_mark_stay() -> None:
    """A file from Windows is one afterwards."""
    text = "\ufeff" + FRONT.format("2026-01-01").replace("\n", "\r\n")
    after = noted(text)
    assert after.count("\r\n") == after.count("\n") == text.count("\n") + 1
    assert after.startswith("\ufeff---\r\n")


def test_a_quiz_is_reviewed_too() -> None:
    """The whole file is its front matter."""
    path = "content/quizzes/signs-of-connection.yaml"
    text = (LIBRARY / "quizzes" / "signs-of-connection.yaml").read_text(encoding="utf-8")
    after = noted(text, path=path)
    assert set(after.splitlines()) - set(text.splitlines()) == {
        "reviewed: 2027-03-04",
        "reviewed_by: Ada Lind",
    }


@pytest.mark.parametrize(
    ("slug", "name", "text", "says"),
    [
        ("trst", "Ada", FRONT, "Did you mean 'trust'?"),
        ("trust", "A", FRONT, "'reviewed_by'"),
        ("trust", "<b>Ada</b>", FRONT, "<b>"),
        ("trust", "Ada", "No front matter.", "content/signs/trust.md:1"),
        (
            "trust",
            "Ada",
            "---\n{title: Trust, reviewed: 2026-01-01}\n---\n\nText.\n",
            "content/signs/trust.md:",
        ),
        ("trust", "Ada", FRONT.replace("order: 1 # first", "order: one"), "'order' is 'one'"),
    ],
)
def test_what_can_not_be_noted_is_refused(slug: str, name: str, text: str, says: str) -> None:
    """An unknown slug, a name that will not do, and a file that can't be read: nothing is changed."""
    files = {"content/signs/trust.md": text.replace("{}", "2026-01-01").encode()}
    with pytest.raises(RefusedError) as caught:
        reviewed(Sources(files, KINDS), [slug], name, DAY)
    assert says in str(caught.value)


@pytest.mark.parametrize("dry_run", [True, False])
def test_the_command_says_what_it_writes(
    dry_run: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All entries named are noted, or shown with ``--dry-run``."""
    folder = tmp_path / "content" / "signs"
    folder.mkdir(parents=True)
    for name in ("trust", "support"):
        (folder / f"{name}.md").write_text(FRONT.format("2026-01-01"), encoding="utf-8")
    monkeypatch.setattr(review, "ROOT", tmp_path)
    options = argparse.Namespace(slugs=["trust", "support"], by="Ada", dry_run=dry_run)
    assert review.run_review(options) == 0
    assert f"content/signs/trust.md:5: reviewed: {today()}" in capsys.readouterr().out
    for name in ("trust", "support"):
        assert ("reviewed_by: Ada" in (folder / f"{name}.md").read_text(encoding="utf-8")) is not dry_run


def small_library() -> Library:
    """Return the small library, of whose pages each was reviewed on one day."""
    return load_library(LIBRARY, KINDS, dt.date(2026, 11, 29), Problems())


def late(day: dt.date) -> dict[str, bool]:
    """Return what is late in the small library on a day, and whether that is only advice."""
    problems = Problems()
    check_due(small_library(), day, problems)
    return {Path(problem.path).stem: problem.warning for problem in problems}


def test_pages_are_due_when_their_kind_says_so() -> None:
    """Not on the last day, but on the one after; a safety page sooner, and then it is an error."""
    last = dt.date(2026, 11, 22)
    assert late(last + dt.timedelta(days=CAREFUL_DAYS)) == {}
    careful = late(last + dt.timedelta(days=CAREFUL_DAYS + 1))
    assert careful["when-it-does-not-feel-safe"] is False
    assert not any(careful.values())
    year = late(last + dt.timedelta(days=366))
    assert year["noise"] is True
    assert "trust" not in year
    assert late(last + dt.timedelta(days=731))["trust"] is True


def test_a_late_safety_page_stops_a_deploy_before_it_builds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is named with the command that helps; a page of another sort stops nothing."""
    content = tmp_path / "content"
    for path in LIBRARY.rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        is_safe = path.stem == "when-it-does-not-feel-safe"
        day = today() if "\nsafety: true" in text or "\nquick_exit: true" in text else dt.date(2020, 1, 1)
        day = dt.date(2020, 1, 1) if is_safe else day
        target = content / path.relative_to(LIBRARY)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.replace("reviewed: 2026-11-22", f"reviewed: {day}"), encoding="utf-8")
    with pytest.raises(LibraryError, match=r"\./publish\.sh review when-it-does-not-feel-safe") as caught:
        require_reviewed(content)
    assert [problem.rule for problem in caught.value.problems] == ["safety-review"]

    def refuse() -> None:
        raise LibraryError([Problem("content/a.md", 1, "safety-review", "late")])

    monkeypatch.setattr(due, "require_reviewed", refuse)
    monkeypatch.setattr("publish.prose.require_prose", lambda: None)
    with pytest.raises(LibraryError, match="late"), runs._site(None, target=None):  # type: ignore[arg-type]
        pass


@pytest.mark.slow
def test_check_tells_what_is_late(tmp_path: Path) -> None:
    """With the rest of what it finds."""
    kept = {"PATH": str(LIBRARY), "KEPT_IN": str(tmp_path), "TODAY": dt.date(2029, 1, 1)}
    _, findings = look({**site_settings(), **kept})
    assert {"review", "safety-review"} <= {problem.rule for problem in findings.problems}

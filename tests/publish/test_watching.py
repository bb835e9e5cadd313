"""``check --watch``: a look for each change, told as a difference."""

from __future__ import annotations

import argparse
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from rich.console import Console

from plugins.problems import Problem
from publish.check import keep_looking
from publish.report import Findings
from publish.watching import State, states_of, watch

ROOT = Path(__file__).resolve().parents[2]
ONE = Problem("content/a.md", 3, "words", "'always' is a promise.", "Say it another way.")
WATCHING = """
import sys
from plugins.problems import Problem
from publish import check, cli
from publish.report import Findings
check.look = lambda settings: (None, Findings(2, (Problem("content/a.md", 3, "words", "no."),)))
sys.exit(cli.main(["check", "--watch"]))
"""
"""The command, which finds one error whenever it looks."""
OTHER = Problem("content/b.md", 9, "links", "the page links to 1 entries.", "Give it two.", warning=True)


def said(
    states: list[State], looks: list[Findings | OSError], *, terminal: bool = False
) -> tuple[str, Findings]:
    """Return what is printed while the state changes, and what was found last."""
    out, left = io.StringIO(), iter(looks)

    def look() -> Findings:
        found = next(left)
        if isinstance(found, OSError):
            raise found
        return found

    console = Console(
        file=out, highlight=False, width=200, force_terminal=terminal, _environ={"TERM": "xterm"}
    )
    found = watch(look, states, console)
    assert next(left, None) is None, "it did not look as often as something changed"
    return out.getvalue(), found


STATES: list[State] = [{"a": (1, 1)}, {"a": (1, 1)}, {"a": (2, 1)}, {"a": (2, 1)}, {"a": (3, 1)}]


def test_only_what_changed_is_said() -> None:
    """All of it at first; then what is new, and what was mended; a line that moved is no change."""
    looks = [Findings(2, (ONE,)), Findings(2, (OTHER, replace(ONE, line=5))), Findings(2, (OTHER,))]
    text, found = said(STATES, [*looks])
    assert [line for line in text.splitlines() if line] == [
        "content/a.md:3: error: 'always' is a promise. Say it another way. [words]",
        "2 entries, 1 error, 0 pieces of advice.",
        "content/b.md:9: advice: the page links to 1 entries. Give it two. [links]",
        "2 entries, 1 error, 1 piece of advice.",
        "content/a.md:5: mended: 'always' is a promise. [words]",
        "2 entries, 0 errors, 1 piece of advice.",
    ]
    assert found == looks[-1]
    assert "\x1b" not in text


def test_a_terminal_is_cleared_and_shows_all_there_is() -> None:
    """Whoever looks up sees what is left to mend, not only the last of it."""
    looks = [Findings(2, (ONE, OTHER)), Findings(2, (OTHER,))]
    text, _ = said(STATES[:3], [*looks], terminal=True)
    _, _, last = text.rpartition("\x1b[2J")
    assert text.count("\x1b[2J") == 2
    assert "links to 1" in last
    assert "mended: 'always'" in last


def test_a_file_that_goes_while_it_is_read_ends_nothing() -> None:
    """It looks again as soon as anything is there to see."""
    text, found = said(STATES[:2], [FileNotFoundError("a.md"), Findings(1, (ONE,))])
    assert found.problems == (ONE,)
    assert "'always'" in text


def test_a_file_that_is_written_made_or_removed_is_another_state(tmp_path: Path) -> None:
    """In any folder; and nothing that is left alone is."""
    file = tmp_path / "faq" / "a.md"
    file.parent.mkdir()

    def change() -> Iterator[None]:
        yield None
        file.write_text("one", encoding="utf-8")
        yield None
        os.utime(file, ns=(1, 1))
        yield None
        file.unlink()
        yield None

    steps = change()
    states = [*islice(states_of([tmp_path], lambda _seconds: next(steps)), 5)]
    assert states[0] == states[1] == states[4] == {}
    assert len({str(state) for state in states}) == 3


def test_it_speaks_to_people_only(capsys: pytest.CaptureFixture[str]) -> None:
    """Another format is wrong usage."""
    options = argparse.Namespace(format="json", explain_quiz=None, strict=False)
    assert keep_looking(options) == 2
    assert "--format" in capsys.readouterr().err


@pytest.mark.slow
def test_ctrl_c_ends_it_with_what_it_saw_last() -> None:
    """No trace of the program is shown, and the status is that of a look."""
    process = subprocess.Popen(
        [sys.executable, "-c", WATCHING],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout
    assert next(line for line in process.stdout if line.endswith(" pieces of advice.\n"))
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (out, err, process.returncode) == ("\nStopped.\n", "", 1)

"""Every hostile input is one problem with its line and cure, or is read as it was meant."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.hostile.table import Hostile, read_table

pytestmark = pytest.mark.slow

CASES = read_table()


@pytest.fixture(scope="module")
def bench() -> Iterator[subprocess.Popen[str]]:
    """Return a process that tries cases."""
    command = [sys.executable, "-m", "tests.hostile.bench"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def result_of(bench: subprocess.Popen[str], case: Hostile) -> dict[str, Any]:
    """Return what came of a case."""
    assert bench.stdin
    assert bench.stdout
    print(case.name, file=bench.stdin, flush=True)
    return dict(json.loads(bench.stdout.readline()))


def test_the_table_is_long() -> None:
    """There are two hundred and more ways to spoil a library."""
    assert len(CASES) >= 200


@pytest.mark.parametrize("name", CASES)
def test_hostile_input_is_one_problem_or_is_read(name: str, bench: subprocess.Popen[str]) -> None:
    """One problem tells file, line, value and cure.

    Nothing that follows from it is told, changed or left behind.
    """
    case = CASES[name]
    result = result_of(bench, case)
    assert "died" not in result, result["died"]
    assert not result["touched"]
    assert result["left"] == []
    if case.reads:
        assert (result["problems"], result["missing"]) == ([], [])
        return
    assert len(result["problems"]) == 1, result["problems"]
    (problem,) = result["problems"]
    assert problem.startswith(case.place), problem
    assert [words for words in case.says if words not in problem] == [], problem
    assert problem.isprintable(), problem
    assert problem.rstrip().endswith((".", "?", "…")), problem

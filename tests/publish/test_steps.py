"""The command ``./publish.sh test``: its steps, side by side, and the short way through them."""

from __future__ import annotations

import sys

import pytest

from publish import tests as command
from publish.cli import main
from publish.tests import STEPS, TESTS, Step, run_steps, wanted_steps


def step(name: str, code: str) -> Step:
    """Return a step that runs a line of Python."""
    return Step(name, "x", lambda: [sys.executable, "-c", code])


def test_a_step_that_fails_is_named_with_what_it_said(capfd: pytest.CaptureFixture[str]) -> None:
    """All steps run, and are told in their order whichever ends first."""
    steps = [step("one", "raise SystemExit('so bad')"), step("two", "print('not shown')"), step(TESTS, "print('live')")]
    assert run_steps(steps) == ["one"]
    told = capfd.readouterr().out
    assert [line.split(":")[0] for line in told.splitlines() if line.startswith("──")] == [
        "── one",
        "── two",
        "── tests",
    ]
    assert ("so bad" in told, "not shown" in told, "live" in told) == (True, False, True)


def test_a_tool_that_is_not_there_is_a_failure(capfd: pytest.CaptureFixture[str]) -> None:
    """No check is passed by not running it."""
    assert run_steps([Step("one", "x", lambda: ["no-such-tool"])]) == ["one"]
    assert "no-such-tool is not installed" in capfd.readouterr().out


def test_fast_leaves_out_the_build_and_the_long_tests() -> None:
    """Every other step is there, and the tests are told by their markers."""
    whole, fast = wanted_steps((), fast=False), wanted_steps((), fast=True)
    assert whole == list(STEPS)
    assert [one.name for one in whole if one.name not in {other.name for other in fast}] == ["content"]
    assert fast[-1].command()[-2:] == ["-m", "not browser and not servers and not slow"]
    assert "-m" not in whole[-1].command()[3:]


@pytest.mark.parametrize(("failing", "status"), [([], 0), (["x"], 1)])
def test_the_exit_status_tells(monkeypatch: pytest.MonkeyPatch, failing: list[str], status: int) -> None:
    """0 if all is well, 1 otherwise."""
    for name in ("install_debian_packages", "install_npm_packages"):
        monkeypatch.setattr(command, name, lambda: None)
    monkeypatch.setattr(command, "run_steps", lambda _steps: failing)
    assert main(["test", "--fast"]) == status

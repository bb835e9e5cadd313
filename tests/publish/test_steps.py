"""The command ``./publish.sh test``: its steps, side by side, and the short way through them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from publish import tests as command
from publish.cli import main
from publish.tests import CHECKERS, PACKAGES, STEPS, TESTS, Step, run_steps, wanted_steps
from tests.publish.servers import wait_for


def step(name: str, code: str, needs: str = "") -> Step:
    """Return a step that runs a line of Python."""
    return Step(name, "x", lambda: [sys.executable, "-c", code], needs)


def test_a_step_that_fails_is_named_with_what_it_said(capfd: pytest.CaptureFixture[str]) -> None:
    """All steps run, and are told in their order whichever ends first."""
    steps = [
        step("one", "raise SystemExit('so bad')"),
        step("two", "print('not shown')"),
        step(TESTS, "print('live')"),
    ]
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


def test_only_what_needs_an_install_waits_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other steps run meanwhile; npm comes after the packages, since it is one."""
    free, made = tmp_path / "free", list[str]()

    def install() -> None:
        wait_for(free.exists, "the step that needs nothing")
        made.append("packages")

    installs = {PACKAGES: (install,), CHECKERS: (install, lambda: made.append("checkers"))}
    monkeypatch.setattr(command, "INSTALLS", installs)
    waiting = Step(
        "waiting", "x", lambda: [sys.executable, "-c", f"assert {made} == ['packages', 'checkers']"], CHECKERS
    )
    assert run_steps([step("free", f"open({str(free)!r}, 'w')"), waiting, step(TESTS, "0", CHECKERS)]) == []
    assert made == ["packages", "checkers"]


def test_only_what_the_steps_need_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for one check does not get a browser."""
    made: list[str] = []
    installs = {PACKAGES: (lambda: made.append("packages"),), CHECKERS: (lambda: made.append("checkers"),)}
    monkeypatch.setattr(command, "INSTALLS", installs)
    assert run_steps([step("one", "0")]) == []
    assert made == []


def test_files_are_looked_for_by_pattern(tmp_path: Path) -> None:
    """Where a library lies depends on the machine's kind."""
    assert command._which(f"{tmp_path}/*/lib.so") is None
    (tmp_path / "some-kind").mkdir()
    (tmp_path / "some-kind" / "lib.so").touch()
    assert command._which(f"{tmp_path}/*/lib.so") == f"{tmp_path}/some-kind/lib.so"


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
    monkeypatch.setattr(command, "run_steps", lambda _steps: failing)
    assert main(["test", "--fast"]) == status

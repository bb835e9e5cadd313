"""What is made in many processes is what one would have made, and nothing stays of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from plugins.library import together
from plugins.library.store import store
from plugins.library.together import each
from tests.conftest import ROOT

THINGS = range(100)
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
"""From Python 3.12 on, a fork beside other threads is warned of: the tests' own runner has some."""


@pytest.fixture(autouse=True)
def three_cores(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Share work between three, on any machine; afterwards no process that was made is left."""
    made: list[int] = []
    fork = os.fork

    def noted_fork() -> int:
        made.append(fork())
        return made[-1]

    monkeypatch.setattr(together, "_cores", lambda: 3)
    monkeypatch.setattr("threading.active_count", lambda: 1)
    monkeypatch.setattr(os, "fork", noted_fork)
    yield
    for process in made:
        with pytest.raises(ChildProcessError):
            os.waitpid(process, os.WNOHANG)


def test_three_processes_give_what_one_gives_in_its_order() -> None:
    """A closure needs not be sent, and what it gives comes back."""
    addition = 7
    made = each(lambda thing: (thing + addition, os.getpid()), THINGS)
    assert [value for value, _ in made] == [thing + 7 for thing in THINGS]
    assert len({process for _, process in made}) == 3


@pytest.mark.parametrize("number", [0, 1, together.LEAST - 1])
def test_few_things_are_made_here(number: int) -> None:
    """Another process would be there too late."""
    assert set(each(lambda _: os.getpid(), range(number))) <= {os.getpid()}


def test_beside_another_thread_nothing_is_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may hold a lock, which would stay locked for ever in the fork."""
    monkeypatch.setattr("threading.active_count", lambda: 2)
    assert set(each(lambda _: os.getpid(), THINGS)) == {os.getpid()}


@pytest.mark.parametrize("at", [3, 60, 99])
def test_an_error_is_raised_where_it_can_be_seen(at: int) -> None:
    """In whichever process it is met, it comes with its own traceback."""

    def make(thing: int) -> int:
        return thing // (thing - at)

    with pytest.raises(ZeroDivisionError) as raised:
        each(make, THINGS)
    assert raised.traceback[-1].name == "make"


@pytest.mark.parametrize("end", [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: os._exit(0)])
def test_a_process_that_dies_costs_time_and_nothing_else(end: Callable[[], None]) -> None:
    """As where memory runs out; what comes back cut off is as good as nothing."""
    here = os.getpid()

    def make(thing: int) -> int:
        if os.getpid() != here and thing == 50:
            end()
        return thing

    assert each(make, THINGS) == [*THINGS]


def test_what_cannot_be_sent_back_is_made_here() -> None:
    """A function has no pickle."""

    def make(thing: int) -> Callable[[], int]:
        return lambda: thing

    assert [one() for one in each(make, THINGS)] == [*THINGS]


def made_by(thing: int) -> tuple[int, int]:
    """Return a thing, and the process that made it."""
    return thing, os.getpid()


def test_what_many_made_is_kept(tmp_path: Path) -> None:
    """A store asks for what it lacks, all at once."""
    path = tmp_path / "x"
    asked = [(bytes([thing]), partial(made_by, thing)) for thing in THINGS]
    ready: list[int] = []
    with store(path) as things:
        first = things.get_all(asked, lambda: ready.append(1))
    with store(path) as things:
        assert things.get_all(asked, lambda: ready.append(2)) == first
        assert (things.made, things.found) == (0, len(THINGS))
    assert len({process for _, process in first}) == 3
    assert ready == [1]


def test_a_build_that_is_killed_takes_its_processes_with_it() -> None:
    """None of them works on, or holds what the build held."""
    code = (
        "import os, time; from plugins.library import together; together._cores = lambda: 3\n"
        "def make(_): os.write(1, b'%d\\n' % os.getpid()); time.sleep(600)\n"
        "together.each(make, range(100))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        found = {process.stdout.readline() for _ in range(3)}
        process.kill()
        assert len(found) == 3
        assert process.stdout.read() == ""  # each of them held it open

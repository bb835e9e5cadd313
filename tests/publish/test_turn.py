"""Waiting for a lock: for one that is on its way out, and not for ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from plugins.problems import LibraryError
from publish.deploy import turn
from publish.deploy.config import stop
from publish.deploy.target import Target, held
from publish.deploy.turn import taking_turn


@dataclass
class Locks:
    """A target that meets these faults, one after the other, before it is free."""

    faults: list[LibraryError]
    steps: list[str] = field(default_factory=list)

    @contextmanager
    def _free(self) -> Iterator[None]:
        self.steps.append("taken")
        yield
        self.steps.append("let go")

    def lock(self) -> AbstractContextManager[None]:
        """Refuse as long as there is a fault left."""
        if self.faults:
            self.steps.append("refused")
            raise self.faults.pop(0)
        return self._free()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that goes on only when somebody sleeps."""
    now = [0.0]
    sleep = lambda seconds: now.__setitem__(0, now[0] + seconds)  # noqa: E731
    monkeypatch.setattr(turn, "time", SimpleNamespace(monotonic=lambda: now[0], sleep=sleep))
    return now


def take(locks: Locks, said: list[str], **more: Any) -> None:
    """Take a turn and end it."""
    with taking_turn(cast("Target", locks), said.append, **more):
        locks.steps.append("work")


def test_a_lock_on_its_way_out_is_waited_for(clock: list[float]) -> None:
    """What a broken deploy has left is met, told once, and taken as soon as it is free."""
    locks, said = Locks([held("server", "ada on desk since 2026")] * 3), list[str]()
    take(locks, said)
    assert locks.steps == ["refused"] * 3 + ["taken", "work", "let go"]
    assert said == ["target 'server' is locked by ada on desk since 2026. Waiting up to 10 seconds for it."]
    assert clock[0] < 10


def test_a_lock_that_stays_is_refused(clock: list[float]) -> None:
    """Somebody who is at work is not waited for longer than said."""
    locks = Locks([held("server", "ada")] * 999)
    with pytest.raises(LibraryError, match="is locked by ada"):
        take(locks, [], patience=5)
    assert 5 <= clock[0] < 6
    assert "work" not in locks.steps


def test_without_patience_nothing_is_said(clock: list[float]) -> None:
    """With none to spare it is refused at once."""
    said: list[str] = []
    with pytest.raises(LibraryError, match="is locked by ada"):
        take(Locks([held("server", "ada")]), said, patience=0)
    assert (said, clock[0]) == ([], 0.0)


def test_another_fault_is_not_waited_for(clock: list[float]) -> None:
    """A dead network stays dead."""
    with pytest.raises(LibraryError, match="fell silent"):
        take(Locks([stop("network", "it fell silent.", "Look.")]), [])
    assert clock[0] == 0.0


def test_a_fault_of_the_work_lets_go(clock: list[float]) -> None:
    """What goes wrong inside is not taken for a lock, whatever it is called."""
    locks = Locks([])
    with pytest.raises(LibraryError), taking_turn(cast("Target", locks), print):
        raise held("server", "ada")
    assert (locks.steps, clock[0]) == (["taken"], 0.0)

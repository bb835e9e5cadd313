"""Waiting for one's turn: whoever deploys again after a break meets the lock of the deploy that broke."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from plugins.problems import LibraryError
from publish.deploy.target import Target

PATIENCE = 10.0
"""How many seconds to wait for a lock: a far end notices later than this one that a connection is gone."""

_PAUSE = 0.5


@contextmanager
def taking_turn(target: Target, say: Callable[[str], None], patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock of a target; if somebody has it, say so, and refuse only if it stays theirs."""
    with ExitStack() as stack:
        _take(stack, target, say, patience)
        yield


def _take(stack: ExitStack, target: Target, say: Callable[[str], None], patience: float) -> None:
    deadline = time.monotonic() + patience
    told = False
    while True:
        try:
            stack.enter_context(target.lock())
        except LibraryError as error:
            if error.problems[0].rule != "locked" or time.monotonic() >= deadline:
                raise
            if not told:
                say(f"{error.problems[0].message} Waiting up to {patience:.0f} seconds for it.")
                told = True
            time.sleep(_PAUSE)
        else:
            return

"""``./publish.sh check --watch``: look again whenever something changes, and tell what came and what went."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from plugins.problems import Problem
from plugins.problems.characters import visible
from publish.report import Findings, place, print_problems, print_text, summary
from publish.stops import Stopped

EVERY = 0.25
"""Seconds between two looks at the clock of each file."""
Look = Callable[[], Findings]
State = dict[str, tuple[int, int]]
Key = tuple[str, str, str]
Told = tuple[Problem, str]
"""A problem and its level."""


@dataclass(frozen=True)
class Difference:
    """What two looks differ in: problems that are new, and those that are gone."""

    new: tuple[Told, ...]
    gone: tuple[Told, ...]


def key(told: Told) -> Key:
    """Return what makes a problem the same one; its line moves with the text above it."""
    problem, level = told
    return problem.path, problem.rule, level + problem.message


def difference(before: Findings, after: Findings) -> Difference:
    """Return what came and what went."""
    old, new = ({key(one): one for one in found.told()} for found in (before, after))
    return Difference(
        tuple(one for name, one in new.items() if name not in old),
        tuple(one for name, one in old.items() if name not in new),
    )


def watch(look: Look, states: Iterable[State], console: Console) -> Findings:
    """Look whenever the state is another, until there is none any more or somebody stops it; tell each time.

    Return what was found last.  A terminal shows all that is wrong now; elsewhere it is only what changed.
    """
    found, before = Findings(0, ()), None
    try:
        for state in states:
            if state == before:
                continue
            try:
                now = look()
            except OSError:
                continue  # a file that went while it was read: the state will be another at once
            last, is_first = found, before is None
            found, before = now, state  # before it is told: whoever stops it then has seen it
            tell(last, now, console, first=is_first)
    except Stopped:
        raise
    except KeyboardInterrupt:
        # Not through the console: stopped while it printed, it would print that again.
        console.file.write("\nStopped.\n")
    return found


def tell(before: Findings, now: Findings, console: Console, *, first: bool) -> None:
    """Print what there is to say after a look."""
    changed = difference(before, now)
    if console.is_terminal:
        console.clear()
    if first or console.is_terminal:
        print_text(now, console)
    else:
        print_problems(changed.new, console)
    if not first:
        for problem, _ in changed.gone:
            words = visible(f"{place(problem)}: mended: {problem.message} [{problem.rule}]")
            console.print(words, style="green", soft_wrap=True, markup=False)
        if not console.is_terminal:
            console.print(summary(now), soft_wrap=True)


def states_of(folders: Iterable[Path], wait: Callable[[float], object] = time.sleep) -> Iterator[State]:
    """Yield, for ever, when each file below ``folders`` was last written, and its size."""
    known = [*folders]
    while True:
        yield dict(_files(known))
        wait(EVERY)


def _files(folders: Iterable[Path]) -> Iterator[tuple[str, tuple[int, int]]]:
    for top in folders:
        for folder, _, names in os.walk(top):
            for name in names:
                path = Path(folder, name)
                try:
                    facts = path.lstat()
                except OSError:
                    continue
                yield str(path), (facts.st_mtime_ns, facts.st_size)

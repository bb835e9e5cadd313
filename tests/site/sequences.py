"""Random sequences of edits, each held against a build from nothing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from tests.site.workshop import EDITS, Edit, Outcome, Workshop


@dataclass(frozen=True)
class Step:
    """One edit, and the seed of all that it leaves to chance."""

    edit: Edit
    seed: str

    def take(self, workshop: Workshop) -> str:
        """Edit; return what was done."""
        workshop.chance = random.Random(self.seed)
        workshop.touched.clear()
        self.edit(workshop)
        where = ", ".join(dict.fromkeys(workshop.touched)) or f"settings {workshop.settings}"
        return f"{self.edit.__name__} ({where})"


def sequence(number: int) -> list[Step]:
    """Return the two steps of a sequence: each edit has its turn, the other is drawn."""
    chance = random.Random(number)
    edits = [EDITS[number % len(EDITS)], chance.choice(EDITS)]
    chance.shuffle(edits)
    return [Step(edit, f"{number}-{at}") for at, edit in enumerate(edits)]


@dataclass(frozen=True)
class Trial:
    """What came of a sequence: what was done, whether it ended in a site, and what is wrong in the end.

    ``wrong`` names the files that differ, or holds both lists of problems.
    """

    done: tuple[str, ...]
    built: bool
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        """Say what was done, and what came of it."""
        rest = f" and {len(self.wrong) - 5} more" if len(self.wrong) > 5 else ""
        return f"{'; '.join(self.done)}: {', '.join(self.wrong[:5]) or 'nothing is wrong'}{rest}"


def tried(workshop: Workshop, steps: Sequence[Step]) -> Trial:
    """Take all steps, with a build after each; hold what stands in the end against a build from nothing.

    Not what stands after each: the beginning of a sequence is a sequence too, and the builds on the
    way are there so that something false can be kept.
    """
    workshop.begin()
    done: list[str] = []
    kept: Outcome = {}
    for step in steps:
        done.append(step.take(workshop))
        kept = workshop.build()
    fresh = workshop.build_from_nothing()
    if isinstance(kept, str) or isinstance(fresh, str):
        both = (_told(kept), _told(fresh))
        return Trial(tuple(done), False, () if kept == fresh else both)
    wrong = (name for name in kept.keys() | fresh.keys() if kept.get(name) != fresh.get(name))
    return Trial(tuple(done), True, tuple(sorted(wrong)))


def _told(outcome: Outcome) -> str:
    return outcome[:500] if isinstance(outcome, str) else f"{len(outcome)} files"


def shortest(folder: Path, steps: Sequence[Step]) -> Trial | None:
    """Return what comes of the fewest of ``steps`` that go wrong in a project that was built once.

    None if it takes what was kept of the sequences before.
    """
    for number in range(1, len(steps) + 1):
        for at, some in enumerate(combinations(steps, number)):
            workshop = Workshop(folder / f"{number}-{at}")
            workshop.begin()
            workshop.build()
            trial = tried(workshop, some)
            if trial.wrong:
                return trial
    return None


def hold(workshop: Workshop, numbers: Sequence[int], aside: Path) -> int:
    """Try the sequences ``numbers``, one after the other in one project; return how many ended in a site.

    Raises AssertionError at the first that goes wrong, with what it takes to see it again.
    """
    built = 0
    for number in numbers:
        trial = tried(workshop, sequence(number))
        if trial.wrong:
            less = shortest(aside, sequence(number))
            alone = (
                f"alone: {less}" if less else f"not alone: only after sequences {numbers[0]} to {number - 1}"
            )
            raise AssertionError(f"sequence {number}: {trial}\n{alone}")
        built += trial.built
    return built

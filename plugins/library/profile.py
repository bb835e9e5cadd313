"""Where the time of a build goes: each stage with its seconds, and how much was made and how much was kept.

Nothing depends on it.  A stage is noted only while somebody is :func:`profiling`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class Stage:
    """One stage: wall and processor seconds, those of its processes included, and what its stores counted."""

    name: str
    wall: float = 0.0
    cpu: float = 0.0
    made: int = 0
    kept: int = 0

    def __str__(self) -> str:
        counts = f"{self.made:>7} made {self.kept:>7} kept" if self.made or self.kept else ""
        return f"{self.name:<28}{self.wall:>8.2f} s {self.cpu:>8.2f} s cpu {counts}".rstrip()


@dataclass
class Profile:
    """The stages of a build in their order; ``begins`` is told the name of each as it begins."""

    stages: list[Stage] = field(default_factory=list)
    begins: Callable[[str], object] = lambda _name: None

    def __str__(self) -> str:
        total = Stage("all", *(sum(getattr(one, what) for one in self.stages) for what in ("wall", "cpu")))
        return "\n".join(str(one) for one in [*self.stages, total])


_CURRENT: ContextVar[Profile | None] = ContextVar("profile", default=None)


@contextmanager
def profiling(begins: Callable[[str], object] = lambda _name: None) -> Iterator[Profile]:
    """Note the stages of whatever is built inside; ``begins`` is told the name of each as it begins."""
    profile = Profile(begins=begins)
    token = _CURRENT.set(profile)
    try:
        yield profile
    finally:
        _CURRENT.reset(token)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Do one stage of a build."""
    profile = _CURRENT.get()
    if profile is None:
        yield
        return
    found = Stage(name)
    profile.stages.append(found)
    profile.begins(name)
    wall, cpu = time.perf_counter(), _cpu()
    try:
        yield
    finally:
        found.wall, found.cpu = time.perf_counter() - wall, _cpu() - cpu


def _cpu() -> float:
    return sum(os.times()[:4])


def count(made: int, kept: int) -> None:
    """Add to what the present stage has made, and to what was kept for it."""
    profile = _CURRENT.get()
    if profile is not None and profile.stages:
        profile.stages[-1].made += made
        profile.stages[-1].kept += kept

"""What a process that stays has at hand, beside what is kept on the disk.

Values are found by the same keys as in a store, so one is as right as the other; nobody
changes them.  An ordinary build has no memory, since it reads each value once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

PARTS = ("files.sqlite", "bodies.sqlite")
"""The stores whose values are worth it: all of them are needed for every build."""


@dataclass
class Memory:
    """Values by their keys; only what the last two turns had a use for stays."""

    _now: dict[bytes, Any] = field(default_factory=dict, repr=False)
    _before: dict[bytes, Any] = field(default_factory=dict, repr=False)

    def keep(self, values: Iterable[tuple[bytes, Any]]) -> None:
        """Have values at hand, which were asked for in this turn."""
        self._now.update(values)

    def __contains__(self, key: bytes) -> bool:
        return key in self._now or key in self._before

    def __getitem__(self, key: bytes) -> Any:
        value = self._now[key] if key in self._now else self._before[key]
        self._now[key] = value
        return value

    def turn(self) -> None:
        """Begin a turn."""
        self._before, self._now = self._now, {}

    def __len__(self) -> int:
        return len(self._now.keys() | self._before.keys())

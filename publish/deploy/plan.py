"""The plan: what a deploy would change, worked out before a byte is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from publish.deploy.manifest import Manifest

Why = Literal["new", "content differs", "gone from the site"]


@dataclass(frozen=True, order=True)
class Change:
    """One file that a deploy touches; ``size`` is what would be sent, in bytes."""

    path: str
    why: Why
    size: int


@dataclass(frozen=True)
class Plan:
    """All changes between the live release and the new one."""

    added: tuple[Change, ...]
    changed: tuple[Change, ...]
    removed: tuple[Change, ...]
    live: Manifest | None
    new: Manifest

    @property
    def size(self) -> int:
        """Return the bytes to send, before compression."""
        return sum(change.size for change in (*self.added, *self.changed))

    @property
    def is_empty(self) -> bool:
        """Tell whether the live site has these very bytes already."""
        return not (self.added or self.changed or self.removed)

    def counts(self) -> str:
        """Return the sentence part ``12 added, 3 changed, 0 removed, 84 kB``."""
        numbers = f"{len(self.added)} added, {len(self.changed)} changed, {len(self.removed)} removed"
        return f"{numbers}, {kilobytes(self.size)}"

    def lines(self) -> list[str]:
        """Return the plan for people: one line a file, with its reason."""
        rows = [("+", change) for change in self.added]
        rows += [("~", change) for change in self.changed]
        rows += [("-", change) for change in self.removed]
        return [f"{mark} {change.path}  ({change.why}, {kilobytes(change.size)})" for mark, change in rows]


def make_plan(live: Manifest | None, new: Manifest) -> Plan:
    """Compare the live release with the new one; without a live one, everything is new."""
    old = live.files if live else {}
    added = (Change(path, "new", fact.size) for path, fact in new.files.items() if path not in old)
    changed = (
        Change(path, "content differs", fact.size)
        for path, fact in new.files.items()
        if path in old and old[path] != fact
    )
    removed = (Change(path, "gone from the site", 0) for path in old if path not in new.files)
    return Plan(tuple(sorted(added)), tuple(sorted(changed)), tuple(sorted(removed)), live, new)


def kilobytes(size: int) -> str:
    """Return a size for people."""
    if size >= 10_000_000:
        return f"{size / 1_000_000:.0f} MB"
    return f"{(size + 500) // 1000 if size >= 1000 else size / 1000:g} kB"

"""What a look at a live site has found, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Literal

State = Literal["ok", "note", "fault", "unknown"]
"""Well; worth knowing; wrong; could not be found out."""

_MARKS = {"ok": "ok", "note": "note", "fault": "FAULT", "unknown": "UNKNOWN"}
_SHOWN = 20


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: its name, how it is, and that in words; ``details`` are single cases."""

    name: str
    state: State
    words: str
    details: tuple[str, ...] = ()


@dataclass
class Report:
    """All that was looked at at one address."""

    url: str
    checks: list[Check] = field(default_factory=list)

    def add(self, name: str, state: State, words: str, details: Iterable[str] = ()) -> None:
        """Note one thing."""
        self.checks.append(Check(name, state, words, tuple(details)))

    def judge(self, name: str, faults: Iterable[str], well: str) -> None:
        """Note a thing that is well if there are no faults."""
        found = tuple(faults)
        if found:
            self.add(name, "fault", f"{len(found)} {'fault' if len(found) == 1 else 'faults'}.", found)
        else:
            self.add(name, "ok", well)

    @property
    def state(self) -> State:
        """Return the worst that was found; notes do not count."""
        states = {check.state for check in self.checks}
        return "fault" if "fault" in states else "unknown" if "unknown" in states else "ok"

    @property
    def status(self) -> int:
        """Return the exit status: 0 well, 1 something is wrong, 3 something could not be found out."""
        return {"ok": 0, "fault": 1, "unknown": 3}[self.state]

    def text(self) -> str:
        """Return the report for people."""
        lines = [self.url]
        for check in self.checks:
            lines.append(f"  {_MARKS[check.state]:8} {check.name}: {check.words}")
            lines += [f"           {detail}" for detail in check.details[:_SHOWN]]
            if len(check.details) > _SHOWN:
                lines.append(f"           and {len(check.details) - _SHOWN} more")
        return "\n".join(lines)

    def json(self) -> str:
        """Return the report for programs."""
        data = {
            "version": 1,
            "url": self.url,
            "state": self.state,
            "checks": [asdict(check) for check in self.checks],
        }
        return json.dumps(data, ensure_ascii=False, indent=1)

"""The catalogue of rules: ``docs/rules.md``, read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parent.parent / "docs" / "rules.md"
ADVICE = "Advice"
_RULE = re.compile(
    r"^### (?P<id>[\w-]+)\n\n(?P<text>[^\n]+)\n\n- 👎 (?P<bad>[^\n]+)\n- 👍 (?P<good>[^\n]+)$", re.M
)
_SECTION = re.compile(r"^## (.+)$", re.M)


@dataclass(frozen=True)
class Rule:
    """A rule, what breaks it and what keeps it; ``section`` is where it stands in the catalogue."""

    id: str
    section: str
    text: str
    bad: str
    good: str

    def __str__(self) -> str:
        level = "advice" if self.section == ADVICE else f"error, {self.section.lower()}"
        return f"{self.id} ({level})\n\n{self.text}\n\n👎 {self.bad}\n👍 {self.good}"


def read_rules(path: Path = CATALOGUE) -> dict[str, Rule]:
    """Return every rule by its id."""
    _, *parts = _SECTION.split(path.read_text(encoding="utf-8"))
    found = [
        Rule(match["id"], section, match["text"], match["bad"], match["good"])
        for section, text in zip(parts[::2], parts[1::2], strict=True)
        for match in _RULE.finditer(text)
    ]
    return {rule.id: rule for rule in found}

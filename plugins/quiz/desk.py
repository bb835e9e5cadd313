"""What compiling a quiz needs at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..problems import Problems
from ..problems.yaml_data import YamlData
from .guidance import Roles


@dataclass(frozen=True)
class Desk:
    """What compiling needs: the file, its lines, the known pages, their parts to play, the problem list."""

    slug: str
    title: str
    path: str
    data: YamlData
    known: Mapping[str, str]
    roles: Roles
    problems: Problems

    def fault(self, loc: tuple[str | int, ...], rule: str, message: str, cure: str) -> None:
        """Note a fault at a place of the file."""
        self.problems.add(self.path, self.data.line(loc), rule, message, cure)

    def of_kind(self, kind: str) -> list[str]:
        """Return the slugs of a kind."""
        return [slug for slug, name in self.known.items() if name == kind]

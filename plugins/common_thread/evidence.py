"""Evidence: the published sources that texts of this site cite, from ``content/data/evidence.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from plugins.crosslinks.nodes import Sources
from plugins.problems import Problems
from plugins.problems.models import Slug, Strict, Text, validate_items
from plugins.problems.yaml_data import YamlData

EVIDENCE = "content/data/evidence.yaml"


class Study(Strict):
    """One published source: what it found, how far that goes, and what of it somebody has ``read``.

    ``full`` is the whole paper, ``abstract`` its own summary, ``secondary`` only what others say of it.
    """

    id: Slug
    cite: Annotated[str, Field(min_length=20, max_length=500)]
    doi: Annotated[str, Field(pattern=r"^10\.\d{4,9}/[^\s\"<>\\^`{|}]+$")] | None = None
    claim: Annotated[str, Field(min_length=20, max_length=400)]
    limits: Annotated[str, Field(min_length=10, max_length=400)]
    verified: Text
    read: Literal["full", "abstract", "secondary"]


@dataclass(frozen=True)
class Evidence:
    """The studies by their ids, and the line of each."""

    studies: Mapping[str, Study] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def sources(self) -> Sources:
        """Return what texts may cite."""
        return Sources(EVIDENCE, self.lines)


def read_evidence(data: YamlData, path: str, problems: Problems) -> Evidence:
    """Return the studies of a file; two may not have one id."""
    studies: dict[str, Study] = {}
    lines: dict[str, int] = {}
    for item, part in validate_items(Study, data, path, problems):
        line = part.line(("id",))
        if item.id in studies:
            problems.add(
                path, line, "duplicate", f"the evidence id '{item.id}' is used twice.", "Rename one."
            )
        studies[item.id], lines[item.id] = item, line
    return Evidence(studies, lines)

"""JSON Schemas of the data files: each of the model that its owner reads it with.

Coverage, help lines and the like are written in a text editor, so that editor should know
their keys too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from plugins.common_thread.addresses import ADDRESS
from plugins.common_thread.evidence import Study
from plugins.common_thread.popular import Reads
from plugins.crosslinks.coverage import Rule
from plugins.helplines.lines import Helplines
from plugins.sharing.links import ShareLink
from plugins.voices.said import Voice

Path = Annotated[str, Field(pattern=f"^{ADDRESS.pattern}$")]
MODELS: Mapping[str, Any] = {
    "coverage": list[Rule],
    "evidence": list[Study],
    "helplines": Helplines,
    "popular": list[Reads],
    "redirects": dict[Path, Path],
    "share": list[ShareLink],
    "voices": list[Voice],
}
"""What each file holds; ``voices`` is every file of its folder."""


def data_schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of each data file by its name."""
    return {name: TypeAdapter(model).json_schema() for name, model in MODELS.items()}

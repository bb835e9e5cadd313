"""JSON Schemas of what editors write, made from the models: completion and help while one types.

The build itself does not read them: it asks the models.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Any

from plugins.common_thread.keys import help_for
from plugins.common_thread.kind import AnyKind
from plugins.common_thread.quizzes import ROLES
from plugins.library.code import code_of
from plugins.library.entries import Entry
from plugins.library.kinds import Kinds
from plugins.library.store import content_key, store
from plugins.problems.models import Slug
from plugins.quiz.schema import TYPES

FOLDER = "schemas"
DRAFT = "http://json-schema.org/draft-07/schema#"
Schema = dict[str, Any]
Titles = dict[str, dict[str, str]]
"""The title of each entry by its kind and slug."""
WORDED = r"\S"
"""The pattern of a text that is more than blanks."""
_CAREFUL: Schema = {
    "if": {"properties": {"safety": {"const": True}}, "required": ["safety"]},
    "then": {"required": ["tab_title"]},
}
"""That a safety page needs a neutral title."""
_OF_QUIZZES = {
    "to_try": ROLES.to_try,
    "keep_going": ROLES.to_try,
    "in_the_way": ROLES.in_the_way,
    "guide": ROLES.refuge,
}
"""Keys of a quiz that name entries, and of which kind."""


def schema_files(
    kinds: Kinds[AnyKind], entries: Iterable[Entry], kept: Path | None = None
) -> list[tuple[str, str]]:
    """Return (file name, content) of the schema of each kind, in which ``entries`` can be named.

    They are kept in the folder ``kept`` by what can be named: the models are slow to tell.
    """
    titles = titles_of(entries)
    with store(kept and kept / "schemas.sqlite", code_of(schema_of, kinds)) as known:
        return known.get(
            content_key([kind.stated for kind in kinds.values()], titles), partial(_written, kinds, titles)
        )


def titles_of(entries: Iterable[Entry]) -> Titles:
    """Return what each entry is called, by kind and slug."""
    titles: Titles = {}
    for entry in sorted(entries, key=lambda one: one.slug):
        titles.setdefault(entry.kind.name, {})[entry.slug] = entry.title
    return titles


def _written(kinds: Kinds[AnyKind], titles: Titles) -> list[tuple[str, str]]:
    schemas = ((kind.name, schema_of(kind, titles)) for kind in kinds.values())
    return [(f"{FOLDER}/{name}.json", _told(schema)) for name, schema in schemas]


def keep_schemas(cache: Path, kinds: Kinds[AnyKind], entries: Iterable[Entry]) -> None:
    """Write the schemas into a folder that stays, for the editor at work; drafts may be named in these.

    The data files have theirs here alone: nobody but an editor writes one.
    """
    for name, text in [*schema_files(kinds, entries, cache / "kept"), *data_files(cache / "kept")]:
        path = cache / name
        with suppress(OSError):
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")


def data_files(kept: Path | None = None) -> list[tuple[str, str]]:
    """Return (file name, content) of the schema of each data file."""
    with store(kept and kept / "schemas.sqlite", code_of(_data_written)) as known:
        return known.get(content_key("data"), _data_written)


def _data_written() -> list[tuple[str, str]]:
    from plugins.common_thread.data_schemas import data_schemas  # only if they are not kept

    return [(f"{FOLDER}/data/{name}.json", _told(_checked(found))) for name, found in data_schemas().items()]


@cache
def _slug() -> str:
    """Return the pattern that every slug has."""
    from pydantic import TypeAdapter  # only if a schema is not kept

    return str(TypeAdapter(Slug).json_schema()["pattern"])


def _checked(schema: Schema) -> Schema:
    _tighten(schema)
    return {"$schema": DRAFT, **schema}


def _told(schema: Schema) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def schema_of(kind: AnyKind, titles: Titles) -> Schema:
    """Return the schema of the front matter of a kind, or of the whole file of a quiz."""
    schema = _explained(kind.front.model_json_schema(), help_for(kind))
    targets = {relation.item_key or relation.field: relation.target for relation in kind.relations}
    if kind.suffix == ".yaml":
        schema, targets = _quiz(schema), _OF_QUIZZES
    _offer(schema, {key: titles.get(target, {}) for key, target in targets.items() if key})
    _tighten(schema)
    return {"$schema": DRAFT, **schema, "title": kind.label, **_CAREFUL}


def _tighten(schema: Any) -> None:
    """Say in the schema what models work out: blanks are no text, and a list names nothing twice."""
    if isinstance(schema, list):
        for part in schema:
            _tighten(part)
    elif isinstance(schema, dict):
        if schema.get("type") == "string" and schema.get("minLength"):
            schema.setdefault("pattern", WORDED)
        if schema.get("type") == "array" and schema.get("items", {}).get("pattern") == _slug():
            schema["uniqueItems"] = True
        for part in schema.values():
            _tighten(part)


def _explained(schema: Schema, words: Mapping[str, str]) -> Schema:
    for name, part in schema["properties"].items():
        if name in words:
            part["description"] = words[name]
    return schema


def _quiz(front: Schema) -> Schema:
    """Return the schema of a quiz: what all entries have, and what its type has."""
    shared = {key: value for key, value in front["properties"].items() if key != "slug"}
    types, parts = [], dict(front.get("$defs", {}))
    for model in TYPES.values():
        own = model.model_json_schema()
        parts |= own.pop("$defs", {})
        required = [*front.get("required", ()), *own.get("required", ())]
        types.append({**own, "properties": {**shared, **own["properties"]}, "required": required})
    return {"type": "object", "anyOf": types, "$defs": parts}


def _offer(schema: Any, offers: Mapping[str, Mapping[str, str]], key: str = "") -> None:
    """Let each value that names an entry be one of those there are; ``key`` is the key it stands under."""
    if isinstance(schema, list):
        for part in schema:
            _offer(part, offers, key)
    elif isinstance(schema, dict):
        if schema.get("pattern") == _slug() and offers.get(key):
            schema["enum"] = [*offers[key]]
            schema["enumDescriptions"] = [*offers[key].values()]
        for name, part in schema.items():
            if name in ("properties", "$defs"):
                for inner, value in part.items():
                    _offer(value, offers, inner if name == "properties" else key)
            else:
                _offer(part, offers, key)

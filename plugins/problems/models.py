"""Strict pydantic models, and their faults in an editor's words.

What a model does not name is refused.  Lengths are in characters, dates are days (``2026-11-22``).
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from . import Problems, did_you_mean, shown
from .yaml_data import YamlData

M = TypeVar("M", bound=BaseModel)

MOST_FAULTS = 50
"""Faults of one file that are told one by one: nobody mends more at a time."""
_HOST = re.compile(r"^[^\W_]([\w-]*[^\W_])?(\.[^\W_]([\w-]*[^\W_])?)*\.?$")
_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_ID = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"  # the same, and told apart
_URL = r"^https://[^\s\"'<>\\^`{|}]+$"


def _no_time(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        raise ValueError("a day, without a time of day")
    return value


def is_address(value: str) -> str:
    """Return ``value`` if it is the address of a web page, or of no host at all; raise ValueError else."""
    parts = urlsplit(value)
    is_web = parts.scheme in ("http", "https")
    if is_web and (not _HOST.match(parts.hostname or "") or "@" in parts.netloc or parts.port == 0):
        raise ValueError("the address of a web page")
    return value


Day = Annotated[dt.date, BeforeValidator(_no_time)]
Text = Annotated[str, Field(min_length=1, max_length=400)]
Address = Annotated[str, Field(pattern=_URL, max_length=500), AfterValidator(is_address)]
Slug = Annotated[str, Field(pattern=_SLUG, max_length=80)]
"""The name of a page."""
Id = Annotated[str, Field(pattern=_ID, max_length=80)]
"""The name of a part of a file, for other parts of it."""
Slugs = Annotated[list[Slug], Field(default_factory=list)]


class Strict(BaseModel):
    """Refuses unknown keys and silent conversions (``"5"`` is not 5); text made of spaces is no text.

    What validates is put together when it is first asked to: most runs validate little or nothing.
    """

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, str_strip_whitespace=True, defer_build=True
    )


def make_ready(model: type[BaseModel] = Strict) -> None:
    """Put together what validates ``model`` and all models made from it: for a process that stays."""
    for inner in model.__subclasses__():
        inner.model_rebuild()
        make_ready(inner)


def validate(model: type[M], data: YamlData, name: str, problems: Problems) -> M | None:
    """Return ``data`` as ``model``, or None after noting every fault with its line, value and cure."""
    if not isinstance(data.value, dict):
        message = f"a mapping of keys is wanted, not {shown(data.value)}."
        problems.add(name, data.line(()), "type", message, "Write 'key: value' lines.")
        return None
    try:
        return model.model_validate(data.value)
    except ValidationError as error:
        details = _without_echoes(error.errors(include_url=False))
        for detail in details[:MOST_FAULTS]:
            message, cure = explain(detail, model, data)
            problems.add(name, data.line(detail["loc"]), detail["type"], message, cure)
        if len(details) > MOST_FAULTS:
            line, more = data.line(details[MOST_FAULTS]["loc"]), len(details) - MOST_FAULTS
            problems.add(
                name, line, "more", f"from here on there are {more:,} more faults.", "Mend the others first."
            )
        return None


def _without_echoes(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Return faults but for each key that is missing only because it is mistyped: it is told once."""
    missing: dict[tuple[int | str, ...], list[str]] = {}
    for detail in details:
        if detail["type"] == "missing":
            missing.setdefault(detail["loc"][:-1], []).append(str(detail["loc"][-1]))
    meant = {
        (
            *detail["loc"][:-1],
            *difflib.get_close_matches(str(detail["loc"][-1]), missing[detail["loc"][:-1]], n=1),
        )
        for detail in details
        if detail["type"] == "extra_forbidden" and detail["loc"][:-1] in missing
    }
    return [detail for detail in details if detail["type"] != "missing" or detail["loc"] not in meant]


def validate_texts_aside(model: type[M], data: YamlData, name: str, problems: Problems) -> M | None:
    """Return ``data`` as ``model`` even if some of its free texts are faulty, after noting every fault.

    They have stand-ins then, and keys that nobody knows are left out: so whoever looks at the rest can say
    what else is wrong.  None if anything more is faulty.
    """
    found = validate(model, data, name, problems)
    if found is not None or not isinstance(data.value, dict):
        return found
    value = deepcopy(data.value)
    try:
        return model.model_validate(value)
    except ValidationError as error:
        if not all(_stand_in(model, value, detail) for detail in error.errors(include_url=False)):
            return None
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


def _stand_in(model: type[BaseModel], value: Any, detail: ErrorDetails) -> bool:
    """Put a stand-in where a free text is faulty, or take an unknown key out; tell whether it was either."""
    *way, key = detail["loc"]
    try:
        for part in way:
            value = value[part]
        if detail["type"] == "extra_forbidden":
            del value[key]
            return True
    except (KeyError, IndexError, TypeError):
        return False
    field = _field_at(model, detail["loc"])
    rules = field.metadata if field else []
    if field is None or field.annotation is not str or any(getattr(rule, "pattern", None) for rule in rules):
        return False
    value[key] = "x" * max((getattr(rule, "min_length", 0) for rule in rules), default=0)
    return True


def validate_items(
    model: type[M], data: YamlData, name: str, problems: Problems
) -> Iterator[tuple[M, YamlData]]:
    """Yield (item, its data with lines) of a YAML list, validated one by one."""
    if not isinstance(data.value, list):
        message = f"a list is wanted, not {shown(data.value)}."
        problems.add(name, data.line(()), "type", message, "Start each item with '- '.")
        return
    for part in data.items():
        item = validate(model, part, name, problems)
        if item is not None:
            yield item, part


def explain(detail: ErrorDetails, model: type[BaseModel], data: YamlData) -> tuple[str, str]:
    """Turn one pydantic fault into (what is wrong, what to do), in an editor's words."""
    loc, kind, given = detail["loc"], detail["type"], detail["input"]
    where = ".".join(str(part + 1 if isinstance(part, int) else part) for part in loc)
    key = str(loc[-1]) if loc else ""
    if kind == "missing":
        return f"the key '{where}' is missing.", f"Add a line '{key}: …'."
    if kind == "extra_forbidden":
        return f"'{where}' is not a key of this kind.", did_you_mean(key, _keys_at(model, loc))
    message = f"'{where}' is {shown(data.written.get(loc, given))}{_MEANT.get(kind, '')}"
    if given is None or (isinstance(given, str) and not given.strip()):
        message = f"'{where}' is empty"
    elif kind in ("string_too_long", "string_too_short"):
        message = f"'{where}' has {len(given.strip())} characters: {shown(given)}"
    return f"{message}.", _cure(detail)


_DAY_CURE = "Write it as year-month-day, like 2026-11-22, without quotes."
_MEANT = {"string_type": ", not text", **dict.fromkeys(("date_type", "date_parsing"), ", not a day")}
_CURES = {
    "string_type": "Write words, in quotes if they look like a number, a date, yes or no.",
    "date_type": _DAY_CURE,
    "date_parsing": _DAY_CURE,
    "date_from_datetime_parsing": _DAY_CURE,
    "number_type": "Write a number.",
    "too_fine": "Write at most {finest} decimals.",
    "int_type": "Write a whole number (an integer).",
    "int_from_float": "Write a whole number (an integer).",
    "bool_type": "Write true or false.",
    "list_type": "Write a list: [one, another].",
    "dict_type": "Write 'key: value' lines below it.",
    "model_type": "Write 'key: value' lines below it.",
    "literal_error": "It must be one of {expected}.",
    "greater_than_equal": "The least is {ge}.",
    "less_than_equal": "The most is {le}.",
    "too_short": "At least {min_length} are wanted, these are {actual_length}.",
    "too_long": "At most {max_length} are wanted.",
    "string_too_long": "The limit is {max_length}.",
    "string_too_short": "At least {min_length} characters are wanted.",
    "value_error": "What is wanted: {error}.",
}
"""What to do, by the type of a pydantic fault."""
_AT_LEAST_ONE = {"too_short": "Write at least one.", "string_too_short": "Write words, or leave it out."}
"""The same, where nothing at all is given."""


def _cure(detail: ErrorDetails) -> str:
    if detail["type"] == "string_pattern_mismatch":
        return _pattern_cure(detail["ctx"]["pattern"])
    if detail["type"] in _AT_LEAST_ONE and detail.get("ctx", {}).get("min_length") == 1:
        return _AT_LEAST_ONE[detail["type"]]
    if detail["type"] in _CURES:
        return _CURES[detail["type"]].format(**detail.get("ctx", {}))
    return "Look at the manual of this kind of file."


def _pattern_cure(pattern: str) -> str:
    if pattern == _SLUG:
        return "Use the slug of an entry: lowercase words joined by hyphens."
    if pattern == _ID:
        return "Use small letters and digits, joined by hyphens."
    if pattern == _URL:
        return "Write the whole address, starting with https://."
    return f"It must match {pattern}."


def _keys_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Return the keys allowed at ``loc``: those of the model, or of the model inside it."""
    inner = _model_at(model, loc)
    return list(inner.model_fields) if inner else []


def _field_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> FieldInfo | None:
    """Return the field at ``loc``, if a model has it."""
    inner = _model_at(model, loc)
    return inner.model_fields.get(str(loc[-1])) if inner else None


def _model_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> type[BaseModel] | None:
    """Return the model whose key the last part of ``loc`` is."""
    current: Any = model
    for part in loc[:-1]:
        if isinstance(part, str) and isinstance(current, type) and issubclass(current, BaseModel):
            current = _inner_model(current, part)
    return current if isinstance(current, type) and issubclass(current, BaseModel) else None


def _inner_model(model: type[BaseModel], key: str) -> Any:
    todo: list[Any] = [model.model_fields[key].annotation] if key in model.model_fields else []
    while todo:
        current = todo.pop()
        if isinstance(current, type) and issubclass(current, BaseModel):
            return current
        todo.extend(getattr(current, "__args__", ()))
    return None

"""Schemas for editors: they take all that we wrote, refuse what the models refuse, and offer slugs."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from plugins.common_thread.data import DATA_FILES
from plugins.common_thread.data_schemas import MODELS
from plugins.common_thread.schemas import data_files, keep_schemas, schema_files
from plugins.library.filters import today
from plugins.library.loader import load_library
from plugins.library.source import split_front_matter
from plugins.problems import Problems
from plugins.problems.yaml_data import parse_yaml
from publish.site_settings import site_kinds

ROOT = Path(__file__).resolve().parents[2]
KINDS = site_kinds()
LIBRARY = load_library(ROOT / "content", KINDS, today(), Problems())
SCHEMAS = {name: json.loads(text) for name, text in schema_files(KINDS, LIBRARY.entries.values())}


def data_of(path: str) -> Any:
    """Return what a schema looks at: the front matter of a text, or the whole of a quiz, as JSON has it."""
    text = (ROOT / path).read_text(encoding="utf-8")
    split = split_front_matter(text, path, Problems()) if path.endswith(".md") else (text, "", 1)
    assert split
    data = parse_yaml(split[0], path, Problems())
    assert data
    return json.loads(json.dumps(data.value, default=str))


def faults(kind: str, data: Any) -> list[str]:
    """Return what a schema finds wrong."""
    return [error.message for error in Draft7Validator(SCHEMAS[f"schemas/{kind}.json"]).iter_errors(data)]


def test_every_schema_is_one() -> None:
    """There is one for each kind, and each is a schema itself."""
    assert list(SCHEMAS) == [f"schemas/{name}.json" for name in KINDS]
    for schema in SCHEMAS.values():
        Draft7Validator.check_schema(schema)


def test_every_file_of_ours_is_taken() -> None:
    """All that the library publishes is what its schema asks for."""
    found = {entry.path: faults(entry.kind.name, data_of(entry.path)) for entry in LIBRARY.entries.values()}
    assert {path: told for path, told in found.items() if told} == {}
    assert len(found) > 100


STRATEGY, QUIZ = "content/strategies/keep-your-word.md", "content/quizzes/what-is-in-the-way.yaml"
PICTURE = "content/quizzes/signs-of-connection.yaml"


@pytest.mark.parametrize(
    ("path", "spoil"),
    [
        (STRATEGY, lambda data: data.update(tilte="Sing")),
        (STRATEGY, lambda data: data.pop("minutes")),
        (STRATEGY, lambda data: data.update(minutes="ten")),
        (STRATEGY, lambda data: data.update(minutes=0)),
        (STRATEGY, lambda data: data.update(fits=["neighbour"])),
        (STRATEGY, lambda data: data.update(fits=[])),
        (STRATEGY, lambda data: data.update(summary="Sing.")),
        (STRATEGY, lambda data: data.update(status="later")),
        (STRATEGY, lambda data: data.update(safety="yes")),
        (STRATEGY, lambda data: data.update(strengthens=["trst"])),
        (STRATEGY, lambda data: data.update(related=["lack-of-energy"])),
        (STRATEGY, lambda data: data["addresses"][0].update(obstacle="trust")),
        (STRATEGY, lambda data: data["addresses"][0].pop("because")),
        (STRATEGY, lambda data: data.update(allow=[{"rule": "length"}])),
        (QUIZ, lambda data: data.update(type="categories")),
        (QUIZ, lambda data: data.update(slug="what-is-in-the-way")),
        (QUIZ, lambda data: data.pop("several_text")),
        (QUIZ, lambda data: data["items"][0].update(answers=[])),
        (QUIZ, lambda data: data["safety_panel"].update(guide="trust")),
        (PICTURE, lambda data: data["items"][0].update(reverse=1)),
    ],
)
def test_what_will_not_do_is_refused(path: str, spoil: Callable[[Any], object]) -> None:
    """A key too many or too few, a value of another sort, and an entry that there is not."""
    kind = "strategy" if path == STRATEGY else "quiz"
    data = data_of(path)
    assert faults(kind, data) == []
    spoilt = copy.deepcopy(data)
    spoil(spoilt)
    assert faults(kind, spoilt)


def test_slugs_are_offered_with_their_titles_and_keys_explained() -> None:
    """Obstacles where an obstacle is named, signs where a sign is."""
    schema = SCHEMAS["schemas/strategy.json"]
    obstacle = schema["$defs"]["Addressed"]["properties"]["obstacle"]
    assert obstacle["enum"] == sorted(entry.slug for entry in LIBRARY.of_kind("obstacle"))
    at = obstacle["enum"].index("lack-of-energy")
    assert obstacle["enumDescriptions"][at] == LIBRARY.entries["lack-of-energy"].title
    assert "trust" in schema["properties"]["strengthens"]["items"]["enum"]
    assert schema["properties"]["strengthens"]["description"] == "The signs it feeds, the main one first."
    silent = {name for name, part in schema["properties"].items() if "description" not in part}
    assert silent == {"minutes"}


NOT_YET = {"content/data/popular.yaml", "content/voices/*.yaml"}
"""Files that come about when readers come."""
VOICE = {"id": "a", "date": "2026-11-01", "text": ["We sang."]}


def data_faults(name: str, data: Any) -> list[str]:
    """Return what the schema of a data file finds wrong."""
    schema = json.loads(dict(data_files())[f"schemas/data/{name}.json"])
    Draft7Validator.check_schema(schema)
    return [error.message for error in Draft7Validator(schema).iter_errors(data)]


def test_every_data_file_has_a_schema_that_takes_ours() -> None:
    """And the editor at work is told of each."""
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    assert {f"{name}.yaml" for name in MODELS} == {*DATA_FILES, "voices.yaml"}
    wired = {f"schemas/data/{name}.json" for name in MODELS}
    assert {name.removeprefix("./.cache/") for name in settings["yaml.schemas"]} == {
        *wired,
        "schemas/quiz.json",
    }
    ours = [*(ROOT / "content" / "data").glob("*.yaml")]
    assert len(ours) > 3
    for path in ours:
        assert data_faults(path.stem, data_of(path.relative_to(ROOT).as_posix())) == []
    assert data_faults("voices", [VOICE]) == []


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("voices", [{**VOICE, "mail": "a@example.org"}]),
        ("voices", [{**VOICE, "text": "We sang."}]),
        ("voices", [{key: value for key, value in VOICE.items() if key != "date"}]),
        ("voices", VOICE),
        ("evidence", [{"id": "a"}]),
        ("helplines", {"lines": []}),
        ("popular", [{"slug": "trust"}]),
        ("coverage", {}),
        ("share", [{"name": "x"}]),
        ("redirects", {"/a/": "b"}),
    ],
)
def test_what_will_not_do_in_a_data_file_is_refused(name: str, data: Any) -> None:
    """A key too many or too few, and a value of another sort."""
    assert data_faults(name, data)


def test_the_editor_at_work_finds_them_where_its_settings_point(tmp_path: Path) -> None:
    """They are kept beside the build's other kept things, and written only when they changed."""
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    keep_schemas(tmp_path / ".cache", KINDS, LIBRARY.entries.values())
    for name, pattern in settings["yaml.schemas"].items():
        assert (tmp_path / name).is_file()
        assert any(ROOT.glob(pattern)) or pattern in NOT_YET
    path = tmp_path / ".cache" / "schemas" / "quiz.json"
    before = path.stat().st_ino, path.stat().st_mtime_ns
    keep_schemas(tmp_path / ".cache", KINDS, LIBRARY.entries.values())
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == before


def test_the_project_keeps_its_schemas_when_a_copy_is_spoilt(content: Path, cache: Path) -> None:
    """What editors are offered has no name that a test made up."""
    (cache / "schemas").mkdir(exist_ok=True)
    keep_schemas(content.parent / ".cache", KINDS, [])
    assert not (content.parent / ".cache" / "schemas").samefile(cache / "schemas")

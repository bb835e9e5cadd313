"""What the table of hostile inputs says of front matter and quizzes, a schema says too, where it can."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

from plugins.common_thread.kind import AnyKind
from plugins.common_thread.quizzes import prove_quizzes
from plugins.common_thread.schemas import schema_files
from plugins.library.loader import load_library
from plugins.library.source import split_front_matter
from plugins.problems import Problems
from plugins.problems.models import _CURES
from plugins.problems.yaml_data import parse_yaml
from publish.site_settings import site_kinds
from tests.hostile.table import LIBRARY, Hostile, read_table, spoil

KINDS = site_kinds()
DAY = dt.date(2026, 11, 29)
FILES = dict(schema_files(KINDS, load_library(LIBRARY, KINDS, DAY, Problems()).entries.values()))
SCHEMAS = {
    kind.folder: Draft7Validator(json.loads(FILES[f"schemas/{kind.name}.json"])) for kind in KINDS.values()
}
TOLD = (set(_CURES) - {"value_error"}) | {"extra_forbidden", "missing", "string_pattern_mismatch", "safety"}
"""Rules that a schema can state; what a model works out with a value of its own, it can't."""
BEYOND = {
    "a title that is a day": "in JSON every day is text",
    "a title of one letter": "a schema counts the blanks around it",
}


def kind_of(case: Hostile) -> AnyKind | None:
    """Return the kind of the entry that a case spoils, if it is one."""
    folder, _, name = case.file.partition("/")
    kind = KINDS.by_folder.get(folder)
    return kind if kind and name.endswith(kind.suffix) and "make" not in case.how else None


CASES = {name: case for name, case in read_table().items() if case.says and kind_of(case)}


def data_of(text: str, kind: AnyKind) -> Any:
    """Return what a schema looks at, or None if there is nothing that can be read."""
    split = split_front_matter(text, "x", Problems()) if kind.suffix == ".md" else (text, "", 1)
    found = parse_yaml(split[0], "x", Problems()) if split else None
    return None if found is None else json.loads(json.dumps(found.value, default=str))


def spoilt(case: Hostile, folder: Path) -> tuple[Any, set[str]]:
    """Return what stands in the file of a case (None: what did before), and the rules that it breaks."""
    kind, content, source = kind_of(case), folder / "content", LIBRARY / case.file
    (content / case.file).parent.mkdir(parents=True)
    if source.is_file():
        shutil.copy(source, content / case.file)
    spoil(case, content)
    raw = (content / case.file).read_bytes().decode("utf-8", errors="replace")
    data = data_of(raw, kind) if kind else None
    if data is None or (source.is_file() and kind and data == data_of(source.read_text("utf-8"), kind)):
        return None, set()
    problems = Problems()
    prove_quizzes(load_library(content, KINDS, DAY, problems), problems)
    return data, {problem.rule for problem in problems.errors}


def test_what_a_schema_can_refuse_it_refuses(tmp_path: Path) -> None:
    """Whatever a model refuses in the table, but for what no schema can know; that is listed, and no more."""
    accepted, refused = set(), 0
    for at, (name, case) in enumerate(CASES.items()):
        data, rules = spoilt(case, tmp_path / str(at))
        if rules & TOLD:
            is_refused = any(SCHEMAS[case.file.partition("/")[0]].iter_errors(data))
            refused += is_refused
            accepted |= set() if is_refused else {name}
    assert accepted == set(BEYOND)
    assert refused > 40


def test_a_list_names_nothing_twice(tmp_path: Path) -> None:
    """It is no rule of a model, but a schema can say so."""
    case = CASES["a relation named twice"]
    data, _ = spoilt(case, tmp_path)
    assert any(SCHEMAS[case.file.partition("/")[0]].iter_errors(data))

"""Editing in the browser: the forms are those of the models, and what is saved can be read."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plugins.common_thread.evidence import Study
from plugins.common_thread.kinds.strategy import StrategyFront
from plugins.library.source import split_front_matter
from plugins.problems import Problems
from plugins.problems.models import validate, validate_items
from plugins.problems.yaml_data import parse_yaml
from publish import admin
from publish.admin import PACKAGE, answer, data_collections, forms
from publish.preview.extras import Request, extra_for
from publish.site_settings import site_kinds, site_settings
from tests.browser.waiting import until

ROOT = Path(__file__).resolve().parents[2]
ENTRY = "content/strategies/keep-your-word.md"
EVIDENCE = "content/data/evidence.yaml"
FORMS = forms(site_settings())
SUMMARY = "A promise that is kept is a brick in a wall, so make few of them and keep each one."
FOLDER = """
window.showDirectoryPicker = () => navigator.storage.getDirectory();
const put = async (folder, name, text) => {
  const file = await (await folder.getFileHandle(name, { create: true })).createWritable();
  await file.write(text);
  await file.close();
};
window.folder = async (...names) => {
  let found = await navigator.storage.getDirectory();
  for (const name of names) found = await found.getDirectoryHandle(name, { create: true });
  return found;
};
window.seed = async ([path, text]) => {
  await put(await folder(".git"), "HEAD", "ref: refs/heads/main");
  const names = path.split("/");
  await put(await folder(...names.slice(0, -1)), names.at(-1), text);
};
window.saved = async (path) => {
  const names = path.split("/");
  const file = await (await folder(...names.slice(0, -1))).getFileHandle(names.at(-1));
  return await (await file.getFile()).text();
};
"""
"""A folder of the browser's own stands for the one that an editor picks: no program may open that window."""


def form(kind: str) -> dict[str, Any]:
    """Return the form of a kind."""
    return next(one for one in FORMS["collections"] if one["name"] == kind)


def field(kind: str, *names: str) -> dict[str, Any]:
    """Return a field of a form, by its name and those of the fields around it."""
    fields = form(kind)["fields"]
    for name in names:
        found: dict[str, Any] = next(one for one in fields if one["name"] == name)
        fields = found.get("fields", [])
    return found


@pytest.mark.parametrize(
    "kind", [one for one in site_kinds().values() if one.suffix == ".md"], ids=lambda kind: kind.name
)
def test_a_form_asks_for_what_the_model_takes(kind: Any) -> None:
    """Each key is a field, in the model's order, and what a file can't be without is asked for."""
    fields = form(kind.name)["fields"]
    keys = {info.alias or name: info for name, info in kind.front.model_fields.items() if name != "slug"}
    assert [one["name"] for one in fields] == [*keys, "body"]
    asked = {one["name"] for one in fields if one.get("required")}
    assert asked == {name for name, info in keys.items() if info.is_required()}
    assert form(kind.name)["folder"] == f"content/{kind.folder}"


def test_fields_are_of_the_sort_that_the_model_wants() -> None:
    """Days, numbers with their limits, choices with titles, lists with a reason, lengths and patterns."""
    assert field("strategy", "reviewed")["format"] == "YYYY-MM-DD"
    minutes = field("strategy", "minutes")
    assert (minutes["value_type"], minutes["min"], minutes["max"]) == ("int", 1, 600)
    strengthens = field("strategy", "strengthens")
    assert strengthens["multiple"]
    assert {"label": "Trust", "value": "trust"} in strengthens["options"]
    obstacle = field("strategy", "addresses", "obstacle")
    assert "lack-of-energy" in [one["value"] for one in obstacle["options"]]
    assert field("strategy", "addresses", "because")["minlength"] == 20
    assert field("strategy", "safety")["widget"] == "boolean"
    assert field("strategy", "image", "src")["pattern"][0].startswith("^images/")
    assert field("strategy", "summary")["hint"].startswith("What search engines")
    assert "## How to do it" in field("strategy", "body")["default"]


def test_the_room_sends_its_page_its_forms_and_the_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing beside the program's own files; without the program, the page says how to get it."""
    assert extra_for("/admin/config.yml")
    page = answer(Request("GET", ""))
    assert "connect-src 'self' blob: data:;" in page.headers["Content-Security-Policy"]
    assert json.loads(answer(Request("GET", "config.yml")).body) == json.loads(json.dumps(FORMS))
    assert answer(Request("GET", "../package.json")).status == 404
    assert answer(Request("GET", "nothing.js")).status == 404
    monkeypatch.setattr(admin, "PACKAGE", tmp_path)
    assert "npm ci" in str(answer(Request("GET", "")).body)


def open_form(page: Any, served: str, address: str, path: str) -> str:
    """Open the form of a file, which lies in the browser's own folder, and return what stands in that."""
    if not PACKAGE.is_dir():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("Sveltia CMS is not installed (npm ci)")
    before = (ROOT / path).read_text(encoding="utf-8")
    page.route("**/*", lambda route: route.abort())
    page.route(f"{served}/admin/**", _give)
    page.goto(f"{served}/admin/#/collections/{address}")
    page.evaluate("file => seed(file)", [path, before])
    page.get_by_role("button", name="Work with Local Repository").click()
    return before


def save(page: Any, path: str, words: str) -> str:
    """Save a form, and return its file once these words are in it."""
    page.get_by_role("button", name="Save").first.click()
    until(page, "([path, words]) => saved(path).then((text) => text.includes(words))", [path, words])
    return str(page.evaluate("path => saved(path)", path))


@pytest.fixture
def editor(chromium: Any) -> Iterator[Any]:
    """Yield an empty page with a folder of its own."""
    context = chromium.new_context()
    context.add_init_script(FOLDER)
    yield context.new_page()
    context.close()


def test_what_is_saved_in_the_browser_can_be_read(served: str, editor: Any) -> None:
    """An entry is opened, changed and saved: its file holds the change, and everything else as it was."""
    before = open_form(editor, served, "strategy/entries/keep-your-word", ENTRY)
    editor.locator("[data-key-path=summary] textarea").first.fill(SUMMARY)
    after = save(editor, ENTRY, SUMMARY)
    old, new = front_of(before), front_of(after)
    assert new == {**old, "summary": SUMMARY}
    assert after.partition("\n---\n")[2].strip() == before.partition("\n---\n")[2].strip()


def test_the_evidence_is_saved_as_a_list_of_studies(served: str, editor: Any) -> None:
    """One of them is changed, in a form of its own; all others say what they said."""
    before = open_form(editor, served, "data/entries/evidence", EVIDENCE)
    editor.get_by_role("button", name="Expand", exact=True).first.click()
    editor.locator('[data-key-path="items.0.limits"] textarea').first.fill(SUMMARY)
    after = save(editor, EVIDENCE, SUMMARY)
    first, *others = studies_of(before)
    assert studies_of(after) == [{**first, "limits": SUMMARY}, *others]


def test_a_data_file_with_remarks_has_no_form(tmp_path: Path) -> None:
    """They would be lost."""
    assert [one["name"] for one in form("data")["files"]] == ["evidence"]
    assert "#" not in {line.strip()[:1] for line in (ROOT / EVIDENCE).read_text(encoding="utf-8").split("\n")}
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "evidence.yaml").write_text("# Remark.\n- id: a\n", encoding="utf-8")
    assert [*data_collections(tmp_path)] == []
    assert [*data_collections(tmp_path / "elsewhere")] == []


def studies_of(text: str) -> list[dict[str, Any]]:
    """Return the studies of a file; it has to be sound."""
    problems = Problems()
    data = parse_yaml(text, EVIDENCE, problems)
    found = [study for study, _ in validate_items(Study, data, EVIDENCE, problems)] if data else []
    assert [str(problem) for problem in problems] == []
    return [study.model_dump() for study in found]


def _give(route: Any) -> None:
    found = answer(Request("GET", route.request.url.rpartition("/admin/")[2].partition("?")[0]))
    headers = {"Content-Type": found.content_type, **found.headers}
    route.fulfill(status=found.status, headers=headers, body=found.body)


def front_of(text: str) -> dict[str, Any]:
    """Return what the front matter of a strategy says; it has to be sound."""
    problems = Problems()
    split = split_front_matter(text, ENTRY, problems)
    data = parse_yaml(split[0], ENTRY, problems, first_line=2) if split else None
    found = validate(StrategyFront, data, ENTRY, problems) if data else None
    assert found, [str(problem) for problem in problems]
    return found.model_dump()

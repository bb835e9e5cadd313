"""Editing in the browser: the forms are those of the models, and what is saved can be read."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from plugins.common_thread.kinds.strategy import StrategyFront
from plugins.library.source import split_front_matter
from plugins.problems import Problems
from plugins.problems.models import validate
from plugins.problems.yaml_data import parse_yaml
from publish import admin
from publish.admin import PACKAGE, answer, forms
from publish.preview.extras import Request, extra_for
from publish.site_settings import site_kinds, site_settings
from tests.browser.waiting import until

ROOT = Path(__file__).resolve().parents[2]
ENTRY = "content/strategies/keep-your-word.md"
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
window.seed = async (text) => {
  await put(await folder(".git"), "HEAD", "ref: refs/heads/main");
  await put(await folder("content", "strategies"), "keep-your-word.md", text);
};
window.saved = async () => {
  const file = await (await folder("content", "strategies")).getFileHandle("keep-your-word.md");
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


def test_what_is_saved_in_the_browser_can_be_read(served: str, chromium: Any) -> None:
    """An entry is opened, changed and saved: its file holds the change, and everything else as it was."""
    if not PACKAGE.is_dir():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("Sveltia CMS is not installed (npm ci)")
    before = (ROOT / ENTRY).read_text(encoding="utf-8")
    context = chromium.new_context()
    context.add_init_script(FOLDER)
    page = context.new_page()
    page.route("**/*", lambda route: route.abort())
    page.route(f"{served}/admin/**", _give)
    page.goto(f"{served}/admin/#/collections/strategy/entries/keep-your-word")
    page.evaluate("text => seed(text)", before)
    page.get_by_role("button", name="Work with Local Repository").click()
    page.locator("[data-key-path=summary] textarea").first.fill(SUMMARY)
    page.get_by_role("button", name="Save").first.click()
    until(page, "words => saved().then((text) => text.includes(words))", SUMMARY)
    after = page.evaluate("saved()")
    context.close()
    old, new = front_of(before), front_of(after)
    assert new == {**old, "summary": SUMMARY}
    assert after.partition("\n---\n")[2].strip() == before.partition("\n---\n")[2].strip()


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

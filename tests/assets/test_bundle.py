"""Style sheets and scripts: what the bundle refuses, what it keeps, and what it tells of other files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from plugins.assets.bundle import bundle_css, bundle_styles, fingerprint_scripts


def write(folder: Path, **sheets: str) -> None:
    """Write style sheets by name."""
    for name, text in sheets.items():
        (folder / f"{name}.css").write_text(text, encoding="utf-8")


def test_sheets_are_joined_in_the_declared_order(tmp_path: Path) -> None:
    """The order is that of the list, whatever the names."""
    write(tmp_path, a=".a { margin: 0; }", b=".b { margin: 1px; }")
    assert bundle_css(tmp_path, ["b.css", "a.css"]) == (b".b{margin:1px}.a{margin:0}", [])


def test_a_sheet_that_is_not_listed_or_not_there_is_a_problem(tmp_path: Path) -> None:
    """Nothing is left out in silence."""
    write(tmp_path, a="", b="")
    messages = [str(problem) for problem in bundle_css(tmp_path, ["a.css", "c.css"])[1]]
    assert [message.partition(":")[0] for message in messages] == [
        "pelican.conf.py",
        "theme/static/css/b.css",
    ]


def test_a_descendant_stays_one(tmp_path: Path) -> None:
    """The space between two selectors is kept wherever it means something, deep in at-rules too."""
    rule = ".a:not(.b) :is(.c, .d) { margin: 0; }"
    write(tmp_path, a=f"@layer x {{ @media (width > 3px) {{ {rule} }} }}")
    assert b".a:not(.b) :is(.c,.d){margin:0}" in bundle_css(tmp_path, ["a.css"])[0]


def test_a_fault_in_a_style_sheet_has_its_line(tmp_path: Path) -> None:
    """It names file and line, and a brace left open swallows nothing of the next sheet."""
    write(
        tmp_path,
        a=".a { margin: 0; }\n\n.b { margin: 0 }}\n.c { margin: 0; }",
        b=".d { margin: 0;",
        c=".e { margin: 0; }",
    )
    css, problems = bundle_css(tmp_path, ["a.css", "b.css", "c.css"])
    assert [(problem.path, problem.line) for problem in problems] == [("theme/static/css/a.css", 3)]
    assert css == b".d,.e{margin:0}"


def test_what_a_sheet_loads_is_found_under_its_written_name(tmp_path: Path) -> None:
    """However the sheet spells the address: quoted or not."""
    write(tmp_path, a='@font-face { font-family: A; src: url("a.woff2") format("woff2"), url(b.woff2); }')
    assets, _ = bundle_styles(
        tmp_path, {"site.css": ["a.css"]}, {"a.woff2": "a.1.woff2", "b.woff2": "b.2.woff2"}
    )
    assert b"url(a.1.woff2)" in assets["css/site.css"].content
    assert b"url(b.2.woff2)" in assets["css/site.css"].content


# Scripts ------------------------------------------------------------------------
SCRIPTS = {
    "start": 'const files = {};\nconst load = (name) => files[name];\nload("late");\nload("page");',
    "late": 'import { b } from "./page.js";\nb();',
    "page": "export const b = () => {};",
}


def write_scripts(folder: Path, **scripts: str) -> None:
    """Write modules by name."""
    for name, text in scripts.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")


def test_a_script_knows_the_bytes_of_those_it_loads_and_of_what_they_import(tmp_path: Path) -> None:
    """Each is named with its integrity, after what it imports."""
    write_scripts(tmp_path, **SCRIPTS)
    assets = fingerprint_scripts(tmp_path)
    page, late = assets["js/page.js"], assets["js/late.js"]
    listed = re.search(r"const files=(\{.*?\});", assets["js/start.js"].content.decode())
    assert listed
    first, last = ([f"./{asset.name}", asset.integrity] for asset in (page, late))
    assert json.loads(listed[1]) == {"late": [first, last], "page": [first]}


def test_a_script_that_is_loaded_and_not_there_stops_the_build(tmp_path: Path) -> None:
    """As one that is imported does."""
    write_scripts(tmp_path, start=SCRIPTS["start"], page=SCRIPTS["page"])
    with pytest.raises(ValueError, match=r"imports 'late.js', which does not exist"):
        fingerprint_scripts(tmp_path)


def test_a_template_in_a_template_stops_the_build(tmp_path: Path) -> None:
    """It would be spoilt in silence; two templates beside each other are not."""
    write_scripts(tmp_path, start="const one = `^${any(`a\n  b`)}$`;\n")
    with pytest.raises(ValueError, match="a template stands in a template"):
        fingerprint_scripts(tmp_path)
    write_scripts(tmp_path, start="const one = `${any({ a: 1 })} ${two}`;\nconst three = `a  b`;\n")
    assert b"a  b" in fingerprint_scripts(tmp_path)["js/start.js"].content

"""A script is served together with the modules in the folder of its own name."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.assets.bundle import fingerprint_scripts
from plugins.assets.joining import join_modules


def write(folder: Path, **scripts: str) -> Path:
    """Write modules by name, ``own__b`` for ``own/b.js``; return ``own.js``."""
    for name, text in scripts.items():
        path = folder / f"{name.replace('__', '/')}.js"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "own.js"


def test_a_module_stands_before_those_that_import_it(tmp_path: Path) -> None:
    """Each once; what comes from elsewhere stays an import, asked for once."""
    script = write(
        tmp_path,
        own='import { b } from "./own/b.js";\nimport { one } from "./page.js";\nb(one);\n',
        own__b='import { c } from "./c.js";\nimport { two } from "../page.js";\n'
        "export const b = () => c(two);\n",
        own__c="export function c() {}\n",
        page="export const one = 1;\nexport const two = 2;\n",
    )
    joined = 'import { one, two } from "./page.js";\nfunction c() {}\nconst b = () => c(two);\nb(one);\n'
    assert join_modules(script) == joined
    assert sorted(fingerprint_scripts(tmp_path)) == ["js/own.js", "js/page.js"]


def test_a_script_without_a_folder_is_served_as_it_is(tmp_path: Path) -> None:
    """What others may import stays exported."""
    text = "export const a = 1;\n"
    assert join_modules(write(tmp_path, own=text)) == text


@pytest.mark.parametrize(
    ("module", "fault"),
    [
        ("const a = 1;\nexport const b = 2;\n", "the name 'a' is taken"),
        ("const page = 1;\nexport const b = 2;\n", "the name 'page' is taken"),
        ('import { d as e } from "./d.js";\nexport const b = e;\n', "can't be joined"),
        ('import "./d.js";\nexport const b = 1;\n', "can't be joined"),
        ('import { b } from "./b.js";\nexport const c = b;\n', "in a circle"),
    ],
    ids=["name", "imported-name", "as", "bare", "circle"],
)
def test_what_can_not_be_joined_is_refused(tmp_path: Path, module: str, fault: str) -> None:
    """Two of a name would be a fault at run time, and an import left out a silent one."""
    own = 'import { b } from "./own/b.js";\nimport { page } from "./page.js";\nconst a = b + page;\n'
    script = write(
        tmp_path, own=own, own__b=module, own__d="export const d = 1;\n", page="export const page = 1;\n"
    )
    with pytest.raises(ValueError, match=fault):
        join_modules(script)

"""Editing in the browser, the preview's room ``/admin/``: Sveltia CMS on the files of this computer.

Its forms are made from the schemas that text editors get.  The program comes from ``node_modules`` and is
sent by the preview alone; it writes through the browser, into the folder that its user picks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from plugins.common_thread.kind import AnyKind
from plugins.common_thread.kinds import load_kinds
from plugins.common_thread.schemas import WORDED, data_files, schema_of, titles_of
from plugins.library.filters import today
from plugins.library.kinds import Kinds
from plugins.library.loader import load_library
from plugins.problems import Problems
from publish.headers import content_type
from publish.preview.extras import Answer, Request
from publish.site_settings import site_settings

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "node_modules" / "@sveltia" / "cms"
SCRIPT = "sveltia-cms.js"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net; "
    "font-src 'self' data: https://cdn.jsdelivr.net; img-src 'self' data: blob:; "
    "connect-src 'self' blob: data:; worker-src 'self' blob:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""Its letters and icons come from a public host; nothing that is written goes anywhere."""
_PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <title>Edit · {site}</title>
  </head>
  <body>{body}</body>
</html>
"""
_MISSING = (
    "<h1>Editing in the browser</h1><p>The program for it is not there yet. In the folder of the project: "
    "<code>npm ci --ignore-scripts</code>, then load this page again.</p>"
)
_NOT_ASKED = {"slug"}
"""Keys that nobody fills in by a form: that one is the file's name."""
DATA_FORMS = {"evidence": "id"}
"""Data files that are one list, and the key that names an item of it."""
Schema = Mapping[str, Any]


def answer(request: Request) -> Answer:
    """Return the page, its forms, or a part of the program."""
    settings = site_settings()
    if not request.path:
        body = f'<script src="{SCRIPT}"></script>' if (PACKAGE / "dist" / SCRIPT).is_file() else _MISSING
        page = _PAGE.format(site=escape(settings["SITENAME"]), body=body)
        return Answer(page, headers={"Content-Security-Policy": POLICY})
    if request.path == "config.yml":
        return Answer(json.dumps(forms(settings), ensure_ascii=False), "text/yaml; charset=utf-8")
    path = (PACKAGE / "dist" / request.path).resolve()
    if not path.is_relative_to(PACKAGE / "dist") or not path.is_file():
        return Answer("There is no such file.", "text/plain; charset=utf-8", 404)
    return Answer(path.read_bytes(), content_type(path.name))


def forms(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of the program: a form for each Markdown kind, and for some data.

    JSON is YAML, so they can be sent as either.
    """
    kinds = load_kinds(settings["KIND_MODULES"])[0]
    content = Path(settings["PATH"])
    library = load_library(content, kinds, today(), Problems())
    titles = titles_of([*library.entries.values(), *library.held.values()])
    return {
        # Nothing is sent there: its name is that of the folder to pick, and nobody has to sign in.
        "backend": {
            "name": "github",
            "repo": f"common-thread/{re.sub(r'[^A-Za-z0-9.-]', '-', ROOT.name)}",
            "branch": "main",
            "auth_methods": ["token"],
        },
        "media_folder": f"{content.name}/images",
        "public_folder": "/images",
        "output": {"omit_empty_optional_fields": True, "yaml": {"quote": "none", "indent_size": 2}},
        "slug": {"encoding": "ascii", "clean_accents": True},
        "collections": [*collections(kinds, titles, content.name), *data_collections(content)],
    }


def collections(
    kinds: Kinds[AnyKind], titles: Mapping[str, Mapping[str, str]], folder: str
) -> Iterator[dict[str, Any]]:
    """Yield the form of each kind."""
    for kind in kinds.values():
        if kind.suffix == ".md":
            schema = schema_of(kind, {name: dict(known) for name, known in titles.items()})
            yield {
                "name": kind.name,
                "label": kind.plural,
                "label_singular": kind.label,
                "folder": f"{folder}/{kind.folder}",
                "create": True,
                "extension": "md",
                "format": "yaml-frontmatter",
                "slug": "{{title}}",
                "identifier_field": "title",
                "fields": [*fields(schema, schema), _body(kind)],
            }


def data_collections(content: Path) -> Iterator[dict[str, Any]]:
    """Yield the form of the data files that have one: it would drop the remarks of any other."""
    schemas = {Path(name).stem: json.loads(text) for name, text in data_files()}
    files = [
        _data_form(f"{content.name}/data/{name}.yaml", schemas[name], key)
        for name, key in DATA_FORMS.items()
        if _has_no_remarks(content / "data" / f"{name}.yaml")
    ]
    if files:
        yield {"name": "data", "label": "Data", "files": files}


def _data_form(path: str, schema: Schema, key: str) -> dict[str, Any]:
    """Return the form of a file that is one list; each of its items is called by its ``key``."""
    name = Path(path).stem
    item = {**shape_of(schema, schema), "summary": f"{{{{fields.{key}}}}}", "root": True, "required": True}
    return {
        "name": name,
        "label": name.capitalize(),
        "file": path,
        "fields": [{"name": "items", "label": name.capitalize(), **item}],
    }


def _has_no_remarks(path: Path) -> bool:
    return path.is_file() and not re.search(r"^\s*#", path.read_text(encoding="utf-8"), re.M)


def _body(kind: AnyKind) -> dict[str, Any]:
    """Return the field of the text; a plain one, since a richer one would escape our links."""
    start = "\n\n".join(f"## {heading}\n\nText." for heading in kind.headings) or "Text."
    hint = "Markdown, one sentence a line. [[slug]] is a link, [@id] a source: see docs/editing.md."
    return {"name": "body", "label": "Text", "widget": "text", "default": start, "hint": hint}


def fields(schema: Schema, root: Schema) -> Iterator[dict[str, Any]]:
    """Yield a field for each key of a schema."""
    required = schema.get("required", ())
    for name, part in schema["properties"].items():
        if name in _NOT_ASKED:
            continue
        shape = shape_of(part, root)
        label = name.replace("_", " ").capitalize()
        hint = {"hint": part["description"]} if part.get("description") else {}
        yield {"name": name, "label": label, "required": name in required, **hint, **shape}


def shape_of(part: Schema, root: Schema) -> dict[str, Any]:
    """Return what sort of field a part of a schema is."""
    found = _resolved(part, root)
    if "enum" in found:
        words = found.get("enumDescriptions", found["enum"])
        options = [{"label": word, "value": value} for value, word in zip(found["enum"], words, strict=True)]
        return {"widget": "select", "options": options}
    if found.get("format") == "date":
        return {"widget": "datetime", "format": "YYYY-MM-DD", "type": "date", "time_format": False}
    make = {"array": _list, "object": _object, "boolean": _boolean, "integer": _number}
    return make.get(found.get("type", ""), _text)(found, root)


def _object(found: Schema, root: Schema) -> dict[str, Any]:
    return {"widget": "object", "collapsed": True, "fields": [*fields(found, root)]}


def _boolean(found: Schema, _root: Schema) -> dict[str, Any]:
    return {"widget": "boolean"}


def _number(found: Schema, _root: Schema) -> dict[str, Any]:
    limits = {"min": found.get("minimum"), "max": found.get("maximum")}
    known = {name: value for name, value in limits.items() if value is not None}
    return {"widget": "number", "value_type": "int", **known}


def _resolved(part: Schema, root: Schema) -> Schema:
    """Return what a part stands for: of several, the one that is something."""
    while "$ref" in part or "anyOf" in part:
        if "anyOf" in part:
            part = next(one for one in part["anyOf"] if one.get("type") != "null")
        else:
            part = root["$defs"][part["$ref"].rpartition("/")[2]]
    return part


def _list(found: Schema, root: Schema) -> dict[str, Any]:
    item = shape_of(found.get("items", {}), root)
    if item["widget"] == "select":
        limits = {"min": found["minItems"]} if "minItems" in found else {}
        return {**item, "multiple": True, **limits}
    if item["widget"] == "object":
        return {"widget": "list", "collapsed": True, "fields": item["fields"]}
    return {"widget": "list", "field": {"name": "item", "label": "Item", **item}}


def _text(found: Schema, _root: Schema) -> dict[str, Any]:
    most = found.get("maxLength", 0)
    limits = {"minlength": found.get("minLength"), "maxlength": most or None}
    shape = {"widget": "text" if most > 120 else "string"}
    shape |= {name: value for name, value in limits.items() if value is not None}
    pattern = found.get("pattern", WORDED)
    return {**shape, **({} if pattern == WORDED else {"pattern": [pattern, _said(pattern)]})}


def _said(pattern: str) -> str:
    return "Lowercase words joined by hyphens." if re.match(r"\^\[a-z0-9\]", pattern) else f"As {pattern}"

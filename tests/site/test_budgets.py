"""Pages keep to the weights in ``tests/budgets.toml``."""

from __future__ import annotations

import re
import tomllib
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import brotli
import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.conftest import ROOT, Site

BUDGETS = tomllib.loads((ROOT / "tests" / "budgets.toml").read_text(encoding="utf-8"))
KINDS = ("guides", "strategies", "obstacles", "signs", "faq", "talks")
ADDRESSES = [
    "/",
    *(f"/{kind}/{path.stem}/" for kind in KINDS for path in sorted((ROOT / "content" / kind).glob("*.md"))),
    *(
        f"/{kind}/{path.stem}/embed/"
        for kind in ("quizzes", "strategies")
        for path in sorted((ROOT / "content" / kind).glob("*.*"))
    ),
]


def rule_for(address: str) -> dict[str, Any]:
    """Return the first rule that fits."""
    return next(rule for rule in BUDGETS["page"] if fnmatchcase(address, rule["address"]))


@cache
def packed(path: Path) -> int:
    """Return how many bytes a file has after brotli; what pages share is packed once."""
    return len(brotli.compress(path.read_bytes()))


@cache
def first_part(page: Path) -> int:
    """Return how many bytes a page has after brotli: all of it, or up to what readers said at its end."""
    html = page.read_text(encoding="utf-8")
    if "voices__item" in html:
        html = re.split(r'<section class="?voices\b', html)[0]
    return len(brotli.compress(html.encode()))


def weigh(site: Site, address: str) -> tuple[int, int, int]:
    """Return (HTML and head's styles, everything at start, requests) of a page, in bytes after brotli."""
    tree = LexborHTMLParser(site.file(address).read_text(encoding="utf-8"))

    def named(selector: str, key: str = "href") -> set[str]:
        return {str(tag.attributes[key]) for tag in tree.css(selector)}

    sheets = named("head > link[rel=stylesheet]")
    others = named("body link[rel=stylesheet], link[rel=preload], link[rel=icon][type='image/svg+xml']")
    others |= named("script[src]", "src")

    def size(names: set[str]) -> int:
        return sum(packed(site.output / name.lstrip("/")) for name in names)

    page = site.output / f"{address}index.html".lstrip("/")
    head = size(sheets)
    return first_part(page) + head, packed(page) + head + size(others), 1 + len(sheets | others)


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_keeps_to_its_budget(site: Site, address: str) -> None:
    """Neither the first paint, nor the whole page, nor the number of requests goes over."""
    rule = rule_for(address)
    first, everything, requests = weigh(site, address)
    over = {
        name: f"{value - rule[name]} over {rule[name]}"
        for name, value in (("first_paint", first), ("all", everything), ("requests", requests))
        if value > rule[name]
    }
    assert over == {}, address


@pytest.mark.parametrize("name", ["quiz", "start"])
def test_scripts_keep_to_their_budget(site: Site, name: str) -> None:
    """A script with all that it imports weighs no more than its limit."""
    assets = site.output / "assets"
    todo = [next(assets.glob(f"{Path(file).stem}.*.js")) for file in BUDGETS["scripts"][f"{name}_files"]]
    seen: set[Path] = set()
    while todo:
        path = todo.pop()
        if path not in seen:
            seen.add(path)
            todo += [
                assets / found
                for found in re.findall(r"""(?:from|import)\s*["']\./([^"']+)""", path.read_text("utf-8"))
            ]
    assert sum(map(packed, seen)) <= BUDGETS["scripts"][name]

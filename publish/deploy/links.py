"""What a page loads and leads to must be in the output, as the page names it.

The build looks as well; this looks at whatever is about to be published, wherever it comes from.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from plugins.problems import Problems, shown

_ADDRESSES = {
    "a": "href",
    "form": "action",
    "img": "src",
    "link": "href",
    "script": "src",
    "source": "src",
    "use": "href",
}
_SOME = 5


def check_links(output: Path, site_url: str, problems: Problems) -> None:
    """Note links that lead nowhere, files that are not what a page names, and pages without their style."""
    home = _has_style(_parse(output / "index.html"))
    found = []
    for path in sorted(output.rglob("*.html")):
        name, tree = path.relative_to(output).as_posix(), _parse(path)
        found += [(name, rule, message) for rule, message in _faults(output, name, tree, site_url)]
        if home and not _has_style(tree) and not tree.css_first('meta[http-equiv="refresh"]'):
            found.append((name, "style", "the page has no style sheet."))
    for name, rule, message in found[:_SOME]:
        problems.add(name, 1, rule, message, "Run `./publish.sh build` and look.")
    if len(found) > _SOME:
        problems.add(
            "release.json", 1, "links", f"there are {len(found) - _SOME} more of these.", "Mend those first."
        )


def _parse(path: Path) -> LexborHTMLParser:
    return LexborHTMLParser(path.read_bytes() if path.is_file() else b"")


def _has_style(tree: LexborHTMLParser) -> bool:
    return tree.css_first('link[rel="stylesheet"]') is not None


def _faults(output: Path, name: str, tree: LexborHTMLParser, site_url: str) -> Iterator[tuple[str, str]]:
    here = f"{site_url}/{name.removesuffix('index.html')}"
    for node in tree.css(",".join(_ADDRESSES)):
        address = node.attributes.get(_ADDRESSES[node.tag or ""])
        if not address or not (file := _file_of(output, urljoin(here, address), site_url)):
            continue
        if not file.is_file():
            yield "link", f"{shown(address)} leads nowhere."
        elif not _is_as_named(node, file):
            yield "integrity", f"{shown(address)} is not the file that the page names by its hash."


def _file_of(output: Path, url: str, site_url: str) -> Path | None:
    """Return the file that an address of this site is served from; None for other sites."""
    plain = urlsplit(url)._replace(query="", fragment="").geturl()
    if plain != site_url and not plain.startswith(f"{site_url}/"):
        return None
    name = unquote(plain.removeprefix(site_url).lstrip("/"))
    return output / (f"{name}index.html" if not name or name.endswith("/") else name)


def _is_as_named(node: LexborNode, file: Path) -> bool:
    words = str(node.attributes.get("integrity") or "").split()
    return not words or any(
        _digest(file, kind) == digest for kind, _, digest in (word.partition("-") for word in words)
    )


def _digest(file: Path, kind: str) -> str:
    if kind not in ("sha256", "sha384", "sha512"):
        return ""
    return base64.b64encode(hashlib.new(kind, file.read_bytes()).digest()).decode()

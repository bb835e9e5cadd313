"""Style sheets and scripts: one bundle, fingerprinted names, integrity hashes.

The name of a file holds the hash of its bytes, so a server may keep every version for
ever and a page can never load an asset of another build.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import lightningcss
import rjsmin

from plugins.assets.joining import join_modules
from plugins.problems import Problem, did_you_mean

_PLACE = re.compile(r":(\d+):\d+$")
_NAMED = re.compile(r'\bload\("([\w-]+)"\)')
_LIST = "const files = {};"
_NESTED = re.compile(r"\$\{[^}`]*`.*")
"""A template in a template: what makes scripts small takes the blanks in the inner one for those of code."""
_IMPORT = re.compile(r"""(\b(?:from|import)\s*\(?\s*)(["'])(\.{1,2}/[^"']+)\2""")


@dataclass(frozen=True)
class Asset:
    """One file to write: ``name`` below ``/assets/``, its bytes, its integrity (SRI, sha256)."""

    name: str
    content: bytes

    @property
    def integrity(self) -> str:
        """Return the Subresource Integrity value."""
        return "sha256-" + base64.b64encode(hashlib.sha256(self.content).digest()).decode()


def fingerprint(logical: str, content: bytes) -> Asset:
    """Name ``content`` after ``logical`` and its own hash: ``css/site.css`` to ``site.1a2b3c4d5e.css``."""
    path = Path(logical)
    return Asset(f"{path.stem}.{hashlib.sha256(content).hexdigest()[:10]}{path.suffix}", content)


def bundle_css(folder: Path, order: Sequence[str]) -> tuple[bytes, list[Problem]]:
    """Join the style sheets of ``folder`` in the declared order; an unlisted or missing one is a problem."""
    present = {path.name for path in folder.glob("*.css")}
    problems = [
        Problem(
            "pelican.conf.py", 1, "stylesheet", f"STYLESHEETS names '{name}'.", did_you_mean(name, present)
        )
        for name in order
        if name not in present
    ]
    problems += [
        Problem(
            f"theme/static/css/{name}",
            1,
            "stylesheet",
            f"'{name}' is not in STYLESHEETS.",
            "Add it to the order.",
        )
        for name in sorted(present - set(order))
    ]
    texts = [_minified(folder / name, problems) for name in order if name in present]
    return _small("\n".join(texts)).encode(), problems


@lru_cache(maxsize=256)
def _small(css: str) -> str:
    """Return styles made small; most sheets are parts of several bundles."""
    return str(lightningcss.process_stylesheet(css))


def _minified(path: Path, problems: list[Problem]) -> str:
    """Return a style sheet made small, alone first: a brace left open in one must not swallow the next."""
    try:
        return _small(path.read_text(encoding="utf-8"))
    except ValueError as error:
        found = _PLACE.search(str(error))
        line = int(found[1]) + 1 if found else 1
        message = f"this is no style sheet: {str(error).partition(' at :')[0]}."
        problems.append(Problem(f"theme/static/css/{path.name}", line, "stylesheet", message, "Mend it."))
        return ""


def bundle_styles(
    folder: Path, sheets: Mapping[str, Sequence[str]], files: Mapping[str, str]
) -> tuple[dict[str, Asset], list[Problem]]:
    """Return one asset for each of ``sheets`` (``css/site.css`` …), and what is wrong with the list.

    ``files`` gives the fingerprinted names of what the style sheets load.
    """
    _, problems = bundle_css(folder, list(dict.fromkeys(name for order in sheets.values() for name in order)))
    assets: dict[str, Asset] = {}
    for sheet, order in sheets.items():
        text = bundle_css(folder, order)[0].decode()
        for name, written in files.items():
            text = text.replace(f"url({name})", f"url({written})")  # lightningcss writes them without quotes
        assets[f"css/{sheet}"] = fingerprint(sheet, text.encode())
    return assets, problems


def fingerprint_scripts(*folders: Path) -> dict[str, Asset]:
    """Return every ES module of ``folders``, those it joins among them, under fingerprinted names.

    They are as one folder: a script imports from any of them, and the first that has a file wins.

    Keys are like ``js/self-quiz.js``.  A script that loads others by name gets the list of them, with the
    integrity of each: ``import`` itself has no place for it.
    Raises ValueError for a missing or circular import, and for what can't be made small.
    """
    done: dict[str, Asset] = {}
    for name in sorted({path.name for folder in folders for path in folder.glob("*.js")}):
        _take(name, folders, done, ())
    return done


def _take(name: str, folders: Sequence[Path], done: dict[str, Asset], above: tuple[str, ...]) -> Asset:
    logical = f"js/{name}"
    if logical in done:
        return done[logical]
    if name in above:
        raise ValueError(f"{logical}: the scripts import each other in a circle")
    path = next((folder / name for folder in folders if (folder / name).is_file()), None)
    if path is None:
        raise ValueError(f"{above[-1]}: imports '{Path(name).name}', which does not exist")

    def rewrite(match: re.Match[str]) -> str:
        target = os.path.normpath(Path(name).parent / match[3])
        return f"{match[1]}{match[2]}./{_take(target, folders, done, (*above, name)).name}{match[2]}"

    source = join_modules(path)
    if _LIST in source:
        named = {one: _take(f"{one}.js", folders, done, (*above, name)) for one in _NAMED.findall(source)}
        source = source.replace(_LIST, f"const files = {_listed(named, done)};")
    if nested := _NESTED.search(source):
        line = nested[0].strip().partition("\n")[0]
        raise ValueError(f"{logical}: a template stands in a template: {line!r}. Give the inner one a name.")
    text = rjsmin.jsmin(source)
    done[logical] = fingerprint(logical, _IMPORT.sub(rewrite, str(text)).encode())
    return done[logical]


def _listed(named: dict[str, Asset], done: dict[str, Asset]) -> str:
    """Return, as JSON, the files on the way to each script with their integrity: what it imports first."""
    by_name = {asset.name: asset for asset in done.values()}

    def way(asset: Asset) -> list[Asset]:
        imported = [
            way(by_name[target.removeprefix("./")])
            for _, _, target in _IMPORT.findall(asset.content.decode())
        ]
        return [*dict.fromkeys(part for parts in imported for part in parts), asset]

    files = {
        name: [(f"./{part.name}", part.integrity) for part in way(asset)]
        for name, asset in sorted(named.items())
    }
    return json.dumps(files, separators=(",", ":"))

"""Guards: what must be true of an output and a plan before a byte is sent."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from plugins.problems import Problem, Problems, shown
from publish.deploy.links import check_links
from publish.deploy.plan import Plan
from publish.deploy.previewed import rooms_in, traces_in
from publish.deploy.secrets import find_secrets, is_secret_name
from publish.headers import stated_site_url
from publish.site_settings import site_settings

SHRINK_LIMIT = 0.2
_FRONT = re.compile(r"\A---\n(.*?)\n---", re.DOTALL)
_ALL_LINES = re.compile(r'id="?help-lines\b')
_LINE_FOR = re.compile(r'data-region="?([A-Z-]+)')
_CANONICAL = re.compile(r'<link rel="?canonical"? href="?([^"> ]+)')


def check_output(output: Path, site_url: str | None, content: Path) -> Problems:
    """Judge the files of an output folder; warnings do not stop a deploy."""
    problems = Problems()
    if not output.is_dir() or not any(output.iterdir()):
        problems.add(
            output.name, 1, "empty", "there is no site in this folder.", "Run `./publish.sh build` and look."
        )
        return problems
    for name in ("index.html", "404.html"):
        if not (output / name).is_file() or not (output / name).stat().st_size:
            problems.add(
                name, 1, "missing", f"the output has no '{name}'.", "Run `./publish.sh build` and look."
            )
    for path in sorted(output.rglob("*")):
        _check_file(path, path.relative_to(output).as_posix(), problems)
    problems.found.extend(_drafts(output, content))
    problems.found.extend(rooms_in(output))
    _check_addresses(output, site_url, problems)
    _check_help(output, main_countries(), problems)
    check_links(output, (site_url or stated_site_url(output)).rstrip("/"), problems)
    return problems


def _check_file(path: Path, name: str, problems: Problems) -> None:
    if path.is_symlink():
        problems.add(name, 1, "symlink", "the output holds a symbolic link.", "Put a copy of the file there.")
        return
    if not path.is_file():
        return
    if is_secret_name(name):
        problems.add(
            name, 1, "secret", f"{shown(name)} looks like a secret.", "Remove it from content/ or theme/."
        )
    problems.found.extend(traces_in(path, name))
    for line, what in find_secrets(path):
        cure = "Remove it, and replace that secret everywhere."
        problems.add(name, line, "secret", f"the file holds {what}.", cure)


def _drafts(output: Path, content: Path) -> Iterator[Problem]:
    """Yield a problem for each entry that is a draft or of a later day, and in the output all the same."""
    if (output / "drafts").exists():
        yield Problem("drafts", 1, "draft", "the output has a folder of drafts.", "Remove it.")
    today = dt.datetime.now(dt.UTC).date().isoformat()
    for source in sorted((*content.glob("*/*.md"), *content.glob("quizzes/*.yaml"))):
        text = source.read_text(encoding="utf-8")
        front = _FRONT.match(text)
        facts = text if source.suffix == ".yaml" else front[1] if front else ""
        is_draft = re.search(r"^status:\s*['\"]?draft", facts, re.MULTILINE)
        day = re.search(r"^date:\s*['\"]?(\d{4}-\d\d-\d\d)", facts, re.MULTILINE)
        if not is_draft and not (day and day[1] > today):
            continue
        for place in (output / source.parent.name / source.stem, output / source.stem):
            if (place / "index.html").exists():
                name = f"content/{source.parent.name}/{source.name}"
                yield Problem(
                    name, 1, "draft", "this draft is in the output.", "Build again; a draft must not go out."
                )


def _check_addresses(output: Path, site_url: str | None, problems: Problems) -> None:
    """Every canonical address must be below the address that the target has."""
    home = _canonical(output / "index.html")
    expected = (site_url or home or "").rstrip("/")
    if (urlsplit(expected).hostname or "").endswith(".example"):
        message = f"the site is built for {shown(expected)}, which only stands in for an address."
        problems.warn(
            "publish.toml", 1, "site-url", message, "Write the site_url of this target into publish.toml."
        )
    wrong: list[tuple[str, str]] = []
    for path in sorted(output.rglob("*.html")):
        url = _canonical(path)
        if url and not f"{url}/".startswith(f"{expected}/"):
            wrong.append((path.relative_to(output).as_posix(), url))
    for name, url in wrong[:3]:
        cure = f"Build for this target: SITE_URL={expected}."
        problems.add(name, 1, "site-url", f"the page says its address is {shown(url)}.", cure)


def main_countries() -> list[str]:
    """Return the countries whose readers must find a help line: MAIN_COUNTRIES of the settings."""
    return [str(code) for code in site_settings()["MAIN_COUNTRIES"]]


def _check_help(output: Path, countries: Iterable[str], problems: Problems) -> None:
    """The page that has all help lines shows one for each of ``countries``, or for a part of it."""
    pages = [
        path.read_text(encoding="utf-8", errors="replace") for path in sorted(output.rglob("index.html"))
    ]
    shown = {region for text in pages if _ALL_LINES.search(text) for region in _LINE_FOR.findall(text)}
    for code in countries:
        if not any(region.split("-")[0] == code for region in shown):
            message = f"the output shows no help line for {code}, a main country of the site."
            problems.add(
                "content/data/helplines.yaml", 1, "help", message, "Put its lines back, and build again."
            )


def _canonical(path: Path) -> str | None:
    """Return the address that a page states, or None."""
    if path.is_symlink() or not path.is_file():
        return None
    found = _CANONICAL.search(path.read_text(encoding="utf-8", errors="replace"))
    return found[1] if found else None


def check_plan(plan: Plan, *, allow_shrink: bool) -> Problems:
    """Judge what a deploy would do to the live site."""
    problems = Problems()
    if not plan.new.clean:
        what = "files are not committed" if plan.new.commit else "there is no git commit"
        problems.warn(
            "release.json",
            1,
            "uncommitted",
            f"{what}, so nobody can build this release again.",
            "Commit first.",
        )
    if plan.live is None or allow_shrink:
        return problems
    live, new = plan.live, plan.new
    for what, before, after in (
        ("files", len(live.files), len(new.files)),
        ("bytes", live.size, new.size),
        ("pages", _pages(live.files), _pages(new.files)),
    ):
        if before and after < before * (1 - SHRINK_LIMIT):
            percent = round(100 * (before - after) / before)
            message = f"the site would shrink by {percent} % ({before} to {after} {what})."
            cure = "If that is meant, add --allow-shrink."
            problems.add("release.json", 1, "shrink", message, cure)
            break
    return problems


def _pages(files: Iterable[str]) -> int:
    return sum(path.endswith(".html") for path in files)

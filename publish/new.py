"""``./publish.sh new KIND SLUG``: a file with every key in place."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path

from plugins.common_thread.kind import AnyKind
from plugins.library.loader import SLUG
from plugins.problems import did_you_mean
from publish.site_settings import site_kinds

ROOT = Path(__file__).resolve().parent.parent

SUMMARY = "One or two sentences, 60 to 155 characters, that say what the reader will find here."


def skeleton(kind: AnyKind, slug: str, today: dt.date) -> str:
    """Return the text of a new entry, as a draft."""
    date = f"date: {today}\n" if kind.dated else ""
    title = slug.replace("-", " ").capitalize()
    front = f"title: {title}\nsummary: {SUMMARY}\nstatus: draft\n{date}reviewed: {today}\n{kind.keys}"
    body = "\n\n".join(f"## {heading}\n\nText." for heading in kind.headings) or "Text."
    return f"---\n{front}---\n\n{body}\n"


def run_new(options: argparse.Namespace) -> int:
    """Write the file, unless the kind or slug won't do or the slug is taken."""
    kinds = {kind.name: kind for kind in site_kinds().values() if kind.suffix == ".md"}
    if options.kind not in kinds:
        print(f"There is no kind '{options.kind}'. {did_you_mean(options.kind, kinds)}", file=sys.stderr)
        return 2
    if not SLUG.match(options.slug):
        print(f"'{options.slug}' is no slug: use lowercase words joined by hyphens.", file=sys.stderr)
        return 2
    taken = list((ROOT / "content").rglob(f"{options.slug}.*"))
    if taken:
        print(f"The slug '{options.slug}' is taken by {taken[0].relative_to(ROOT)}.", file=sys.stderr)
        return 1
    kind = kinds[options.kind]
    path = ROOT / "content" / kind.folder / f"{options.slug}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(skeleton(kind, options.slug, dt.datetime.now(dt.timezone.utc).date()), encoding="utf-8")
    print(f"{path.relative_to(ROOT)} is there, as a draft. See docs/editing.md.")
    return 0

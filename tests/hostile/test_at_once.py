"""All faults of one run are told in one run, each once, and nothing that only follows from another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plugins.problems import LibraryError
from publish.build import run_pelican

FAULTS = {
    "benefits/intimacy.md": (r"\A---\n", "Hello\n", "front matter"),
    "benefits/mutual-respect.md": (r"^title: .*", "title: [", "not YAML"),
    "benefits/more-empathy.md": (r"^summary: .*", "summary: Short.", "6 characters"),
    "benefits/support.md": (r"^title: .*", 'title: "Turn \\\\u202e around"', "U+202E"),
    "data/coverage.yaml": (r"relation: is strengthened by", "relation: is strenghtened by", "no relation"),
    "data/evidence.yaml": (r"\Z", "- {id: nobody-2020, cite: 'Nobody, A. (2020). On nothing.', "
                           "claim: Nothing was found in it., limits: All of it., verified: nobody, "
                           "read: full}\n", "no page cites"),
    "data/share.yaml": (r"subject=\{title\}", "subject={titel}", "'{titel}'"),
    "faq/are-love-languages-real.md": (r"^topic: .*", "topic: love", "'love'"),
    "faq/arguing-a-lot.md": (r"^strategies: .*", "strategies: [argue]", "'argue'"),
    "faq/at-work.md": (r"\Z", "\nSee [[the-six-signs#tust]].\n", "no heading 'tust'"),
    "faq/can-it-grow.md": (r"\Z", "\nbold<br>\n", "raw HTML"),
    "guides/phones-and-closeness.md": (r"^faq: .*", "faq: [technologie]", "'technologie'"),
    "guides/the-six-signs.md": (r"\Z", "\nSee [[trust-me]].\n", "'trust-me'"),
    "images/pot.svg": (r"", "<svg/>", "no page shows"),
    "obstacles/digital-distraction.md": (r"^first_step: .*", "first_step: Stop # now", "cut off"),
    "obstacles/role-dynamics.md": (r"^## A first step$", "## First", "is missing"),
    "obstacles/shaken-trust.md": (r"\Z", "\n![A cup](/images/cup.svg)\n", "no picture"),
    "pages/about.md": (r"\Z", "\n[x](javascript:alert(1))\n", "javascript"),
    "pages/privacy.md": (r"^reviewed: .*", "reviewed: 2999-01-01", "to come"),
    "quizzes/how-well-do-you-listen.yaml": (r"below: 45", "below: 50", "overlap"),
    "signs/warmth-and-appreciation.md": (r"^obstacles: .*", "obstacles: [cold]", "'cold'"),
    "strategies/be-fully-present.md": (r"^minutes: .*", "minutes: ten", "'ten'"),
    "strategies/build-small-rituals.md": (r"^time: .*", "time: '  '", "is empty"),
    "strategies/celebrate-good-news.md": (r"^fits: .*", "fits: [boss]", "'boss'"),
    "strategies/check-in-regularly.md": (r"^title:", "tite: x\ntitle:", "'tite'"),
    "strategies/notes.txt": (r"", "notes", "'notes.txt'"),
    "strategies/repair-after-conflict.md": (r"\Z", "\nSo it is. [@zzyzx-1999]\n", "'zzyzx-1999'"),
    "strategies/show-appreciation.md": (r"^related: .*", "related: [show-appreciation]", "itself"),
    "stratgies/x.md": (r"", "x", "Did you mean 'strategies'"),
}  # fmt: skip
"""What is spoilt: file, what to look for, what to put there, and what is said."""


def spoil_all(content: Path) -> None:
    """Break everything at once."""
    for name, (old, new, _) in FAULTS.items():
        path = content / name
        path.parent.mkdir(exist_ok=True)
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        changed = re.sub(old, new.replace("\\\\", r"\\"), text, count=1, flags=re.M)
        assert changed != text, f"{name} holds nothing like {old}"
        path.write_text(changed, encoding="utf-8")


def test_as_many_problems_as_faults(content: Path, tmp_path: Path) -> None:
    """29 faults of 29 kinds in 29 files are 29 problems, each in its file, sorted by place."""
    spoil_all(content)
    with pytest.raises(LibraryError) as failure:
        run_pelican(tmp_path / "output", PATH=str(content))
    found = [(problem.path.removeprefix("content/"), str(problem)) for problem in failure.value.problems]
    assert [path for path, _ in found] == sorted(FAULTS), [text for _, text in found]
    assert [text for path, text in found if FAULTS[path][2] not in text] == []

"""Makes a large library out of ours, to measure builds with: ``python docs/bench/grow.py 1000 /tmp/large``.

Half of the new entries are strategies, a fifth obstacles, the rest questions.  Each has the
text of one of ours under a title of its own, and is joined to others as ours are: three or
four obstacles with reasons, neighbours, and three to six links in the text.  The same number
always gives the same files.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
from pathlib import Path

CONTENT = Path(__file__).resolve().parents[2] / "content"
SHARES = {"strategies": 0.5, "obstacles": 0.2, "faq": 0.3}
LISTS = re.compile(r"^(addresses|related|obstacles|strategies):.*\n((?: .*|- .*)\n)*", re.M)


def grow(number: int, folder: Path) -> None:
    """Write a copy of our content with ``number`` more entries to ``folder``, which may not be there yet."""
    shutil.copytree(CONTENT, folder)
    chance = random.Random(number)  # noqa: S311 — nothing secret: the same number, the same library
    slugs = {kind: [f"{kind}-{at}" for at in range(round(number * share))] for kind, share in SHARES.items()}
    models = {
        kind: [path for path in sorted((CONTENT / kind).glob("*.md")) if is_plain(path)] for kind in SHARES
    }
    for kind, names in slugs.items():
        for at, slug in enumerate(names):
            text = models[kind][at % len(models[kind])].read_text(encoding="utf-8")
            (folder / kind / f"{slug}.md").write_text(varied(text, kind, at, slugs, chance), encoding="utf-8")


def is_plain(path: Path) -> bool:
    """Tell whether an entry is one of many: none about safety, and none held back."""
    front = path.read_text(encoding="utf-8").split("\n---\n", 1)[0]
    return not re.search(r"^(safety|status|tab_title|date):", front, re.M)


def varied(text: str, kind: str, at: int, slugs: dict[str, list[str]], chance: random.Random) -> str:
    """Return an entry as another one: its own title, summary, relations and links."""
    front, body = text.split("\n---\n", 1)
    front = LISTS.sub("", front + "\n")
    front = re.sub(r"^title: .*$", f"title: Number {at} of {kind}", front, flags=re.M)
    summary = f"summary: What number {at} of {kind} says to those who ask for it, in one line."
    front = re.sub(r"^summary: .*$", summary, front, flags=re.M)
    obstacles = [slugs["obstacles"][(at * step + step) % len(slugs["obstacles"])] for step in (1, 3, 7)]
    others = chance.sample(slugs["strategies"], 3)
    if kind == "strategies":
        front += "addresses:\n"
        for slug in dict.fromkeys(obstacles):
            front += (
                f"  - obstacle: {slug}\n    because: It gives both of you something to do about {slug}.\n"
            )
        mine = f"strategies-{at}"
        front += f"related: [{', '.join(slug for slug in others if slug != mine)}]\n"
    elif kind == "faq":
        front += f"strategies: [{', '.join(others)}]\n"
    pool = slugs[chance.choice(tuple(slugs))]
    names = chance.sample(pool, min(len(pool), chance.randint(3, 6)))
    mentions = " ".join(f"See also [[{name}]] for more of that." for name in names if name != f"{kind}-{at}")
    first, rest = body.rstrip("\n").rsplit("\n\n", 1)
    return f"{front}---\n{first}\n\n{mentions}\n\n{rest}\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("number", type=int, help="how many entries to add")
    parser.add_argument("folder", type=Path, help="where to write the content folder")
    options = parser.parse_args()
    grow(options.number, options.folder)
    print(f"{options.number} entries more in {options.folder}")

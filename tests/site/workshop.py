"""A small project that is edited at random, and what is kept of it from one build to the next."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pelican.settings import read_settings
from PIL import Image

from plugins.common_thread.site import Site, finished, make_site, rendered, rendered_beside
from plugins.library.natures import Former, Held, Natures, files_below
from plugins.library.writing import write
from plugins.problems import LibraryError, Problems
from tests.conftest import ROOT

WORDS = ("apple", "bramble", "cherry", "damson", "elder", "fennel")
OBSTACLES = ("noise", "hurry", "cold")
LIBRARY, MORE = ROOT / "tests" / "hostile" / "library", ROOT / "tests" / "site" / "more"
"""A small library, and an entry of each kind that it has none of."""
COPIES = {
    "obstacles/noise": ("obstacles/hurry", "obstacles/cold"),
    "strategies/ask-once": ("strategies/walk-slow", "strategies/sit-down"),
    "strategies/listen-well": ("strategies/hum-along",),
    "benefits/ease": ("benefits/sleep",),
    "faq/when-to-get-help": ("faq/how-to-begin",),
}
"""Entries that nobody names, beside those of the library: they can be taken out, and the rest holds."""
Outcome = dict[str, bytes] | str


@dataclass
class Workshop:
    """The project in ``folder``: content, theme and settings, which ``begin`` puts back as they were.

    What is kept of one sequence of edits stays for the next.
    """

    folder: Path
    chance: random.Random = field(default_factory=random.Random)
    settings: dict[str, Any] = field(default_factory=dict)
    touched: list[str] = field(default_factory=list)
    """Names of the files that the last edit wrote."""
    _natures: Natures = field(default_factory=Natures)
    _spoilt: dict[Path, bytes] = field(default_factory=dict)

    @property
    def content(self) -> Path:
        """Return where the entries lie."""
        return self.folder / "content"

    @property
    def theme(self) -> Path:
        """Return where templates and style sheets lie."""
        return self.folder / "theme"

    def begin(self) -> None:
        """Put everything back as it was, but not what is kept of it."""
        self.settings.clear()
        shutil.rmtree(self.content, ignore_errors=True)
        shutil.copytree(LIBRARY, self.content)
        if not self.theme.exists():
            shutil.copytree(ROOT / "theme", self.theme)
        for path, raw in self._spoilt.items():
            path.write_bytes(raw)
        self._spoilt.clear()
        shutil.copytree(MORE, self.content, dirs_exist_ok=True)
        for old, names in COPIES.items():
            for name in names:
                self.copy(self.content / f"{old}.md", self.content / f"{name}.md", name.replace("/", " "))

    # Builds -------------------------------------------------------------------

    def build(self) -> Outcome:
        """Return the site as it stands in its folder, built with what is kept; or else its problems."""
        return self._built("kept", self._taken_over)

    def build_from_nothing(self) -> Outcome:
        """Return all files of the site but those made of the written ones, or else its problems."""
        shutil.rmtree(self.folder / "fresh", ignore_errors=True)
        return self._built("fresh", _made)

    def _built(self, kept: str, write_out: Callable[[Site], Outcome]) -> Outcome:
        override = {
            "MAIN_COUNTRIES": ["GB"],
            "PATH": str(self.content),
            "THEME": str(self.theme),
            "KEPT_IN": str(self.folder / kept),
            **self.settings,
        }
        try:
            return write_out(make_site(read_settings(str(ROOT / "pelican.conf.py"), override), Problems()))
        except LibraryError as error:
            return str(error).replace(str(self.folder), "")

    def _taken_over(self, site: Site) -> Outcome:
        """Write the site beside the last one, let it come in its place, and read what stands there."""
        old, new, known = self.folder / "site", self.folder / "next", self._natures
        former = Former(old, known)
        write(new, rendered_beside(site, former), finished(site, former), former=former)
        files = {name: Path(path).read_bytes() for name, path in files_below(new) if known.of(path)}
        shutil.rmtree(old, ignore_errors=True)
        new.rename(old)
        known.settle(old, str(self.theme / "templates" / "base.html"))
        return files

    # What edits are made of ---------------------------------------------------

    def word(self) -> str:
        """Return some words that stand nowhere else."""
        return f"{self.chance.choice(WORDS)} {self.chance.randrange(10_000)}"

    def entry(self, kinds: str = "*") -> Path:
        """Return some entry, or some of these kinds."""
        return self.chance.choice(sorted(self.content.glob(f"{kinds}/*.md")))

    def unnamed(self) -> Path:
        """Return some entry that no other file names, if there is one."""
        texts = {path: path.read_text("utf-8") for path in self._texts()}
        free = [
            path
            for path in sorted(self.content.glob("*/*.md"))
            if path.parent.name != "pages"
            and not any(_names(path.stem, text) for other, text in texts.items() if other != path)
        ]
        return self.chance.choice(free) if free else self.entry()

    def _texts(self) -> list[Path]:
        return [path for path in sorted(self.content.rglob("*")) if path.suffix in (".md", ".yaml")]

    def put(self, path: Path, text: str) -> None:
        """Write a file."""
        self.touched.append(path.relative_to(self.folder).as_posix())
        if path.is_relative_to(self.theme):
            self._spoilt.setdefault(path, path.read_bytes())
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def swap(self, path: Path, pattern: str, words: str) -> None:
        """Replace what ``pattern`` finds first, if there is such a thing."""
        self.put(path, re.sub(pattern, lambda _: words, path.read_text("utf-8"), count=1, flags=re.M))

    def append(self, path: Path, words: str) -> None:
        """Write words at the end of a file."""
        self.put(path, f"{path.read_text('utf-8')}\n{words}\n")

    def copy(self, old: Path, new: Path, words: str) -> None:
        """Copy an entry, with a title and a summary of its own."""
        shutil.copy(old, new)
        self.swap(new, r"^title: .*$", f"title: About {words}")
        self.swap(new, r"^summary: .*$", f"summary: {_summary(words)}")

    # Edits --------------------------------------------------------------------

    def retitle(self) -> None:
        """Give an entry another title."""
        self.swap(self.entry(), r"^title: .*$", f"title: About {self.word()}")

    def rewrite(self) -> None:
        """Add a paragraph, with a link."""
        to = self.entry("[b-o]*").stem
        self.append(self.entry(), f"One more thing on {self.word()}, as in [[{to}]].")

    def describe(self) -> None:
        """Change a summary, which stands on many pages."""
        self.swap(self.entry(), r"^summary: .*$", f"summary: {_summary(self.word())}")

    def because(self) -> None:
        """Change the reason for a relation."""
        self.swap(self.entry("strategies"), r"because: .*$", f"because: It helps with {self.word()}.")

    def relate(self) -> None:
        """Relate a strategy to one more obstacle."""
        path = self.entry("strategies")
        others = [name for name in OBSTACLES if f"obstacle: {name}\n" not in path.read_text("utf-8")]
        if others:
            relation = f"  - obstacle: {self.chance.choice(others)}\n    because: It may be {self.word()}."
            self.swap(path, r"^addresses:$", f"addresses:\n{relation}")

    def redirect_relation(self) -> None:
        """Relate a strategy to another obstacle instead."""
        self.swap(
            self.entry("strategies"), r"obstacle: [a-z-]+", f"obstacle: {self.chance.choice(OBSTACLES)}"
        )

    def recommend(self) -> None:
        """Relate two strategies, or stop doing so."""
        path = self.entry("strategies")
        to = self.entry("strategies").stem
        line = f"related: [{to}]" if to != path.stem else "benefits: [ease]"
        text = re.sub(r"^(related|benefits): .*\n", "", path.read_text("utf-8"), flags=re.M)
        self.put(path, text.replace("strengthens:", f"{line}\nstrengthens:", 1))

    def rename(self) -> None:
        """Rename an entry, and what names it."""
        old = self.entry("[b-o]*" if self.chance.randrange(2) else "strategies")
        new = old.with_stem(f"{old.stem}-{self.chance.randrange(100)}")
        old.rename(new)
        for path in self._texts():
            if _names(old.stem, path.read_text("utf-8")):
                self.put(path, re.sub(_called(old.stem), new.stem, path.read_text("utf-8")))
        voices = self.content / "voices" / f"{old.stem}.yaml"
        if voices.exists():
            voices.rename(voices.with_stem(new.stem))

    def delete(self) -> None:
        """Remove an entry that nobody names."""
        path = self.unnamed()
        self.touched.append(path.relative_to(self.folder).as_posix())
        path.unlink()

    def lose(self) -> None:
        """Remove an entry, whoever names it."""
        path = self.entry()
        self.touched.append(path.relative_to(self.folder).as_posix())
        path.unlink()

    def add(self) -> None:
        """Copy an entry under another name and title."""
        old = self.entry("[b-o]*" if self.chance.randrange(2) else "strategies")
        self.copy(old, old.with_stem(f"one-more-{self.chance.randrange(100)}"), self.word())

    def hold_back(self) -> None:
        """Make an entry a draft that nobody names."""
        self.swap(self.unnamed(), r"^title:", "status: draft\ntitle:")

    def cite(self) -> None:
        """Cite a source once more."""
        self.append(self.entry("strategies"), f"They found {self.word()} too. [@someone-2020]")

    def evidence(self) -> None:
        """Change what a source says."""
        key, words = self.chance.choice((
            ("claim", "People found {}."), ("limits", "It left out {}."),
            ("cite", "Someone, A. (2020). A study of {}. A Journal, 1(1), 1-2."),
        ))  # fmt: skip
        line = f"{key}: {words.format(self.word())}"
        self.swap(self.content / "data" / "evidence.yaml", rf"{key}: .*$", line)

    def quiz(self) -> None:
        """Change an item, a band or the words before a quiz."""
        key = self.chance.choice(("title: Low", "text: It is low.", "text: I cut them off.", "intro: Think"))
        path = next(self.content.glob("quizzes/*.yaml"))
        self.swap(path, re.escape(key), f"{key.split(':')[0]}: What {self.word()} was")

    def help(self) -> None:
        """Change who helps."""
        self.swap(
            self.content / "data" / "helplines.yaml", r"name: (Somebody|The .*)$", f"name: The {self.word()}"
        )

    def comment(self) -> None:
        """Let one more reader say something."""
        path = next(self.content.glob("voices/*.yaml"))
        text = f"- id: v{self.chance.randrange(10_000)}\n  date: 2026-11-03\n  text: [We had {self.word()}.]"
        self.put(path, f"{path.read_text('utf-8')}{text}\n")

    def reads(self) -> None:
        """Count what was read, and how often."""
        names = sorted(path.stem for path in self.content.glob("[os]*/*.md"))
        counted = ((name, self.chance.randrange(2, 90) * 10) for name in names)
        rows = (f"- {{month: 2026-10, slug: {name}, reads: {number}}}\n" for name, number in counted)
        self.put(self.content / "data" / "popular.yaml", "".join(rows))

    def stretch(self) -> None:
        """Give a picture another size."""
        box = f'viewBox="0 0 {self.chance.randrange(50, 99)} 90"'
        self.swap(self.content / "images" / "cup.svg", r'viewBox="[^"]*"', box)

    def picture(self) -> None:
        """Paint a picture anew."""
        path = self.content / "images" / "tea.png"
        self.touched.append("content/images/tea.png")
        Image.new("RGB", (64, 48), tuple(self.chance.randrange(256) for _ in range(3))).save(path)

    def template(self) -> None:
        """Put a word into some template."""
        self._mark("*.html")

    def macro(self) -> None:
        """Put a word into some component."""
        self._mark("components/*.html")

    def _mark(self, names: str) -> None:
        marks = [
            path
            for path in sorted((self.theme / "templates").rglob(names))
            if "</a>" in path.read_text("utf-8")
        ]
        self.swap(self.chance.choice(marks), "</a>", f" {self.word()}</a>")

    def style(self) -> None:
        """Change the measure of the page."""
        sheet = self.theme / "static" / "css" / self.chance.choice(("base.css", "prose.css", "map.css"))
        self.append(sheet, f"@layer base {{ main {{ orphans: {self.chance.randrange(2, 99)}; }} }}")

    def script(self) -> None:
        """Change a script."""
        self.append(self.theme / "static" / "js" / "quote-link.js", f"globalThis.word = '{self.word()}';")

    def drawing(self) -> None:
        """Shift the drawing of a kind."""
        drawing = self.theme / "static" / "img" / "illustrations" / "strategy.svg"
        self.swap(drawing, r"\bM ?\d+", f"M{self.chance.randrange(10, 99)}")

    def exit(self) -> None:
        """Let the quick exit lead elsewhere."""
        self.settings["EXIT_URL"] = f"https://b{self.chance.randrange(100)}.example/weather"

    def rename_site(self) -> None:
        """Change the name of the site, or the line under it."""
        name = self.chance.choice(("SITENAME", "SITESUBTITLE"))
        self.settings[name] = f"Thread {self.chance.randrange(100)}"

    def move_site(self) -> None:
        """Let the site lie elsewhere."""
        self.settings["SITEURL"] = self.chance.choice(("https://a.example/base", "https://b.example"))


def _made(site: Site) -> Outcome:
    """Return all files of a site as they are made."""
    files: list[tuple[str, str | bytes | Held]] = [*rendered(site), *finished(site)]
    whole = ((name, content.make() if isinstance(content, Held) else content) for name, content in files)
    return {name: content.encode() if isinstance(content, str) else content for name, content in whole}


def _summary(words: str) -> str:
    return f"What there is to say about {words}, told in a line that is as long as a summary ought to be."


def _called(slug: str) -> str:
    return rf"(?<![\w-]){re.escape(slug)}(?![\w-])"


def _names(slug: str, text: str) -> bool:
    return re.search(_called(slug), text) is not None


Edit = Callable[[Workshop], None]
EDITS: tuple[Edit, ...] = (
    Workshop.retitle, Workshop.rewrite, Workshop.describe, Workshop.because, Workshop.relate,
    Workshop.redirect_relation, Workshop.recommend, Workshop.rename, Workshop.delete, Workshop.lose,
    Workshop.add, Workshop.hold_back, Workshop.cite, Workshop.evidence, Workshop.quiz, Workshop.help,
    Workshop.comment, Workshop.reads, Workshop.stretch, Workshop.picture, Workshop.template,
    Workshop.macro, Workshop.style, Workshop.script, Workshop.drawing, Workshop.exit,
    Workshop.rename_site, Workshop.move_site,
)  # fmt: skip

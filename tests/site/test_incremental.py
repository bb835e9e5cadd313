"""What is kept makes builds fast and never wrong: after any edit a build is one from nothing, to the byte."""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
import pytest
from pelican.settings import read_settings
from PIL import Image

from plugins.common_thread.site import Site, finished, make_site, rendered, rendered_beside
from plugins.library import documents, natures, pages, rendering
from plugins.library.asked import Answers
from plugins.library.natures import Former, Held, Natures, files_below
from plugins.library.pages import Frame
from plugins.library.store import content_key
from plugins.library.writing import write
from plugins.problems import LibraryError, Problems
from tests.conftest import ROOT

ROUNDS = range(1, 1 + int(os.environ.get("EDIT_ROUNDS", "1")))
"""Seeds; the first alone has every kind of edit."""
SEQUENCES = 20
"""Sequences a round, each compared with a build from nothing at its end; ``EDIT_ROUNDS=10`` makes 200."""
WORDS = ("apple", "bramble", "cherry", "damson", "elder", "fennel")
Outcome = dict[str, bytes] | str


def made(site: Site) -> dict[str, bytes]:
    """Return all files of a site as they are made."""
    files: list[tuple[str, str | bytes | Held]] = [*rendered(site), *finished(site)]
    whole = ((name, content.make() if isinstance(content, Held) else content) for name, content in files)
    return {name: content.encode() if isinstance(content, str) else content for name, content in whole}


@dataclass
class Workshop:
    """A small project that is edited at random: content, theme, settings, and what is kept of it."""

    folder: Path
    chance: random.Random
    settings: dict[str, Any] = field(default_factory=dict)
    natures: Natures = field(default_factory=Natures)

    def __post_init__(self) -> None:
        shutil.copytree(ROOT / "tests" / "hostile" / "library", self.content)
        shutil.copytree(ROOT / "theme", self.folder / "theme")

    @property
    def content(self) -> Path:
        """Return where the entries lie."""
        return self.folder / "content"

    def build(self, kept: str) -> Outcome:
        """Return all files of the site but those made of the written ones, or else its problems."""
        pictures = self.folder / "pictures"
        pictures.mkdir(exist_ok=True)
        (self.folder / kept).mkdir(exist_ok=True)
        for part in (
            "cards",
            "fonts",
            "qr",
            "pictures",
        ):  # kept by what they show, and tested with what draws them
            link = self.folder / kept / part
            (pictures / part).mkdir(exist_ok=True)
            if not link.exists():
                link.symlink_to(pictures / part)
        places = {
            "PATH": str(self.content),
            "THEME": str(self.folder / "theme"),
            "KEPT_IN": str(self.folder / kept),
        }
        settings = read_settings(
            str(ROOT / "pelican.conf.py"), override={"MAIN_COUNTRIES": ["GB"], **places, **self.settings}
        )
        try:
            site = make_site(settings, Problems())
            return self.taken_over(site) if kept == "kept" else made(site)
        except LibraryError as error:
            return str(error).replace(str(self.folder), "")

    def taken_over(self, site: Site) -> dict[str, bytes]:
        """Return what stands in the folder of the site, once it has come in the place of the last one."""
        old, new, known = self.folder / "site", self.folder / "next", self.natures
        former = Former(old, known)
        write(new, rendered_beside(site, former), finished(site), former=former)
        files = {name: Path(path).read_bytes() for name, path in files_below(new) if known.of(path)}
        shutil.rmtree(old, ignore_errors=True)
        new.rename(old)
        known.settle(old, str(self.folder / "theme" / "templates" / "base.html"))
        return files

    def compare(self) -> None:
        """Hold what was kept on the way against a build from nothing."""
        kept = self.build("kept")
        shutil.rmtree(self.folder / "fresh", ignore_errors=True)
        fresh = self.build("fresh")
        if isinstance(kept, str) or isinstance(fresh, str):
            assert kept == fresh
            return
        assert kept.keys() == fresh.keys()
        assert [name for name, content in kept.items() if content != fresh[name]] == []

    # Edits --------------------------------------------------------------------

    def word(self) -> str:
        """Return some words that stand nowhere else."""
        return f"{self.chance.choice(WORDS)} {self.chance.randrange(10_000)}"

    def summary(self) -> str:
        """Return a summary that is long enough, and stands nowhere else."""
        return f"summary: What there is to say about {self.word()}, in short, to all those who come and ask."

    def entry(self) -> Path:
        """Return some entry."""
        return self.chance.choice(sorted(self.content.glob("*/*.md")))

    def swap(self, path: Path, pattern: str, words: str) -> None:
        """Replace what ``pattern`` finds first, if there is such a thing."""
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(pattern, lambda _: words, text, count=1, flags=re.M), encoding="utf-8")

    def retitle(self) -> None:
        """Give an entry another title."""
        self.swap(self.entry(), r"^title: .*$", f"title: About {self.word()}")

    def rewrite(self) -> None:
        """Add a paragraph, with a link."""
        with self.entry().open("a", encoding="utf-8") as file:
            file.write(f"\nOne more thing on {self.word()}, as in [[{self.entry().stem}]].\n")

    def describe(self) -> None:
        """Change a summary, which stands on many pages."""
        self.swap(self.entry(), r"^summary: .*$", self.summary())

    def because(self) -> None:
        """Change the reason for a relation."""
        self.swap(self.entry(), r"because: .*$", f"because: It helps with {self.word()}.")

    def relate(self) -> None:
        """Relate a strategy to another obstacle, or drop a relation."""
        path = self.chance.choice(sorted(self.content.glob("strategies/*.md")))
        self.swap(path, r"obstacle: [a-z-]+", f"obstacle: {self.chance.choice(('noise', 'hurry'))}")

    def rename(self) -> None:
        """Rename an entry, and what names it."""
        old = self.entry()
        new = old.with_stem(f"{old.stem}-{self.chance.randrange(100)}")
        old.rename(new)
        for path in [path for path in self.content.rglob("*") if path.suffix in (".md", ".yaml")]:
            text = path.read_text(encoding="utf-8")
            path.write_text(re.sub(rf"\b{old.stem}\b", new.stem, text), encoding="utf-8")

    def delete(self) -> None:
        """Remove an entry, whoever names it."""
        self.entry().unlink()

    def add(self) -> None:
        """Copy an entry under another name and title."""
        old = self.entry()
        new = old.with_stem(f"hurry-{self.chance.randrange(100)}")
        shutil.copy(old, new)
        self.swap(new, r"^title: .*$", f"title: About {self.word()}")
        self.swap(new, r"^summary: .*$", self.summary())

    def hold_back(self) -> None:
        """Make an entry a draft."""
        self.swap(self.entry(), r"^title:", "status: draft\ntitle:")

    def evidence(self) -> None:
        """Change the title of a source."""
        cite = f"cite: Someone, A. (2020). A study of {self.word()}. A Journal, 1(1), 1-2."
        self.swap(self.content / "data" / "evidence.yaml", r"cite: .*$", cite)

    def picture(self) -> None:
        """Paint a picture anew."""
        colour = tuple(self.chance.randrange(256) for _ in range(3))
        Image.new("RGB", (64, 48), colour).save(self.content / "images" / "tea.png")

    def template(self) -> None:
        """Put a word into some template or macro."""
        marks = [
            path
            for path in sorted((self.folder / "theme" / "templates").rglob("*.html"))
            if "</a>" in path.read_text("utf-8")
        ]
        self.swap(self.chance.choice(marks), "</a>", f" {self.word()}</a>")

    def style(self) -> None:
        """Change the measure of the page."""
        with (self.folder / "theme" / "static" / "css" / "base.css").open("a", encoding="utf-8") as file:
            file.write(f"\n@layer base {{ main {{ orphans: {self.chance.randrange(2, 9)}; }} }}\n")

    def drawing(self) -> None:
        """Shift the drawing of a kind."""
        self.swap(
            self.folder / "theme" / "static" / "img" / "illustrations" / "strategy.svg",
            r"\bM ?\d+",
            f"M{self.chance.randrange(10, 40)}",
        )

    def help_line(self) -> None:
        """Give those who help another name."""
        self.swap(self.content / "data" / "helplines.yaml", r"name: Some.*$", f"name: Somebody {self.word()}")

    def question(self) -> None:
        """Word a line of a quiz anew."""
        quiz = self.content / "quizzes" / "signs-of-connection.yaml"
        self.swap(quiz, r"text: I heard .*$", f"text: I heard them out on {self.word()}.")

    def voice(self) -> None:
        """Let a reader say something."""
        said = (
            f"- id: one\n  date: 2026-11-01\n  text: ['We tried it with {self.word()}, and it went well.']\n"
        )
        (self.content / "voices").mkdir(exist_ok=True)
        (self.content / "voices" / "listen-well.yaml").write_text(said, encoding="utf-8")

    def reads(self) -> None:
        """Count what was read, and how often."""
        read = [
            one for kind in ("strategies", "obstacles", "signs") for one in self.content.glob(f"{kind}/*")
        ]
        rows = [
            f"- {{month: 2026-10, slug: {one.stem}, reads: {self.chance.randrange(2, 90)}0}}\n"
            for one in sorted(read)
        ]
        (self.content / "data" / "popular.yaml").write_text("".join(rows), encoding="utf-8")

    def exit(self) -> None:
        """Let the quick exit lead elsewhere."""
        self.settings["EXIT_URL"] = f"https://b{self.chance.randrange(100)}.example/weather"

    def setting(self) -> None:
        """Change the name, the address or the slogan of the site."""
        name = self.chance.choice(("SITENAME", "SITESUBTITLE", "SITEURL"))
        number = self.chance.randrange(100)
        self.settings[name] = f"https://a{number}.example/base" if name == "SITEURL" else f"Thread {number}"


EDITS: tuple[Callable[[Workshop], None], ...] = (
    Workshop.retitle, Workshop.rewrite, Workshop.describe, Workshop.because, Workshop.relate, Workshop.rename,
    Workshop.delete, Workshop.add, Workshop.hold_back, Workshop.evidence, Workshop.picture, Workshop.template,
    Workshop.style, Workshop.drawing, Workshop.setting, Workshop.exit, Workshop.help_line, Workshop.question,
    Workshop.voice, Workshop.reads,
)  # fmt: skip
GENTLE = tuple(edit for edit in EDITS if edit not in (Workshop.rename, Workshop.delete, Workshop.hold_back))


def drawn(chance: random.Random, number: int) -> list[Callable[[Workshop], None]]:
    """Return the edits of a sequence: one whose turn it is, and any; few of those mostly end in problems."""
    return [EDITS[number % len(EDITS)], chance.choice(GENTLE if number % 3 else EDITS)]


@pytest.fixture(autouse=True)
def compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compile equal templates for equal frames once: most of the time would go there."""
    known: dict[object, object] = {}
    compile_template: Any = jinja2.Environment.compile

    def compiled(self: jinja2.Environment, source: str, *names: str | None) -> object:
        key = (source, names, content_key(self.globals.get("frame")))
        if key not in known:
            known[key] = compile_template(self, source, *names)
        return known[key]

    monkeypatch.setattr(jinja2.Environment, "compile", compiled)


@pytest.fixture
def workshops(tmp_path: Path) -> Callable[[int], Workshop]:
    """Return a function that opens the workshop of a seed; what was kept stays from one to the next."""

    def opened(seed: int) -> Workshop:
        for name in ("content", "theme", "site", "next"):
            shutil.rmtree(tmp_path / name, ignore_errors=True)
        return Workshop(tmp_path, random.Random(seed))

    return opened


@pytest.mark.slow
@pytest.mark.parametrize("seed", ROUNDS)
def test_any_edits_end_in_the_same_bytes(workshops: Callable[[int], Workshop], seed: int) -> None:
    """Or in the same problems; a build stands between two edits, so that it could keep something false."""
    for number in range(SEQUENCES):
        workshop = workshops(seed * SEQUENCES + number)
        for edit in drawn(workshop.chance, number):
            workshop.build("kept")
            edit(workshop)
        workshop.compare()


def test_every_kind_of_edit_is_tried() -> None:
    """In as few rounds as there are."""
    sequences = (seed * SEQUENCES + number for seed in ROUNDS for number in range(SEQUENCES))
    assert {edit for at in sequences for edit in drawn(random.Random(at), at % SEQUENCES)} == {*EDITS}


def forget_templates(patch: pytest.MonkeyPatch) -> None:
    """Keep pages without asking what the templates are."""
    patch.setattr(rendering, "sources", lambda templates: [])


def forget_frame(patch: pytest.MonkeyPatch) -> None:
    """Keep pages without asking what stands around them."""
    whole = content_key
    patch.setattr(
        rendering, "content_key", lambda *parts: whole(*(one for one in parts if not isinstance(one, Frame)))
    )


def forget_view(patch: pytest.MonkeyPatch) -> None:
    """Keep pages by their address."""
    patch.setattr(pages, "content_key", lambda page: page.url.encode())


def forget_answers(patch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    """Keep plans without asking whether some of their questions have the same answer as before."""
    whole = Answers._answer
    patch.setattr(
        Answers, "_answer", lambda self, word, what: b"" if word in words else whole(self, word, what)
    )


def forget_titles(patch: pytest.MonkeyPatch) -> None:
    """Keep what is made of texts without asking what their links lead to."""
    whole = content_key
    patch.setattr(
        documents, "content_key", lambda *parts: whole(*(one for one in parts if not isinstance(one, list)))
    )


def forget_bytes(patch: pytest.MonkeyPatch) -> None:
    """Take over files without asking what is in them."""
    patch.setattr(natures, "nature", lambda raw: "any")


def retitle_questions(workshop: Workshop) -> None:
    """Give another title to what texts lead to that have not changed themselves."""
    for path in sorted(workshop.content.glob("faq/*.md")):
        workshop.swap(path, r"^title: .*$", f"title: About {workshop.word()}")


def retitle_strategies(workshop: Workshop) -> None:
    """Give another title to what other pages show as links and cards."""
    for path in sorted(workshop.content.glob("strategies/*.md")):
        workshop.swap(path, r"^title: .*$", f"title: About {workshop.word()}")


def add_strategy(workshop: Workshop) -> None:
    """Add one that the pages it is related to have not heard of."""
    old = workshop.content / "strategies" / "ask-once.md"
    new = Path(shutil.copy(old, old.with_stem("ask-twice")))
    workshop.swap(new, r"^title: .*$", f"title: About {workshop.word()}")
    workshop.swap(new, r"^summary: .*$", workshop.summary())


def cite(workshop: Workshop) -> None:
    """Cite a source on one page more."""
    with (workshop.content / "strategies" / "ask-once.md").open("a", encoding="utf-8") as file:
        file.write("\nSomebody has looked. [@someone-2020]\n")


def stretch_picture(workshop: Workshop) -> None:
    """Give a picture another size."""
    workshop.swap(workshop.content / "images" / "cup.svg", r'viewBox="[^"]*"', 'viewBox="0 0 90 90"')


@pytest.mark.parametrize(
    ("forget", "edit"),
    [
        (forget_titles, retitle_questions),
        (forget_templates, Workshop.template),
        (forget_frame, Workshop.exit),
        (forget_view, Workshop.rewrite),
        (forget_bytes, Workshop.rewrite),
        (partial(forget_answers, words=("entry",)), retitle_strategies),
        (partial(forget_answers, words=("text",)), Workshop.picture),
        (partial(forget_answers, words=("links",)), add_strategy),
        (partial(forget_answers, words=("kind",)), add_strategy),
        (partial(forget_answers, words=("study",)), Workshop.evidence),
        (partial(forget_answers, words=("cited", "kind")), cite),
        (partial(forget_answers, words=("quiz", "entry")), Workshop.question),
        (partial(forget_answers, words=("voices",)), Workshop.voice),
        (partial(forget_answers, words=("popular", "reads")), Workshop.reads),
        (partial(forget_answers, words=("picture",)), stretch_picture),
    ],
)
def test_a_forgotten_dependency_is_found(
    workshops: Callable[[int], Workshop],
    monkeypatch: pytest.MonkeyPatch,
    forget: Callable[[pytest.MonkeyPatch], None],
    edit: Callable[[Workshop], None],
) -> None:
    """The comparison sees what would go wrong if a page were kept for less than it is made from."""
    forget(monkeypatch)
    workshop = workshops(1)
    workshop.build("kept")
    edit(workshop)
    with pytest.raises(AssertionError):
        workshop.compare()

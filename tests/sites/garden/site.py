"""A second site on the general plugins: plants, pests and remedies, with a quiz, on the same theme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pelican import signals
from pelican.generators import Generator
from pydantic import Field

from plugins.crosslinks.graph import Graph
from plugins.crosslinks.relations import Relations, RelationType
from plugins.discovery.files import discovery_files
from plugins.library.entries import Declared, Entry, Library
from plugins.library.events import library_loaded
from plugins.library.kinds import Kind, Kinds
from plugins.library.pages import AssetAddress, Frame, Link, Page
from plugins.library.rendering import make_environment, render
from plugins.library.schema import Front
from plugins.offline.worker import write_worker
from plugins.problems import Problems
from plugins.problems.models import Slug, Slugs, Strict
from plugins.quiz.guidance import Group, Roles, Target, Tip
from plugins.quiz.loader import QuizFile, load_quiz, quiz_relations
from plugins.quiz.page import QuizFields, quiz_fields
from plugins.search import index_site
from plugins.sharing.cards import CardMaker
from plugins.sharing.colours import read_palette
from plugins.sharing.heads import Sharing, check_heads
from plugins.sharing.lettering import Lettering
from plugins.sharing.raster import render_png

HERE = Path(__file__).parent


class PlantFront(Front):
    """What grows."""

    suffers_from: Slugs


class Treated(Strict):
    """That a remedy helps against a pest, and why."""

    pest: Slug
    because: Annotated[str, Field(min_length=20)]


class RemedyFront(Front):
    """What to do."""

    first_step: str
    minutes: int
    treats: list[Treated]
    suits: Slugs


KINDS = Kinds(
    [
        Kind("plant", "plants", PlantFront, "Plant", "Plants"),
        Kind("pest", "pests", Front, "Pest", "Pests"),
        Kind("remedy", "remedies", RemedyFront, "Remedy", "Remedies", headings=("How",)),
        Kind("quiz", "quizzes", Front, "Quiz", "Quizzes", suffix=".yaml"),
        Kind("page", "pages", Front, "Page", "Pages", at_root=True, addresses=(("home", "/"),)),
    ]
)
RELATIONS = Relations(
    [
        RelationType("suffers-from", "plant", "pest", "suffers_from", "suffers from", "feeds on"),
        RelationType("treats", "remedy", "pest", "treats", "helps against", "is treated with", item_key="pest"),
        RelationType("suits", "remedy", "plant", "suits", "suits", "is looked after with"),
        RelationType("names", "quiz", "pest", "", "asks about", "is asked about in"),
    ]
)
ROLES = Roles(measured="plant", in_the_way="pest", to_try="remedy", refuge="page")


@dataclass(frozen=True)
class Reason:
    """A link with its reason."""

    link: Link
    because: str
    id: str = ""


@dataclass(frozen=True)
class Relation:
    """Links under the wording of their relation."""

    label: str
    items: tuple[Reason, ...]


@dataclass(frozen=True)
class View:
    """What a page shows."""

    kind: str
    label: str
    index: Link | None
    title: str
    summary: str
    text: str
    groups: tuple[Relation, ...]
    mentions: tuple[Reason, ...]
    reviewed: dt.date
    first_step: str
    minutes: int
    safety: bool = False
    quiz: QuizFields | None = None
    help: None = None


def link(entry: Entry) -> Link:
    """Return the link to an entry."""
    return Link(entry.kind.name, entry.url, entry.title)


@dataclass(frozen=True)
class Beds:
    """Answers where a quiz leads; ``library`` and ``graph`` are the garden's."""

    library: Library
    graph: Graph

    def target(self, slug: str) -> Target:
        """Return the page of a slug."""
        entry = self.library.entries[slug]
        return Target(entry.url, entry.title, entry.front.summary, "Look closely.")

    def tips(self, slugs: Sequence[str]) -> tuple[Tip, ...]:
        """Return nothing: the garden's quiz has none of its own."""
        return ()

    def route(self, target: str, in_the_way: Sequence[str], to_try: Sequence[str]) -> tuple[Group, ...]:
        """Return nothing: the garden measures nothing."""
        return ()

    def ways_past(self, target: str) -> tuple[Group, ...]:
        """Return the remedies that treat a pest."""
        found = self.graph.incoming(self.library.entries[target], "treats")
        front: Callable[[Entry], Any] = lambda entry: entry.front  # noqa: E731
        tips = (
            Tip(one.source.slug, one.source.url, one.source.title, one.because, f"{front(one.source).minutes} minutes",
                front(one.source).first_step)
            for one in found
        )  # fmt: skip
        return (Group(None, tuple(tips)),)


def load(generator: Any, library: Library, problems: Problems, **_others: Any) -> None:
    """Prove the quizzes, and declare what they name."""
    known = {slug: entry.kind.name for slug, entry in library.entries.items()}
    generator.context["quizzes"] = quizzes = {}
    for entry in library.of_kind("quiz"):
        quiz = load_quiz(QuizFile(entry.slug, entry.title, entry.path, entry.data), known, ROLES, problems)
        if quiz is not None:
            quizzes[entry.slug] = quiz
            library.declared.extend(Declared(name, quiz.slug, target, quiz.path, line)
                                    for name, target, line in quiz_relations(quiz) if name in RELATIONS)  # fmt: skip


def view(entry: Entry, library: Library, graph: Graph, quiz: QuizFields | None) -> View:
    """Return what the page of an entry shows, its relations from both ends."""
    groups = []
    for relation in RELATIONS.values():
        out = tuple(Reason(link(one.target), one.because) for one in graph.outgoing(entry, relation.name))
        into = tuple(Reason(link(one.source), one.because) for one in graph.incoming(entry, relation.name))
        if relation.name != "mentions":
            groups += [Relation(relation.forward.capitalize(), out), Relation(relation.inverse.capitalize(), into)]
    document, front = library.documents.get(entry.slug), entry.front
    index = None if entry.kind.at_root else Link("", entry.kind.index_url, entry.kind.plural)
    return View(
        entry.kind.name, entry.kind.label, index, entry.title, front.summary, document.html if document else "",
        tuple(group for group in groups if group.items),
        tuple(Reason(link(one.source), one.because) for one in graph.backlinks(entry)),
        front.reviewed, getattr(front, "first_step", ""), getattr(front, "minutes", 0), quiz=quiz,
    )  # fmt: skip


class GardenGenerator(Generator):  # type: ignore[misc]
    """Plans, renders and finishes the garden."""

    def pages(self) -> Iterator[Page]:
        """Yield a page for every entry, and one that lists each kind."""
        library, graph = self.context["library"], self.context["graph"]
        for entry in library.pages():
            quiz = self.context["quizzes"].get(entry.slug)
            fields = quiz_fields(quiz, Beds(library, graph)) if quiz else None
            name = entry.kind.name if entry.kind.name in ("remedy", "quiz") else "thing"
            yield Page(url=entry.url, template=name, title=entry.title, description=entry.front.summary,
                       view=view(entry, library, graph, fields), source=entry.path, entry=entry.slug, name=entry.title,
                       label=entry.kind.label, og_type="article", changed=entry.changed, lastmod=entry.changed,
                       quick_exit=bool(fields), drawings=("page",))  # fmt: skip
        for kind in KINDS.values():
            if not kind.at_root:
                reasons = tuple(Reason(link(one), one.front.summary) for one in library.of_kind(kind.name))
                shown = View(kind.name, kind.label, None, kind.plural, f"All {kind.plural.lower()}.", "",
                             (Relation(kind.plural, reasons),), (), dt.date(2026, 11, 20), "", 0)  # fmt: skip
                yield Page(url=kind.index_url, template="thing", title=kind.plural, source="garden",
                           description=f"All {kind.plural.lower()} of this garden.", view=shown,
                           drawings=("page",))  # fmt: skip

    def generate_output(self, _writer: Any) -> None:
        """Write the garden, or raise all problems at once."""
        settings, problems, output = self.settings, self.context["problems"], Path(self.output_path)
        problems.raise_errors()
        static = Path(settings["THEME"], "static")
        palette, base = read_palette((static / "css" / "tokens.css").read_text()), settings["BASE_PATH"]
        assets = {name: AssetAddress(f"{base}/assets/{asset.name}", asset.integrity)
                  for name, asset in settings["ASSETS"].items()}  # fmt: skip
        refuge = link(self.context["library"].entries["ask-somebody"])
        frame = Frame(settings["SITENAME"], settings["SITESUBTITLE"], base, settings["SITE_ORIGIN"], "en-GB", "en_GB",
                      True, settings["EXIT_URL"], palette.paper, palette.night,
                      tuple(Link(kind.name, kind.index_url, kind.plural) for kind in KINDS.values() if not kind.at_root),
                      (refuge,), assets, {"refuge": refuge, "help": refuge})  # fmt: skip
        maker = CardMaker(frame.site, palette, static / "img" / "illustrations", Lettering("Semibold"))
        sharing = Sharing(maker, (), frame.origin, Path(settings["CACHE_PATH"]))
        pages = [sharing.dressed(page) for page in self.pages()]
        check_heads(pages, problems)
        problems.raise_errors()
        environment = make_environment([HERE / "templates", Path(settings["THEME"], "templates")], frame)
        files = {page.save_as: render(environment, page).encode() for page in pages}
        files |= {f"assets/{asset.name}": asset.content for asset in settings["ASSETS"].values()}
        files |= dict(sharing.files(pages))
        for name, content in discovery_files(
            pages, frame, static / "img" / "icon.svg", lambda svg: render_png(svg, sharing.cache)
        ):
            files[name] = content.encode() if isinstance(content, str) else content
        for name, content in files.items():
            (output / name).parent.mkdir(parents=True, exist_ok=True)
            (output / name).write_bytes(content)
        index_site(output)
        write_worker(output, pages, base)


def register() -> None:
    """Connect to Pelican's and the library's signals."""
    signals.initialized.connect(lambda pelican: pelican.settings.update(KINDS=KINDS, RELATIONS=RELATIONS), weak=False)
    signals.get_generators.connect(lambda _pelican: GardenGenerator, weak=False)
    library_loaded.connect(load)

"""Markdown twins: every entry as plain Markdown beside its page, for programs that read text.

All links are absolute, sources are listed at the end, and what the page shows of the
graph is written out as lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from plugins.common_thread.evidence import Evidence
from plugins.common_thread.fronts import first_step
from plugins.common_thread.kind import AnyKind
from plugins.common_thread.needs import SAFETY_GUIDE
from plugins.crosslinks.graph import Graph
from plugins.helplines.as_markdown import help_markdown
from plugins.helplines.blocks import HELP_MARKER
from plugins.helplines.desk import HelpDesk
from plugins.library.entries import Entry, Library
from plugins.library.filters import day
from plugins.library.kinds import Kind, Kinds
from plugins.library.pages import Link, Page
from plugins.library.text.as_markdown import MarkdownWriter
from plugins.library.text.body import Body
from plugins.library.text.tree import Citation, Marker
from plugins.library.text.tree import Link as TextLink
from plugins.quiz.model import Quiz

NOTE = (
    "These ideas are for relationships where both people feel safe. "
    "If someone scares you, hurts you or controls what you do, "
    "you have not caused it and closeness tips are not the answer. See"
)
"""The standard safety note, as components/note.html has it."""


def twin_path(url: str) -> str:
    """Return where the twin of the page at ``url`` is, relative to the output folder."""
    return f"{url.lstrip('/')}index.md"


@dataclass(frozen=True)
class TwinWriter:
    """Writes twins; ``refuge`` is the page the standard safety note leads to."""

    kinds: Kinds[AnyKind]
    library: Library
    graph: Graph[Entry]
    evidence: Evidence
    origin: str
    refuge: Link
    desk: HelpDesk
    quizzes: Mapping[str, Quiz] = field(default_factory=dict)

    def twin(self, page: Page) -> str:
        """Return the twin of a page, or nothing for one that has none."""
        entry = self.library.entries.get(page.entry)
        if entry is not None:
            return "" if entry.slug == "404" else self.entry(entry)
        kind = next((kind for kind in self.kinds.values() if kind.index_url == page.url != "/"), None)
        return self.index(kind, page.title, page.description) if kind else ""

    def entry(self, entry: Entry) -> str:
        """Return the twin of an entry's page."""
        blocks = [f"# {entry.title}", f"> {entry.front.summary}"]
        if entry.has_note:
            blocks.append(f"*{NOTE} [{self.refuge.title}]({self.origin}{self.refuge.url}).*")
        blocks.append("\n".join(self._facts(entry)))
        blocks.append(self._quiz(entry) if entry.kind.name == "quiz" else self._body(entry))
        blocks += list(self._relations(entry))
        blocks += list(self._sources(entry))
        return "\n\n".join(block for block in blocks if block) + "\n"

    def index(self, kind: Kind, title: str, description: str) -> str:
        """Return the twin of the page that lists a kind."""
        items = "\n".join(self._item(entry) for entry in self.library.of_kind(kind.name))
        return f"# {title}\n\n> {description}\n\n{items}\n"

    def _facts(self, entry: Entry) -> Iterator[str]:
        step = first_step(entry.front)
        yield f"- Page: {self.origin}{entry.url}"
        yield f"- Kind: {entry.kind.label}"
        for fact in self.kinds[entry.kind.name].facts(entry):
            yield f"- {fact}"
        if step:
            yield f"- First step: {step}"
        yield f"- Last reviewed: {day(entry.front.reviewed)}"
        yield "- Licence: CC BY-SA 4.0"

    def _body(self, entry: Entry) -> str:
        """Return the text; one that shows no more than what it was filled in with is kept by that."""
        if self.library.bodies.get(entry.slug, Body()).markers:
            return self._written(entry)
        name = f"twin at {self.origin}"
        return self.library.document(entry).kept(name, lambda _document: self._written(entry))

    def _written(self, entry: Entry) -> str:
        numbers = self.graph.numbers(entry.slug)

        def reference(node: TextLink | Citation | Marker) -> str:
            if isinstance(node, Citation):
                return f" [{numbers.get(node.id, '?')}]"
            return self._marker(node) if isinstance(node, Marker) else self._link(node, writer)

        writer = MarkdownWriter(reference, self._absolute)
        return writer.blocks(self.library.bodies.get(entry.slug, Body()).nodes)

    def _absolute(self, address: str) -> str:
        return self.origin + address if address.startswith("/") else address

    def _marker(self, marker: Marker) -> str:
        if marker.name == HELP_MARKER.name:
            return help_markdown(self.desk, marker.words[0])
        return "\n".join(self._item(self.library.entries[slug]) for slug in marker.words)

    def _link(self, link: TextLink, writer: MarkdownWriter) -> str:
        entry = self.library.entries[link.slug]
        fragment = f"#{link.fragment}" if link.fragment else ""
        return f"[{writer.inline(link.children or (entry.title,))}]({self.origin}{entry.url}{fragment})"

    def _item(self, entry: Entry, because: str = "") -> str:
        return f"- [{entry.title}]({self.origin}{entry.url}): {because or entry.front.summary}"

    def _quiz(self, entry: Entry) -> str:
        quiz = self.quizzes.get(entry.slug)
        if quiz is None:
            return ""
        lines = []
        for number, item in enumerate(quiz.items, 1):
            lines.append(f"{number}. {item.text}")
            lines += [f"   - {option.label}" for option in item.options]
        return "## Questions\n\n" + "\n".join(lines)

    def _relations(self, entry: Entry) -> Iterator[str]:
        """Yield what the graph knows of an entry, from both ends; mentions in prose are left to the prose."""
        for words, found in self.graph.both_ends(entry):
            yield f"## {words.capitalize()}\n\n" + "\n".join(self._item(*one) for one in found)

    def _sources(self, entry: Entry) -> Iterator[str]:
        cited = self.graph.citations.get(entry.slug)
        if cited:
            yield "## Sources\n\n" + "\n".join(
                self._source(citation.number, citation.id) for citation in cited
            )

    def _source(self, number: int, evidence_id: str) -> str:
        item = self.evidence.studies[evidence_id]
        doi = f" https://doi.org/{item.doi}" if item.doi else ""
        return f"{number}. {item.cite}{doi} Limits: {item.limits}"

    def contents(self, site: str, slogan: str) -> str:
        """Return ``llms.txt`` (https://llmstxt.org/): what is here, and where its Markdown is."""
        safety = self.library.entries[SAFETY_GUIDE]
        blocks = [
            f"# {site}",
            f"> {slogan}. A free, sourced library of help with feeling closer to a partner, a friend, "
            f"family or colleagues.",
            "Every entry and every list of a kind has a twin in Markdown: its address with `index.md` at "
            "the end. "
            "The finder, the map, the search and the evidence page have none: all they show, "
            f"the whole graph of pages, reasons and sources, is at "
            f"[library.json]({self.origin}/library.json). "
            "The texts are licensed CC BY-SA 4.0: name the page and link to it. "
            "What readers say under a page is theirs, and not in the twins.",
            "A quiz or a strategy can be shown in a frame of another page: its address with `embed/` at the "
            "end. Each of them names its oEmbed answer in its head.",
            "These ideas are for relationships where both people feel safe. "
            f"To anyone who is afraid of somebody, give [{safety.title}]({self._twin(safety)}) and no tips.",
        ]
        for kind in self.kinds.values():
            entries = [
                entry for entry in self.library.of_kind(kind.name) if entry.slug not in ("404", "home")
            ]
            rows = [f"- [{entry.title}]({self._twin(entry)}): {entry.front.summary}" for entry in entries]
            heading = "Optional" if kind.at_root else kind.plural
            blocks.append(f"## {heading}\n\n" + "\n".join(rows))
        return "\n\n".join(blocks) + "\n"

    def _twin(self, entry: Entry) -> str:
        return f"{self.origin}/{twin_path(entry.url)}"

"""Talks: worked conversations between two people, with notes in the margin.

In the text a paragraph that begins with a name in bold and a colon is what that person says
(``**Ines:** I thought …``; how, in brackets: ``**Ines (signing):** …``), a quotation is a note
on what stands above it, and any other paragraph tells what happens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from plugins.common_thread.kind import SiteKind, Wording, always
from plugins.common_thread.needs import SAFETY_GUIDE
from plugins.common_thread.planner import Planner, links
from plugins.common_thread.views import CardView, EntryView, Section
from plugins.crosslinks.relations import RelationType
from plugins.library.entries import Entry
from plugins.library.pages import Link
from plugins.library.schema import Front
from plugins.library.text.as_html import to_html
from plugins.library.text.body import Body
from plugins.library.text.document import Document
from plugins.library.text.document import Section as TextSection
from plugins.library.text.tree import Element, Node, Nodes, text_of, walk
from plugins.library.text.tree import Link as TextLink
from plugins.problems import Problems, did_you_mean
from plugins.problems.models import Slug, Text

SCENES = ("A bad start", "A wobble", "A repair")
"""The headings under which the two speak."""

_NAME = re.compile(r"(?P<who>[^():]+?)(?: \([^():]+\))?:")
Several = Annotated[list[Slug], Field(min_length=1)]


class TalkFront(Front):
    """Who speaks and where; what they do well at last (``strategies``), what is in the way."""

    voices: Annotated[list[Text], Field(min_length=2, max_length=2)]
    scene: Annotated[str, Field(min_length=10, max_length=160)]
    strategies: Several
    obstacles: Several


@dataclass(frozen=True)
class Turn:
    """What one of the two says, or what happens (``who`` is empty), with the notes on it as HTML."""

    who: str
    html: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One section of a talk, and the turns in it; one without turns is a section like any other."""

    section: Section
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class TalkView(EntryView):
    """A talk: who, where, its parts, and what they show."""

    voices: tuple[str, ...]
    scene: str
    parts: tuple[Part, ...]
    shows: tuple[CardView, ...]
    meets: tuple[Link, ...]


def view(planner: Planner, entry: Entry[TalkFront]) -> TalkView:
    """Return what the page of a talk shows."""
    graph = planner.graph
    document = planner.document(entry)
    common = planner.common(entry, (entry.slug, "talk"))
    return TalkView(
        **vars(common),
        voices=tuple(entry.front.voices),
        scene=entry.front.scene,
        parts=tuple(
            Part(section, spoken)
            for section, spoken in zip(common.sections, document.kept("turns", all_turns), strict=True)
        ),
        shows=planner.cards(graph.targets(entry, "shows")),
        meets=links(graph.targets(entry, "meets")),
    )


def all_turns(document: Document) -> list[tuple[Turn, ...]]:
    """Return the turns of each section that has a heading."""
    return [tuple(turns(section)) for section in document.headed]


def turns(section: TextSection) -> Iterator[Turn]:
    """Yield the turns of a section in which somebody speaks."""
    nodes = [node for part in section.parts for node in part.nodes if isinstance(node, Element)]
    if not any(voice_of(node) for node in nodes):
        return
    turn: Turn | None = None
    for node in nodes:
        if turn and node.tag == "blockquote":
            turn = replace(turn, notes=(*turn.notes, to_html(node.children)))
            continue
        if turn:
            yield turn
        turn = Turn(said_by(node), to_html(said(node)))
    if turn:
        yield turn


def said_by(node: Node) -> str:
    """Return the words in bold that a paragraph begins with, colon and all, or nothing."""
    first = node.children[0] if isinstance(node, Element) and node.tag == "p" and node.children else None
    return text_of(first.children) if isinstance(first, Element) and first.tag == "strong" else ""


def voice_of(node: Node) -> str:
    """Return the name of whoever speaks in a paragraph, or nothing if nobody does."""
    name = _NAME.fullmatch(said_by(node))
    return name["who"] if name else ""


def said(node: Element) -> Nodes:
    """Return the words of a paragraph without the name before them."""
    return node.children[1:] if said_by(node) else node.children


# What may be wrong ------------------------------------------------------------------

Scenes = dict[str, list[Node]]
"""What stands under each ``##`` heading."""
Found = Iterator[tuple[int, str, str]]
"""Line, what is wrong, what to do."""


def check(entry: Entry[TalkFront], body: Body, problems: Problems) -> None:
    """Note what keeps a text from being a talk: each rule below says in its docstring what is wanted."""
    scenes: Scenes = {}
    for node in body.nodes:
        if isinstance(node, Element) and node.tag == "h2":
            scenes[text_of(node.children)] = []
        elif scenes:
            scenes[next(reversed(scenes))].append(node)
    for rule, find in RULES.items():
        for line, message, cure in find(entry, scenes):
            problems.add(entry.path, line, rule, message, cure)


def warning_first(entry: Entry[TalkFront], scenes: Scenes) -> Found:
    """Words that lead to the safety guide stand before anybody speaks."""
    for nodes in scenes.values():
        for node in nodes:
            if voice_of(node):
                message = f"somebody speaks before any words lead to '{SAFETY_GUIDE}'."
                yield _line(entry, said_by(node)), message, f"Say first when to go to [[{SAFETY_GUIDE}]]."
                return
            if any(isinstance(one, TextLink) and one.slug == SAFETY_GUIDE for one in walk([node])):
                return


def two_voices(entry: Entry[TalkFront], scenes: Scenes) -> Found:
    """Whoever speaks is one of the two voices of the front matter, and both of them speak."""
    voices, heard = entry.front.voices, set()
    for node in (node for nodes in scenes.values() for node in nodes):
        name = voice_of(node)
        if name and name not in voices and name not in heard:
            yield (
                _line(entry, said_by(node)),
                f"'{name}' speaks, and is none of the voices.",
                did_you_mean(name, voices),
            )
        heard.add(name)
    for at, voice in enumerate(voices):
        if voice not in heard:
            message = f"'{voice}' is one of the voices, and says nothing."
            yield entry.line("voices", at), message, f"Write **{voice}:** before what they say."


def whole_names(entry: Entry[TalkFront], scenes: Scenes) -> Found:
    """A name before what somebody says is bold and has its colon: ``**Ines:** words``."""
    for node in (node for nodes in scenes.values() for node in nodes):
        if not isinstance(node, Element) or node.tag != "p" or voice_of(node):
            continue
        text, bold = text_of(node.children), said_by(node)
        for voice in entry.front.voices:
            if text.startswith(f"{voice}:") or (bold and bold.startswith(voice)):
                message = f"'{text[:30]}' looks like something '{voice}' says."
                yield _line(entry, bold or f"{voice}:"), message, f"Write **{voice}:** before it."


def notes_beside(entry: Entry[TalkFront], scenes: Scenes) -> Found:
    """In every scene somebody speaks, a note stands beside what is said, and nothing else is shown."""
    for scene in SCENES:
        nodes = scenes.get(scene, [])
        kinds = ["voice" if voice_of(node) else getattr(node, "tag", "marker") for node in nodes]
        line = _line(entry, f"## {scene}")
        if nodes and "voice" not in kinds:
            yield line, f"nobody speaks under '{scene}'.", "Begin what somebody says with **their name:**."
        elif nodes and "blockquote" not in kinds:
            yield line, f"there is no note under '{scene}'.", "Add one, as a line that begins with '> '."
        elif kinds[:1] == ["blockquote"]:
            yield line, f"a note comes first under '{scene}'.", "Put it after what it speaks of."
        if set(kinds) - {"voice", "p", "blockquote"}:
            message = f"something else than speech, notes and what happens stands under '{scene}'."
            yield line, message, "Put lists, cards and the like under another heading."


RULES = {
    "warning-first": warning_first,
    "two-voices": two_voices,
    "whole-names": whole_names,
    "notes-beside": notes_beside,
}


def _line(entry: Entry, words: str) -> int:
    """Return the line on which words are written, or that of the text."""
    at = entry.body.find(words)
    return entry.body_line + (entry.body.count("\n", 0, at) if at >= 0 else 0)


KIND = SiteKind(
    "talk",
    "talks",
    TalkFront,
    "Talk",
    "Talks",
    headings=("When not to try this", *SCENES, "What to take along"),
    note=lambda _front: True,
    view=view,
    voices=always,
    check=check,
    thing="Article",
    index=Wording(
        "Talks",
        "{count} worked conversations, each with a bad start, a wobble and a repair, and notes on what "
        "happens between the lines.",
        "Hear how it can go",
    ),
    index_template="index_base",
    relations=(
        RelationType(
            "shows", "talk", "strategy", "strategies", "shows", "can be heard in", hint="Hear how it can go"
        ),
        RelationType(
            "meets", "talk", "obstacle", "obstacles", "meets", "is met in", hint="Hear how it can go"
        ),
    ),
    words=(500, 800),
    review_days=730,
    keys=(
        "# Who speaks.\nvoices: [Ines, Bo]\n"
        "# Who they are to each other, and where.\n"
        "scene: Two flatmates in the kitchen, on a Sunday evening\n"
        "# What they do well at last.\nstrategies: [listen-to-understand]\n"
        "# What is in the way.\nobstacles: [bottling-things-up]\n"
    ),
)

"""What is kept makes builds fast and never wrong: after any edit a build is one from nothing, to the byte."""

from __future__ import annotations

import functools
import json
import os
from collections import Counter
from collections.abc import Callable
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

import jinja2
import pytest
from pydantic import BaseModel

from plugins.assets import drawings, fonts
from plugins.common_thread import schemas, site
from plugins.library import documents, natures, pages, rendering, svg
from plugins.library.asked import Answers
from plugins.library.pages import Frame
from plugins.library.store import content_key
from plugins.sharing import heads
from tests.site.sequences import Step, hold, sequence, tried
from tests.site.workshop import EDITS, Edit, Workshop

SEQUENCES = 20
"""Sequences a round, one after the other in one project."""
ROUNDS = range(int(os.environ.get("EDIT_ROUNDS", "10")))
"""Ten rounds are 200 sequences."""
COMPILED: dict[object, object] = {}
SCHEMAS: dict[type, str] = {}
version = functools.cache(metadata.version)
inline = functools.cache(drawings.inline)
svg_faults = functools.cache(svg.svg_faults)


@pytest.fixture(autouse=True)
def cheap_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put in the place of a picture, a font and a code what it is made from: most of the time would go there.

    What is made of equal values alone is made once in this process: a compiled template, a schema of a
    model, a drawing.  What is kept of them on the disk is under test all the same.
    """
    compile_template: Any = jinja2.Environment.compile
    schema: Any = BaseModel.model_json_schema.__func__  # type: ignore[attr-defined]

    def compiled(self: jinja2.Environment, source: str, *names: str | None) -> object:
        frame: Any = self.globals["frame"]
        key = (source, names, frame.base, frame.origin)
        if key not in COMPILED:
            COMPILED[key] = compile_template(self, source, *names)
        return COMPILED[key]

    def schema_once(model: type) -> Any:
        if model not in SCHEMAS:
            SCHEMAS[model] = json.dumps(schema(model))
        return json.loads(SCHEMAS[model])

    monkeypatch.setattr(jinja2.Environment, "compile", compiled)
    monkeypatch.setattr(BaseModel, "model_json_schema", classmethod(schema_once))
    monkeypatch.setattr(drawings, "inline", inline)
    monkeypatch.setattr(drawings, "svg_faults", svg_faults)
    monkeypatch.setattr(heads, "render_card", lambda card, _: content_key(card))
    monkeypatch.setattr(heads, "qr_svg", lambda address: address.encode())
    monkeypatch.setattr(site, "render_png", lambda svg, _: svg.encode())
    monkeypatch.setattr(schemas, "_told", json.dumps)  # on one line: many times as fast
    monkeypatch.setattr(fonts, "version", version)
    monkeypatch.setattr(fonts, "cut", lambda font, characters: characters.encode() + font[:9])


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """Return a project that was never built."""
    opened = Workshop(tmp_path / "project")
    opened.begin()
    return opened


@pytest.mark.slow
@pytest.mark.parametrize("number", ROUNDS)
def test_any_edits_end_in_the_same_bytes(workshop: Workshop, tmp_path: Path, number: int) -> None:
    """Or in the same problems; and most of them in a site."""
    first = number * SEQUENCES
    assert hold(workshop, range(first, first + SEQUENCES), tmp_path / "aside") > SEQUENCES * 3 // 4


def test_every_kind_of_edit_is_tried_often() -> None:
    """Each at least ten times, in as few rounds as there are."""
    numbers = range(len(ROUNDS) * SEQUENCES)
    counted = Counter(step.edit for number in numbers for step in sequence(number))
    assert len(numbers) >= 200
    assert {edit.__name__: counted[edit] for edit in EDITS if counted[edit] < 10} == {}


# What if something is forgotten -------------------------------------------------


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
    workshop.copy(old, old.with_stem("ask-twice"), workshop.word())


Forget = Callable[[pytest.MonkeyPatch], None]


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
        (partial(forget_answers, words=("cited", "kind")), Workshop.cite),
        (partial(forget_answers, words=("quiz", "entry")), Workshop.quiz),
        (partial(forget_answers, words=("voices",)), Workshop.comment),
        (partial(forget_answers, words=("popular", "reads")), Workshop.reads),
        (partial(forget_answers, words=("picture",)), Workshop.stretch),
    ],
)
def test_a_forgotten_dependency_is_found(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, forget: Forget, edit: Edit
) -> None:
    """The comparison sees what would go wrong if a page were kept for less than it is made from."""
    forget(monkeypatch)
    workshop.build()
    assert tried(workshop, [Step(edit, "1")]).wrong


def test_a_round_tells_how_to_see_again_what_it_found(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the number of the sequence, and by the fewest edits that do it."""
    forget_view(monkeypatch)
    with pytest.raises(AssertionError, match=r"sequence \d+: .*\nalone: \w+ \("):
        hold(workshop, range(SEQUENCES), tmp_path / "aside")

"""Plans of pages, kept for as long as all that was asked for them has the same answer.

What is kept of a page is what others ask of it: its address, its title, its days, and the hashes
that stand for the whole and for its twin.  What it shows is planned again when somebody needs
that, which for most pages of a build nobody does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property, partial
from typing import Any, Self

from plugins.library.asked import Asked
from plugins.library.natures import Held, nature
from plugins.library.pages import Page
from plugins.library.store import Store, digest
from plugins.library.text.document import Document

_ALL = b"all"
_LATER = ("view", "text", "share", "structured", "twin")
"""What of a page is planned again when it is asked for."""
_NAMES = tuple(one.name for one in fields(Page))
_AT_ONCE = tuple(name for name in _NAMES if name not in _LATER)
Known = dict[str, Any]
"""What is kept of a page, by the names of its values."""


@dataclass(frozen=True)
class Unit:
    """Pages that are planned together; ``entry`` is the slug of the entry they show, if it is one's."""

    name: str
    make: Callable[[], Iterable[Page]]
    entry: str = ""


class PlannedPage(Page):
    """A page with what stands for it; the greater part of it may be planned when somebody asks."""

    view = cached_property(lambda self: self._whole.view)
    share = cached_property(lambda self: self._whole.share)
    structured = cached_property(lambda self: self._whole.structured)
    twin = cached_property(lambda self: self._whole.twin)
    text = cached_property(lambda self: self._text())

    def __new__(cls, *values: Any, **named: Any) -> Page:  # type: ignore[misc]
        """Return a page like any other: what is changed in this one is planned by nobody."""
        return Page(*values, **named)

    @classmethod
    def of(cls, known: Known, again: Callable[[], Page], text: Callable[[], Document]) -> Self:
        """Return the page of which these values are known; ``again`` plans it, ``text`` gives its text."""
        page = object.__new__(cls)
        page.__dict__.update(known, _again=again, _text=text)
        return page

    @cached_property
    def _whole(self) -> Page:
        whole: Page = self.__dict__["_again"]()
        return whole

    @property
    def key(self) -> bytes:
        """Return what stands for the whole page."""
        key: bytes = self.__dict__["_key"]
        return key

    def let_go(self) -> None:
        """Do without what only the HTML of the page shows; whoever asks for it has it planned again."""
        for name in ("view", "structured", "_whole"):
            self.__dict__.pop(name, None)

    @property
    def has_twin(self) -> bool:
        """Tell whether there is a Markdown twin beside the page."""
        return bool(self.__dict__["_twin"])

    @property
    def twin_file(self) -> str | Held:
        """Return the content of the twin, or what stands for it."""
        made: str | None = self.__dict__.get("twin")
        return Held(self.__dict__["_twin"], lambda: bytes(self.twin, "utf-8")) if made is None else made

    def __reduce__(self) -> tuple[type[Page], tuple[Any, ...]]:
        """Pickle it as the page it is."""
        return Page, tuple(getattr(self, name) for name in _NAMES)


@dataclass(frozen=True)
class _Plan:
    """The pages of a unit, what was asked for them, and what stands for all the answers."""

    asked: tuple[str, ...]
    answers: bytes
    pages: tuple[Known, ...]


@dataclass
class Plans:
    """Plans units; ``answers`` gives what stands for the answer to each question, by its name.

    ``text`` gives the text of an entry; ``ready`` is told those of all pages that are to be planned,
    before the first of them is.  ``keeper`` keeps the plans.
    """

    answers: Mapping[str, bytes]
    asked: Asked
    keeper: Store
    text: Callable[[str], Document]
    ready: Callable[[Collection[Document]], object] = lambda _texts: None
    _strings: dict[str, str] = field(default_factory=dict, repr=False)

    def pages(self, units: Iterable[Unit], *, is_all: bool = True) -> list[Page]:
        """Return the pages of all units; unless these are all there are, nothing is kept of them."""
        units, known = [*units], self.keeper.known(_ALL) or {}
        held = {unit.name: plan for unit in units if (plan := self._held(known.get(unit.name)))}
        self.ready([self.text(unit.entry) for unit in units if unit.entry and unit.name not in held])
        pages: list[Page] = []
        for unit in units:
            if unit.name in held:
                pages += self._again(unit, held[unit.name])
            else:
                held[unit.name], made = self._planned(unit)
                pages += made
        if is_all and held != known:
            self.keeper.put(_ALL, held)
        return pages

    def _held(self, plan: _Plan | None) -> _Plan | None:
        return plan if plan is not None and plan.answers == self._answers(plan.asked) else None

    def _answers(self, asked: Iterable[str]) -> bytes:
        return digest(b"".join([self.answers[name] for name in asked]))

    def _again(self, unit: Unit, plan: _Plan) -> list[Page]:
        """Return pages as they are kept."""
        return [
            PlannedPage.of(known, partial(_one_of, unit, at), partial(self.text, known["entry"]))
            for at, known in enumerate(plan.pages)
        ]

    def _planned(self, unit: Unit) -> tuple[_Plan, list[Page]]:
        """Plan pages, and note what was asked for them."""
        with self.asked.noting() as names:
            pages = [*unit.make()]
        asked = tuple(self._strings.setdefault(name, name) for name in names)
        kept: list[Known] = []
        made: list[Page] = []
        for at, page in enumerate(pages):
            known = {name: getattr(page, name) for name in _AT_ONCE}
            known |= {"_key": page.key, "_twin": nature(page.twin.encode()) if page.twin else ""}
            kept.append(known)
            later = {name: getattr(page, name) for name in _LATER}
            made.append(PlannedPage.of(known | later, partial(_one_of, unit, at), Document))
        return _Plan(asked, self._answers(asked), tuple(kept)), made


def _one_of(unit: Unit, at: int) -> Page:
    return [*unit.make()][at]

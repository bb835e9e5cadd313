"""What this site adds to a kind: its relations, its views, its words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from inspect import isfunction
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from plugins.crosslinks.relations import RelationType
from plugins.library.entries import Entry
from plugins.library.kinds import Kind
from plugins.library.schema import Front

if TYPE_CHECKING:
    from plugins.common_thread.planner import Planner
    from plugins.common_thread.views import EntryView, IndexView
    from plugins.library.text.body import Body
    from plugins.problems import Problems

Thing = Literal["Article", "DefinedTerm", "FAQPage", "Quiz", "WebPage"]


@dataclass(frozen=True)
class Wording:
    """The title of a page, its heading (the title, if empty), and its description.

    In the description, ``{count}`` is how many entries the page shows, in words, and
    ``{thing|things}`` gives the words for one and for any other number.
    """

    title: str
    description: str
    heading: str = ""


F = TypeVar("F", bound=Front)


def no_facts(_entry: Entry) -> Iterable[str]:
    """Return nothing: the answer of a kind of which there is no more to tell."""
    return ()


def no_card_facts(_entry: Entry, _brief: bool) -> tuple[str, ...]:
    """Return nothing, likewise for a card."""
    return ()


def never(_front: Any) -> bool:
    """Return False: the answer of a kind on whose pages readers can't say anything."""
    return False


def always(_front: Any) -> bool:
    """Return True: the answer of a kind that readers may say something of."""
    return True


def no_check(_entry: Entry, _body: Body, _problems: Problems) -> None:
    """Note nothing: what a kind does whose texts have no form of their own."""


@dataclass(frozen=True, kw_only=True)
class SiteKind(Kind, Generic[F]):
    """A kind of this site; ``F`` is the front matter of its entries.

    ``view`` makes what its pages show, ``index_view`` what its index page shows, which is
    worded by ``index``.  ``card_facts`` are what a (brief) card
    says beside the kind, ``facts`` what an entry's Markdown twin tells.  ``check`` notes what is wrong
    with an entry's text, for a kind whose text has a form of its own.  ``thing`` is what a page
    is in the vocabulary of schema.org.  ``relations`` are the types its front matter states;
    ``framed`` is the template of the copies for frames of other sites, if they have any;
    ``words`` the least and most words of a page; ``keys`` the YAML of a new file; after ``review_days``
    somebody reads a page again.  The index page has the template ``index_template``, or that of the
    kind's name if there is none.  ``voices`` tells by the front matter whether readers may say something
    on a page.
    """

    view: Callable[[Planner, Entry[F]], EntryView]
    thing: Thing = "WebPage"
    index: Wording | None = None
    index_view: Callable[[Planner, Kind, str], IndexView] | None = None
    index_template: str = ""
    framed: str = ""
    in_menu: bool = True
    card_facts: Callable[[Entry[F], bool], tuple[str, ...]] = no_card_facts
    facts: Callable[[Entry[F]], Iterable[str]] = no_facts
    check: Callable[[Entry[F], Body, Problems], None] = no_check
    relations: tuple[RelationType, ...] = ()
    words: tuple[int, int] | None = None
    keys: str = ""
    dated: bool = False
    voices: Callable[[F], bool] = never
    review_days: int = 365

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def stated(self) -> list[object]:
        """Return all that it says but what its functions do, which is code."""
        return [value for value in vars(self).values() if not isfunction(value)]


AnyKind = SiteKind[Any]
"""A kind in a list of several: each takes entries of its own sort."""

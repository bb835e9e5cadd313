"""What the cross-links ask of the site around them: pages, what these state, and their texts.

Anything that has these can be joined by relations: an entry of a library, an article of a blog.
Nothing here is made by this plugin; the site plugs its own things in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeVar


class NodeKind(Protocol):
    """What sort of page a node is."""

    @property
    def name(self) -> str:
        """Return the name by which relation types call it."""


class Node(Protocol):
    """A page that relations join.  ``path`` is its file, ``order`` its place where lists have one."""

    @property
    def slug(self) -> str:
        """Return the name by which other pages refer to it."""

    @property
    def kind(self) -> NodeKind:
        """Return what sort of page it is."""

    @property
    def title(self) -> str:
        """Return the title readers see."""

    @property
    def path(self) -> str:
        """Return its file, as problems name it."""

    @property
    def order(self) -> int:
        """Return its place among others, the lowest first."""

    def named(self, key: str, item_key: str) -> Iterable[tuple[str, str, int]]:
        """Yield (slug, reason, line) of each page that ``key`` names; see ``RelationType.item_key``."""


class Reference(Protocol):
    """What a text refers to: by a link in its prose, by a card, or as a source it cites."""

    @property
    def role(self) -> Literal["link", "card", "source"]:
        """Return how it refers."""

    @property
    def slug(self) -> str:
        """Return the page or source that is meant."""

    @property
    def line(self) -> int:
        """Return where it stands."""

    @property
    def fragment(self) -> str:
        """Return the heading that a link leads to, or nothing."""

    @property
    def heading(self) -> str:
        """Return the text of the heading above."""

    def context(self, title_of: Callable[[str], str]) -> str:
        """Return the sentence around a link; ``title_of`` gives the title of a slug."""


class Text(Protocol):
    """The text of a page; one that is ``unread`` may say more than anybody knows."""

    @property
    def references(self) -> Sequence[Reference]:
        """Return all it refers to, in reading order."""

    @property
    def ids(self) -> Collection[str]:
        """Return the headings that links may lead to."""

    @property
    def unread(self) -> bool:
        """Tell whether it could not be read."""


N_co = TypeVar("N_co", bound=Node, covariant=True)


class Pages(Protocol[N_co]):
    """All pages of a site."""

    @property
    def entries(self) -> Mapping[str, N_co]:
        """Return the published pages by slug."""

    @property
    def held(self) -> Mapping[str, Node]:
        """Return those that are not published yet."""

    @property
    def broken(self) -> Collection[str]:
        """Return the slugs of files that could not be read."""

    @property
    def bodies(self) -> Mapping[str, Text]:
        """Return the texts by slug, for pages that have one."""

    def pages(self) -> Iterable[N_co]:
        """Yield the published pages, kind by kind."""

    def of_kind(self, name: str) -> Sequence[N_co]:
        """Return the published pages of a kind."""

    def may_be_lost(self, words: str, data_file: str = "") -> bool:
        """Tell whether ``words`` may stand in a file that could not be read: no one can miss them then."""


@dataclass(frozen=True)
class Stated:
    """A relation as some file states it, before anybody has looked whether it holds.

    ``type`` names a relation type, ``source`` and ``target`` are slugs; ``field`` is the key it stands under.
    """

    type: str
    source: str
    target: str
    path: str
    line: int
    because: str = ""
    field: str = ""


@dataclass(frozen=True)
class Sources:
    """What texts may cite: the line of each source by its id, in the file at ``path``."""

    path: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)

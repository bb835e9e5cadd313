"""What a kind of entry is: its folder, front matter, addresses and page pattern."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from plugins.library.schema import Front


def never(_front: Any) -> bool:
    """Return False: the answer of a kind whose pages carry no note."""
    return False


@dataclass(frozen=True)
class Kind:
    """One kind of entry.

    ``headings`` are the ``##`` headings its page pattern asks for, in order; ``note`` tells by
    the front matter whether a page carries the standard safety note.  Entries lie in
    ``folder``, as files that end in ``suffix``, and have their pages below an index page at
    ``/folder/``; those of an ``at_root`` kind have none and are at ``/slug/``, or where
    ``addresses`` (slug to address) says.
    """

    name: str
    folder: str
    front: type[Front]
    label: str
    plural: str
    headings: tuple[str, ...] = ()
    note: Callable[[Any], bool] = never
    suffix: str = ".md"
    at_root: bool = False
    addresses: tuple[tuple[str, str], ...] = ()

    def url(self, slug: str) -> str:
        """Return the site-absolute address of an entry, without any base path."""
        own = dict(self.addresses).get(slug) if self.addresses else None
        return own or (f"/{slug}/" if self.at_root else f"/{self.folder}/{slug}/")

    @property
    def index_url(self) -> str:
        """Return the site-absolute address of the page that lists this kind, or the home page."""
        return "/" if self.at_root else f"/{self.folder}/"

    def __hash__(self) -> int:
        return hash(self.name)


KindT_co = TypeVar("KindT_co", bound=Kind, covariant=True)


class Kinds(Mapping[str, KindT_co]):
    """The kinds of a site by name, in its order."""

    def __init__(self, kinds: Iterable[KindT_co]) -> None:
        self._kinds = {kind.name: kind for kind in kinds}
        self.by_folder = {kind.folder: kind for kind in self._kinds.values()}

    def __getitem__(self, name: str) -> KindT_co:
        return self._kinds[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

"""From parsed texts to the documents that pages show, and to the pictures these ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from plugins.library.code import code_of
from plugins.library.entries import Entry, Library
from plugins.library.filling import fill_in
from plugins.library.patterns import check_pattern
from plugins.library.pictures import Shelf
from plugins.library.store import Store, content_key, digest
from plugins.library.text.body import NOWHERE, Body
from plugins.library.text.document import Document, Renderer
from plugins.problems import Problems


@dataclass(frozen=True)
class Documents(Mapping[str, Document]):
    """The text of each entry by its slug, filled in when somebody first asks for it."""

    makers: Mapping[str, Callable[[], Document]]
    _made: dict[str, Document] = field(default_factory=dict, repr=False)

    def __getitem__(self, slug: str) -> Document:
        if slug not in self._made:
            self._made[slug] = self.makers[slug]()
        return self._made[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self.makers)

    def __len__(self) -> int:
        return len(self.makers)


def make_documents(
    library: Library,
    numbers_of: Callable[[str], Mapping[str, int]],
    shelf: Shelf,
    problems: Problems,
    keeper: Store | None = None,
) -> None:
    """Fill in the text of every published entry into ``library.documents``, with pictures from ``shelf``.

    ``numbers_of`` gives the number of each source on a page.
    What is made of a text is kept by ``keeper``, once that is closed.
    Notes texts that do not follow the pattern of their kind, and pictures that are missing or not used.
    """
    renderer = Renderer(shelf.base, shelf, [partial(fill_in, library.entries, numbers_of)])
    makers: dict[str, Callable[[], Document]] = {}
    code = code_of(Renderer, fill_in)

    def made_from(slug: str, body: Body) -> bytes:
        return _made_from(code, library, numbers_of(slug), shelf, body)

    for entry in library.entries.values():
        body = library.bodies.get(entry.slug)
        if body is not None:
            if not body.unread:
                check_pattern(entry, body, problems)
            makers[entry.slug] = partial(_document, renderer, made_from, entry.slug, body, keeper)
        for source, line in _shown(entry, body):
            name = source.removeprefix("/")
            if name in library.images:
                library.accounts[library.images[name]] = "used"
                shelf.find(name)
            elif source != NOWHERE and name not in library.broken_images:
                cure = "Put the file in content/images/ and write ![words](/images/name.svg)."
                problems.add(entry.path, line, "image", f"there is no picture '{source}'.", cure)
    library.documents = Documents(makers)
    _check_images(library, problems)


def _document(
    renderer: Renderer, made_from: Callable[[str, Body], bytes], slug: str, body: Body, keeper: Store | None
) -> Document:
    return renderer.render(slug, body, made_from(slug, body) if keeper and body.key else b"", keeper)


def make_ready(
    documents: Iterable[Document], keeper: Store, name: str, make: Callable[[Document], object]
) -> None:
    """Have what ``make`` makes of texts at hand; what is missing of it is made on all cores."""
    keeper.make_ready([(one.kept_as(name, make), partial(make, one)) for one in documents if one.key])


def _made_from(code: bytes, library: Library, numbers: Mapping[str, int], shelf: Shelf, body: Body) -> bytes:
    """Return what stands for all that a text is filled in with: see :func:`fill_in` and :class:`Renderer`.

    ``code`` stands for these two; the key of the body for what read it.
    """
    entries = [library.entries.get(link) for link in body.links]
    led_to = [entry and (entry.kind.name, entry.url, entry.title) for entry in entries]
    names = {picture.get("src").removeprefix("/") for picture in body.pictures}
    pictures = [(name, shelf.find(name)) for name in sorted(names)]
    shown = [(name, one and one.stated) for name, one in pictures]
    return digest(content_key(code, body.key, shelf.base, led_to, tuple(numbers.items()), shown))


def _shown(entry: Entry, body: Body | None) -> Iterator[tuple[str, int]]:
    """Yield (source, line) of each picture that an entry shows.

    One that could not be read shows none in its text.
    """
    if body is not None and not body.unread:
        yield from ((picture.get("src"), picture.line) for picture in body.pictures)
    if entry.front.image:
        yield entry.front.image.src, entry.line("image", "src")


def _held_images(library: Library) -> Iterator[str]:
    """Yield the names of the pictures of drafts and scheduled entries."""
    for entry in library.held.values():
        yield from (source.removeprefix("/") for source, _ in _shown(entry, library.bodies.get(entry.slug)))


def _check_images(library: Library, problems: Problems) -> None:
    """Pictures no published page shows stay out; those no page at all shows are reported."""
    held = set(_held_images(library))
    for name, path in library.images.items():
        if library.accounts[path] == "used":
            library.accounts[path] = "static"
        elif name in held or library.may_be_lost(name):
            library.accounts[path] = "draft"
        else:
            problems.add(path, 1, "unused", f"no page shows the picture '{name}'.", "Use it or remove it.")

"""From a planned page to bytes: pure, and with nothing of Pelican in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Self

import jinja2
from jinja2.bccache import Bucket
from markupsafe import Markup as SafeText

from plugins.library.code import code_of
from plugins.library.filters import day, in_words, smart
from plugins.library.holding import Wanted, held_or_made
from plugins.library.natures import Former, Held
from plugins.library.pages import Frame, Page
from plugins.library.store import Store, content_key, store
from plugins.library.templates import Unindent


def make_environment(templates: Sequence[Path], frame: Frame) -> jinja2.Environment:
    """Return the Jinja environment of the folders ``templates``, the first that has one wins.

    An unknown name in a template is an error.
    Filters only shape what they are given: none looks anything up.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[Unindent],
    )
    environment.filters.update(
        url=lambda path: frame.base + path,
        absolute=lambda path: frame.origin + path,
        day=day,
        smart=smart,
        in_words=in_words,
        html=SafeText,
    )
    environment.globals["frame"] = frame
    return environment


def render_pages(
    pages: Iterable[Page], templates: Sequence[Path], frame: Frame, kept: Path | None = None
) -> Iterator[tuple[str, str]]:
    """Yield (file name, HTML) of every page; in the folder ``kept`` they are kept."""
    pages = [*pages]
    with KeptRenderer(templates, frame, kept) as renderer:
        yield from zip((page.save_as for page in pages), renderer.render(pages), strict=True)


def render_changed(
    pages: Sequence[Page], templates: Sequence[Path], frame: Frame, kept: Path, former: Former
) -> Iterator[tuple[str, bytes | Held]]:
    """Yield (file name, HTML) of every page; what ``former`` holds already is neither made nor read."""
    wanted = [Wanted(page.save_as, page.key, partial(_alone, page, templates, frame, kept)) for page in pages]
    by_key = {file.key: page for file, page in zip(wanted, pages, strict=True)}
    with (
        KeptRenderer(templates, frame, kept) as renderer,
        store(kept / "hashes.sqlite", renderer.pages.recipe, at_hand=True) as hashes,
    ):

        def make(files: Sequence[Wanted]) -> list[bytes]:
            asked = [by_key[file.key] for file in files]
            html = [one.encode() for one in renderer.render(asked)]
            for page in asked:
                page.let_go()
            return html

        yield from held_or_made(wanted, make, hashes, former)


def _alone(page: Page, templates: Sequence[Path], frame: Frame, kept: Path) -> bytes:
    ((_, html),) = render_pages([page], templates, frame, kept)
    return html.encode()


class KeptRenderer:
    """Renders each page once for its view, the frame, the templates and the code; then it is kept.

    ``kept`` is the folder to keep pages in.  Close it, or use it as a context, to have them kept.
    """

    def __init__(self, templates: Sequence[Path], frame: Frame, kept: Path | None) -> None:
        self._templates, self._frame = templates, frame
        code = code_of(KeptRenderer, make_environment)
        # All templates together: which of them a page uses is not asked, so that none can be forgotten.
        self.pages = Store(kept and kept / "pages.sqlite", content_key(code, frame, sources(templates)))
        # Jinja does what it can while it compiles: "/favicon.ico" | url is an address of this frame then.
        addresses = content_key(code, frame.base, frame.origin)
        self._compiled = Store(kept and kept / "templates.sqlite", addresses)

    @cached_property
    def environment(self) -> jinja2.Environment:
        """Return the environment, which is not needed where every page is kept."""
        environment = make_environment(self._templates, self._frame)
        environment.bytecode_cache = _Compiled(self._compiled)
        return environment

    def render(self, pages: Sequence[Page]) -> list[str]:
        """Return the HTML of each of ``pages``."""
        return self.pages.get_all([(page.key, partial(self._made, page)) for page in pages], self._compile)

    def _made(self, page: Page) -> str:
        return render(self.environment, page)

    def _compile(self) -> None:
        """Compile every template, so that no process has to do it for itself."""
        for name in self.environment.list_templates(extensions=["html"]):
            self.environment.get_template(name)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Keep what was made."""
        self.pages.close()
        self._compiled.close()


class _Compiled(jinja2.BytecodeCache):
    """Keeps compiled templates by their source and the code that compiles."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill ``bucket``, if its template was compiled before."""
        known = self._store.get(content_key(bucket.key, bucket.checksum), bytes)
        if known:
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled now."""
        self._store.put(content_key(bucket.key, bucket.checksum), bucket.bytecode_to_string())


def sources(templates: Sequence[Path]) -> list[tuple[str, bytes]]:
    """Return (name, content) of every file in the folders ``templates``."""
    return [
        (path.relative_to(folder).as_posix(), path.read_bytes())
        for folder in templates
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]


def render(environment: jinja2.Environment, page: Page) -> str:
    """Return the HTML of ``page``."""
    template = environment.get_template(f"{page.template}.html")
    return template.render(page=page, view=page.view)

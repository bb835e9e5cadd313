"""From a planned page to bytes: pure, and with nothing of Pelican in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import jinja2
from markupsafe import Markup as SafeText

from plugins.library.filters import day, in_words, smart
from plugins.library.pages import Frame, Page
from plugins.library.templates import Unindent


def make_environment(templates: Sequence[Path], frame: Frame) -> jinja2.Environment:
    """Return the Jinja environment of the folders ``templates``, the first that has one wins; an unknown name in a template is an error.

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


def render_pages(pages: Iterable[Page], templates: Sequence[Path], frame: Frame) -> Iterator[tuple[str, str]]:
    """Yield (file name, HTML) of every page."""
    environment = make_environment(templates, frame)
    for page in pages:
        yield page.save_as, render(environment, page)


def render(environment: jinja2.Environment, page: Page) -> str:
    """Return the HTML of ``page``."""
    template = environment.get_template(f"{page.template}.html")
    return template.render(page=page, view=page.view)

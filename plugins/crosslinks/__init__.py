"""Typed cross-links: relations stated once and shown from both ends.

Resolves what entries state about each other, links ``[[slugs]]`` and ``[@sources]`` in
prose, keeps the coverage rules, and exports the graph as data.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from pelican import signals

from plugins.crosslinks.coverage import check_coverage
from plugins.crosslinks.graph import Resolver, check_citations, check_fragments
from plugins.crosslinks.links import fill_in
from plugins.library.entries import Library
from plugins.library.events import library_loaded
from plugins.library.text.document import Renderer
from plugins.problems import Problems


def resolve_relations(generator: Any, library: Library, renderer: Renderer, problems: Problems) -> None:
    """Build the graph, and say what the links and citations of a text become."""
    graph = generator.context["graph"] = Resolver(library, generator.settings["RELATIONS"], problems).resolve()
    renderer.changes.append(partial(fill_in, library, graph))


def check_graph(generators: list[Any]) -> None:
    """Check what can only be known once every page has been converted."""
    context = generators[0].context
    library, graph, problems = context["library"], context["graph"], context["problems"]
    check_fragments(graph, library, problems)
    check_citations(graph, library, problems)
    check_coverage(graph, library, problems)


def register() -> None:
    """Connect the cross-links to the library's and Pelican's signals."""
    library_loaded.connect(resolve_relations)
    signals.all_generators_finalized.connect(check_graph)

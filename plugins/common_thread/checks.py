"""What only this site asks of its graph."""

from __future__ import annotations

from plugins.crosslinks.graph import Graph
from plugins.library.entries import Library
from plugins.problems import Problems


def check_first_tries(graph: Graph, library: Library, problems: Problems) -> None:
    """A strategy that a sign names under ``try_first`` must strengthen that sign."""
    for sign in library.of_kind("sign"):
        for relation in graph.outgoing(sign, "starts-with"):
            if sign not in graph.targets(relation.target, "strengthens"):
                problems.add(
                    sign.path,
                    relation.line,
                    "first-try",
                    f"'try_first' names '{relation.target.slug}', which does not strengthen '{sign.slug}'.",
                    f"Add '{sign.slug}' to 'strengthens' in {relation.target.path}, or remove it here.",
                )

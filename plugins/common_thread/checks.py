"""Whether what was resolved is sound: the checks of the plugins, and what only this site asks."""

from __future__ import annotations

from plugins.common_thread.addresses import Redirects, check_addresses, check_redirects
from plugins.common_thread.kind import AnyKind
from plugins.common_thread.needs import check_needed
from plugins.crosslinks.graph import Graph
from plugins.helplines.blocks import check_help
from plugins.helplines.desk import HelpDesk
from plugins.library.entries import Entry, Library
from plugins.library.kinds import Kinds
from plugins.problems import Problems


def check_site(library: Library, graph: Graph[Entry], redirects: Redirects, problems: Problems) -> None:
    """Note what is missing, what stands in the place of something else, and first tries that feed nothing."""
    check_needed(library, problems)
    check_addresses(library, problems)
    check_redirects(redirects, library, problems)
    if not library.broken:
        check_first_tries(graph, library, problems)


def check_texts(kinds: Kinds[AnyKind], library: Library, problems: Problems) -> None:
    """Let each kind say what is wrong with the texts of its entries.

    One that could not be read is not looked at.
    """
    for kind in kinds.values():
        for entry in library.of_kind(kind.name):
            body = library.bodies.get(entry.slug)
            if body is not None and not body.unread:
                kind.check(entry, body, problems)


def check_helps(library: Library, desk: HelpDesk, problems: Problems) -> None:
    """Note each page that promises help lines and has none to show."""
    known = None if "content/data/helplines.yaml" in library.lost else desk
    for slug, entry in library.entries.items():
        body = library.bodies.get(slug)
        if body is not None and not body.unread:
            check_help(entry, body, known, problems)


def check_first_tries(graph: Graph[Entry], library: Library, problems: Problems) -> None:
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

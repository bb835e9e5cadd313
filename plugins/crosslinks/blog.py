"""The cross-links in an ordinary Pelican site: its articles and pages are the nodes.

Relations are settings and metadata, links are ``[[slug]]`` in any text; templates get
``article.crosslinks`` and ``page.crosslinks``, and other programs ``crosslinks.json``.
"""

from __future__ import annotations

import difflib
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import Field

from ..problems import LibraryError, Problems, did_you_mean, is_named, shown
from ..problems.models import Id, Strict, Text, validate
from ..problems.settings import setting
from .coverage import check_coverage, read_coverage
from .graph import Graph
from .nodes import Sources
from .posts import Post, Posts, items_of, line_of, posts_of
from .prose import LINK, with_links
from .relations import ANY, MENTIONS, Relations, RelationType
from .resolving import check_graph, resolve_relations

NOTHING = (
    "CROSSLINKS_RELATIONS names nothing and no text has a [[link]], so nothing is related. "
    "Name a type of relation, or take the plugin out of PLUGINS."
)
TEMPLATES = Path(__file__).with_name("templates")
TAKEN = frozenset(
    (
        *("author", "authors", "category", "content", "date", "lang", "modified", "save_as", "slug"),
        *("status", "summary", "tags", "template", "title", "translation", "url", "crosslinks"),
    )
)
"""Metadata with a meaning of its own."""


class RelationSetting(Strict):
    """One of ``CROSSLINKS_RELATIONS``; ``from`` and ``to`` are ``article``, ``page`` or left out for both."""

    name: Id
    forward: Text
    inverse: Text | None = None
    source: str = Field(default=ANY, alias="from", pattern="^(article|page|entry)$")
    target: str = Field(default=ANY, alias="to", pattern="^(article|page|entry)$")
    symmetric: bool = False


@dataclass(frozen=True)
class Link:
    """What a template shows: a page and why it stands here."""

    title: str
    url: str
    because: str


@dataclass(frozen=True)
class Group:
    """Links under the wording of their relation."""

    label: str
    links: tuple[Link, ...]


def relations_of(settings: Mapping[str, Any], problems: Problems) -> Relations:
    """Return the types of relation that the settings name."""
    types: list[RelationType] = []
    given = settings.get("CROSSLINKS_RELATIONS", ())
    path, data = setting("CROSSLINKS_RELATIONS", given)
    if not isinstance(given, list | tuple):
        message, cure = f"CROSSLINKS_RELATIONS is {shown(given)}, and no list.", 'Write [{"name": …}, …].'
        problems.add(path, data.line(()), "setting", message, cure)
        return Relations(())
    for at, item in enumerate(data.items()):
        one, line = validate(RelationSetting, item, path, problems), data.line((at, "name"))
        if one is not None and one.name in TAKEN:
            message = f"CROSSLINKS_RELATIONS names {shown(one.name)}, which means something else in a file."
            problems.add(path, line, "taken", message, "Choose another name.")
        elif one is not None and any(one.name == other.name for other in types):
            message = f"CROSSLINKS_RELATIONS names {shown(one.name)} twice."
            problems.add(path, line, "twice", message, "Rename or remove one of them.")
        elif one is not None:
            inverse = one.inverse or (one.forward if one.symmetric else f"{one.forward} (from there)")
            types.append(
                RelationType(one.name, one.source, one.target, one.name, one.forward, inverse, one.symmetric)
            )
    return Relations(types)


def groups_of(graph: Graph[Post], post: Post, lang: str) -> tuple[Group, ...]:
    """Return what templates show beside a post: its relations from both ends, and where it is mentioned."""

    def link(other: Post, because: str) -> Link:
        content = other.in_language(lang)
        return Link(content.title, content.url, because)

    groups = [
        Group(words, tuple(link(other, because) for other, because in found))
        for words, found in graph.both_ends(post)
    ]
    mentions = tuple(link(one.source, one.because) for one in graph.backlinks(post))
    return (*groups, *([Group(MENTIONS.inverse, mentions)] if mentions else []))


def to_data(graph: Graph[Post]) -> dict[str, Any]:
    """Return the graph for other programs."""
    return {
        "version": "1.0",
        "relation_types": [
            {"name": one.name, "forward": one.forward, "inverse": one.inverse, "symmetric": one.symmetric}
            for one in graph.types.values()
        ],
        "relations": [
            {"from": one.source.slug, "type": one.type.name, "to": one.target.slug, "because": one.because}
            for one in graph.relations
        ],
    }


def offer_templates(pelican: Any) -> None:
    """Let ``{% include "crosslinks.html" %}`` work in any theme; a file of the site goes before it."""
    settings = pelican.settings
    settings["THEME_TEMPLATES_OVERRIDES"] = [*settings.get("THEME_TEMPLATES_OVERRIDES", ()), str(TEMPLATES)]


def is_wanted(settings: Mapping[str, Any]) -> bool:
    """Tell whether a site asks for links; it need not, where the plugin is only installed."""
    return is_named(settings) or "CROSSLINKS_RELATIONS" in settings or "CROSSLINKS_COVERAGE" in settings


def relate(generators: list[Any]) -> None:
    """Relate all articles and pages; raises :class:`LibraryError` with everything that does not hold."""
    settings, problems = generators[0].settings, Problems()
    if not is_wanted(settings):
        logging.getLogger(__name__).info("No setting asks for links: nothing is done.")
        return
    types = relations_of(settings, problems)
    posts = posts_of(generators, Path(settings["PATH"]).parent, problems)
    graph = resolve_relations(posts, types, Sources(), (), problems)
    check_graph(graph, posts, Sources(), problems)
    path, rules = setting("CROSSLINKS_COVERAGE", settings.get("CROSSLINKS_COVERAGE", []))
    coverage = read_coverage(rules, path, problems, kinds=("article", "page"))
    check_coverage(graph, posts, coverage, problems)
    _check_translations(posts, problems)
    _look_for_slips(posts, types, problems)
    problems.raise_errors()
    for problem in problems.warnings:
        logging.getLogger(__name__).warning(str(replace(problem, warning=False)))
    if set(types) == {MENTIONS.name} and not graph.relations:
        path, given = setting("CROSSLINKS_RELATIONS", settings.get("CROSSLINKS_RELATIONS", ()))
        logging.getLogger(__name__).warning("%s:%s: %s", path, given.line(()), NOTHING)
    public = _without_hidden(graph)
    for post in posts.pages():
        for content in (post.content, *post.content.translations):
            content.crosslinks = groups_of(graph if post.is_hidden else public, post, content.lang)
            _link(content, posts)
    for post in posts.held.values():
        _link(post.content, posts)
    _write(public, Path(settings["OUTPUT_PATH"]))


def _without_hidden(graph: Graph[Post]) -> Graph[Post]:
    """Return the graph without what only hidden posts state: nobody is led to them by it."""
    public: Graph[Post] = Graph(graph.types)
    for relation in graph.relations:
        if not relation.source.is_hidden:
            public.add(relation)
    return public


def _look_for_slips(posts: Posts, types: Relations, problems: Problems) -> None:
    """Warn of what is no fault in itself and looks like one: nothing comes of it, and nobody is told."""
    names = {one.field for one in types.values() if one.field}
    for post in posts.pages():
        for key, value in post.content.metadata.items():
            line = line_of(post.content.source_path, rf":?{re.escape(key)}:", "")
            if key in names and not any(items_of(value)):
                message = f"'{key}' names nothing."
                problems.warn(post.path, line, "empty", message, "Name a slug, or take the line out.")
            close = difflib.get_close_matches(key, names - {key}, n=1, cutoff=0.8)
            if close and key not in names | TAKEN:
                message = f"'{key}' is no relation of CROSSLINKS_RELATIONS."
                problems.warn(post.path, line, "key", message, did_you_mean(key, close))
        for words in posts.bodies[post.slug].odd:
            link = LINK.fullmatch(words)  # that markup within it takes apart
            line = line_of(post.content.source_path, "", f"[[{link[1]}|" if link else words)
            cure = (
                "Write [[slug]], [[slug#heading]] or [[slug|words]], and no markup in it; or mark it as code."
            )
            problems.warn(post.path, line, "link", f"{shown(words)} makes no link.", cure)


def _check_translations(posts: Posts, problems: Problems) -> None:
    """Note links of translations that lead nowhere; an original is looked at with its relations."""
    for content, path, mentions in posts.translated():
        for one in mentions:
            if one.slug not in posts.entries:
                message, cure = f"'[[…]]' names no entry '{one.slug}'.", did_you_mean(one.slug, posts.entries)
                problems.add(
                    path, line_of(content.source_path, "", f"[[{one.slug}"), "unknown", message, cure
                )


def _link(content: Any, posts: Posts) -> None:
    """Make links of a text's ``[[slug]]``; any text without one stays as its reader made it."""
    if "[[" in content._content:
        known = {**posts.held, **posts.entries}
        content._content = with_links(content._content, lambda slug: _address(known, slug, content.lang))


def _write(graph: Graph[Post], output: Path) -> None:
    output.mkdir(parents=True, exist_ok=True)
    text = json.dumps(to_data(graph), ensure_ascii=False, indent=1)
    (output / "crosslinks.json").write_text(f"{text}\n", encoding="utf-8")


def _address(known: Mapping[str, Post], slug: str, lang: str) -> tuple[str, str] | None:
    """Return what leads to a post in Pelican's own words, so that it is resolved like any other link."""
    if slug not in known:
        return None
    content = known[slug].in_language(lang)
    return f"{{filename}}/{content.get_relative_source_path()}", content.title


__all__ = ["LibraryError", "offer_templates", "relate"]

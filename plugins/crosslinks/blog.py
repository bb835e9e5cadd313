"""The cross-links in an ordinary Pelican site: its articles and pages are the nodes.

Relations are settings and metadata, links are ``[[slug]]`` in any text; templates get
``article.crosslinks`` and ``page.crosslinks``, and other programs ``crosslinks.json``.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import Field

from ..problems import LibraryError, Problems, shown
from ..problems.models import Id, Strict, Text, validate
from ..problems.yaml_data import YamlData
from .graph import Graph
from .nodes import Sources
from .prose import Prose, read_prose, with_links
from .relations import ANY, MENTIONS, Relations, RelationType
from .resolving import check_graph, resolve_relations

SETTINGS = "pelicanconf.py"
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
class PostKind:
    """``article`` or ``page``."""

    name: str


@dataclass(frozen=True)
class Post:
    """An article or a page, as a node."""

    kind: PostKind
    slug: str
    title: str
    url: str
    path: str
    content: Any = field(compare=False, repr=False)
    order: int = 0

    def named(self, key: str, item_key: str = "") -> Iterator[tuple[str, str, int]]:
        """Yield (slug, reason, line) of each page that the metadata ``key`` names."""
        for slug, because in items_of(self.content.metadata.get(key)):
            yield slug, because, line_of(self.content.source_path, rf":?{re.escape(key)}:", slug)


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


@dataclass(frozen=True)
class Posts:
    """All articles and pages of a site, by slug."""

    entries: Mapping[str, Post]
    held: Mapping[str, Post]
    bodies: Mapping[str, Prose]
    broken: tuple[str, ...] = ()

    def pages(self) -> Iterable[Post]:
        """Yield the published ones."""
        return self.entries.values()

    def of_kind(self, name: str) -> list[Post]:
        """Return the articles, or the pages."""
        return [post for post in self.entries.values() if post.kind.name == name]

    def may_be_lost(self, words: str, data_file: str = "") -> bool:
        """Tell that Pelican has read everything, or has said what it could not read."""
        return False


def items_of(value: object) -> Iterator[tuple[str, str]]:
    """Yield (slug, reason) of a piece of metadata.

    ``one, another``; or a list of ``slug`` and ``slug: reason``, as Markdown's lines or YAML give it.
    """
    if isinstance(value, str):
        yield from (_item(part) for part in ([value] if ": " in value else value.split(",")) if part.strip())
    elif isinstance(value, Mapping):
        yield from ((str(slug), str(because or "")) for slug, because in value.items())
    elif isinstance(value, Iterable):
        for part in value:
            yield from [_item(part)] if isinstance(part, str) and part.strip() else items_of(part)


def _item(text: str) -> tuple[str, str]:
    slug, _, because = text.partition(": ")
    return slug.strip(), because.strip()


def line_of(path: str, start: str, words: str) -> int:
    """Return the line of ``words`` in a file, after one that begins like ``start``; 1 if nobody knows."""
    try:
        lines = Path(path).read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return 1
    first = next((at for at, line in enumerate(lines) if re.match(start, line.strip(), re.I)), 0)
    return next((at + 1 for at, line in enumerate(lines) if at >= first and words in line), first + 1)


def relations_of(settings: Mapping[str, Any], problems: Problems) -> Relations:
    """Return the types of relation that the settings name."""
    types = []
    for item in settings.get("CROSSLINKS_RELATIONS", ()):
        one = validate(RelationSetting, YamlData(item, {}), SETTINGS, problems)
        if one is not None and one.name in TAKEN:
            message = f"CROSSLINKS_RELATIONS names {shown(one.name)}, which means something else in a file."
            problems.add(SETTINGS, 1, "taken", message, "Choose another name.")
        elif one is not None:
            inverse = one.inverse or (one.forward if one.symmetric else f"{one.forward} (from there)")
            types.append(
                RelationType(one.name, one.source, one.target, one.name, one.forward, inverse, one.symmetric)
            )
    return Relations(types)


def posts_of(generators: Iterable[Any], root: Path, problems: Problems) -> Posts:
    """Return what Pelican's own generators have read; translations are as their original."""
    entries: dict[str, Post] = {}
    held: dict[str, Post] = {}
    for generator in generators:
        for kind in ("article", "page"):
            for name in (f"{kind}s", f"hidden_{kind}s"):
                for content in getattr(generator, name, ()):
                    post = _post(kind, content, root)
                    other = entries.setdefault(post.slug, post)
                    if other is not post:
                        message = f"the slug '{post.slug}' is that of {other.path} too."
                        problems.add(post.path, 1, "twice", message, "Give one of them another 'slug'.")
            for name in ("drafts",) if kind == "article" else ("draft_pages",):
                held |= {content.slug: _post(kind, content, root) for content in getattr(generator, name, ())}
    bodies = {slug: _numbered(read_prose(post.content._content), post) for slug, post in entries.items()}
    return Posts(entries, held, bodies)


def _post(kind: str, content: Any, root: Path) -> Post:
    path = os.path.relpath(content.source_path, root)
    return Post(PostKind(kind), content.slug, content.title, content.url, path, content)


def _numbered(prose: Prose, post: Post) -> Prose:
    """Return a text whose mentions know their lines."""
    path = post.content.source_path
    found = (replace(one, line=line_of(path, "", f"[[{one.slug}")) for one in prose.references)
    return replace(prose, references=tuple(found))


def groups_of(graph: Graph[Post], post: Post) -> tuple[Group, ...]:
    """Return what templates show beside a post: its relations from both ends, and where it is mentioned."""
    groups = [
        Group(words, tuple(Link(other.title, other.url, because) for other, because in found))
        for words, found in graph.both_ends(post)
    ]
    mentions = tuple(Link(one.source.title, one.source.url, one.because) for one in graph.backlinks(post))
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


def relate(generators: list[Any]) -> None:
    """Relate all articles and pages; raises :class:`LibraryError` with everything that does not hold."""
    settings, problems = generators[0].settings, Problems()
    types = relations_of(settings, problems)
    posts = posts_of(generators, Path(settings["PATH"]).parent, problems)
    graph = resolve_relations(posts, types, Sources(), (), problems)
    check_graph(graph, posts, Sources(), problems)
    problems.raise_errors()
    for post in posts.pages():
        post.content.crosslinks = groups_of(graph, post)
        for content in (post.content, *post.content.translations):
            if "[[" in content._content:  # any other stays as its reader made it
                content._content = with_links(content._content, lambda slug: _address(posts, slug))
    output = Path(settings["OUTPUT_PATH"])
    output.mkdir(parents=True, exist_ok=True)
    text = json.dumps(to_data(graph), ensure_ascii=False, indent=1)
    (output / "crosslinks.json").write_text(f"{text}\n", encoding="utf-8")


def _address(posts: Posts, slug: str) -> tuple[str, str] | None:
    """Return what leads to a post in Pelican's own words, so that it is resolved like any other link."""
    post = posts.entries.get(slug)
    return (f"{{filename}}/{post.content.get_relative_source_path()}", post.title) if post else None


__all__ = ["LibraryError", "offer_templates", "relate"]

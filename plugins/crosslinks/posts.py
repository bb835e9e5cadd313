"""The articles and pages of an ordinary Pelican site, as nodes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..problems import Problems
from .prose import Mention, Prose, read_prose


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
    is_hidden: bool = False

    def in_language(self, lang: str) -> Any:
        """Return the article or page in a language, or the original."""
        found = (one for one in self.content.translations if one.lang == lang)
        return self.content if self.content.lang == lang else next(found, self.content)

    def named(self, key: str, item_key: str = "") -> Iterator[tuple[str, str, int]]:
        """Yield (slug, reason, line) of each page that the metadata ``key`` names."""
        for slug, because in items_of(self.content.metadata.get(key)):
            yield slug, because, line_of(self.content.source_path, rf":?{re.escape(key)}:", slug)


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

    def translated(self) -> Iterator[tuple[Any, str, tuple[Mention, ...]]]:
        """Yield each translation, its file, and what its text mentions."""
        for post in self.entries.values():
            for content in post.content.translations:
                path = (Path(post.path).parent / Path(content.source_path).name).as_posix()
                yield content, path, read_prose(content._content).references

    def of_kind(self, name: str) -> list[Post]:
        """Return the articles, or the pages."""
        return [post for post in self.entries.values() if post.kind.name == name]

    def may_be_lost(self, words: str, data_file: str = "") -> bool:
        """Tell that Pelican has read everything, or has said what it could not read."""
        return False


def items_of(value: object) -> Iterator[tuple[str, str]]:
    """Yield (slug, reason) of a piece of metadata.

    ``one, another``; or a list of ``slug`` and ``slug: reason``, as Markdown's lines, reST's or YAML give it.
    """
    if isinstance(value, str) and "\n" in value.strip():
        yield from items_of(value.split("\n"))
    elif isinstance(value, str):
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


def posts_of(generators: Iterable[Any], root: Path, problems: Problems) -> Posts:
    """Return what Pelican's own generators have read; translations are as their original."""
    entries: dict[str, Post] = {}
    held: dict[str, Post] = {}
    for generator in generators:
        for kind in ("article", "page"):
            for name in (f"{kind}s", f"hidden_{kind}s"):
                for content in getattr(generator, name, ()):
                    post = _post(kind, content, root, is_hidden=name.startswith("hidden"))
                    other = entries.setdefault(post.slug, post)
                    if other is not post:
                        message = f"the slug '{post.slug}' is that of {other.path} too."
                        problems.add(post.path, 1, "twice", message, "Give one of them another 'slug'.")
            for name in ("drafts",) if kind == "article" else ("draft_pages",):
                held |= {content.slug: _post(kind, content, root) for content in getattr(generator, name, ())}
    bodies = {slug: _numbered(read_prose(post.content._content), post) for slug, post in entries.items()}
    return Posts(entries, held, bodies)


def _post(kind: str, content: Any, root: Path, *, is_hidden: bool = False) -> Post:
    path = os.path.relpath(content.source_path, root)
    return Post(PostKind(kind), content.slug, content.title, content.url, path, content, is_hidden=is_hidden)


def _numbered(prose: Prose, post: Post) -> Prose:
    """Return a text whose mentions know their lines."""
    path = post.content.source_path
    found = (replace(one, line=line_of(path, "", f"[[{one.slug}")) for one in prose.references)
    return replace(prose, references=tuple(found))

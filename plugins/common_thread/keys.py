"""The keys of front matter in words: for a new file, and for editors that show help while one types."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.common_thread.kind import AnyKind

SHARED = {
    "title": "Sentence case, at most 60 characters; a question's title is the question.",
    "summary": "What search engines and cards show, 60 to 155 characters; no other page has the same.",
    "reviewed": "The day somebody last held the page against the house rules.",
    "reviewed_by": "Who that was; readers do not see it.",
    "slug": "Not needed: the file name is the slug.",
    "status": "A draft is held back.",
    "date": "Until that day the entry is held back.",
    "updated": "The day of the last change that matters to a reader.",
    "safety": "A page about fear and danger: it gets the quick exit and a neutral tab.",
    "quick_exit": "Another page that a reader who is afraid may meet first: it gets the quick exit.",
    "tab_title": "The neutral title for the tab and the share card of a safety page.",
    "image": "A picture for the page: its file below content/, what it shows, whose it is.",
    "allow": "Rules for words that this entry may break, each with its reason.",
}
"""Keys that every kind has."""


@dataclass(frozen=True)
class Key:
    """A key of a new file, the remark above it (lines that start with ``#``), and what stands there."""

    name: str
    remark: str
    value: str


def keys_of(kind: AnyKind) -> list[Key]:
    """Return the keys of a kind in their order, each with the remark above it."""
    found, remark = list[Key](), ""
    for line in kind.keys.splitlines():
        if line.startswith("#"):
            remark += f"{line}\n"
        else:
            name, _, value = line.partition(":")
            found.append(Key(name, remark, value.strip()))
            remark = ""
    return found


def help_for(kind: AnyKind) -> dict[str, str]:
    """Return what each key of a kind is for, as far as anybody has said it."""
    own = {key.name: " ".join(key.remark.replace("#", "").split()) for key in keys_of(kind)}
    return {**SHARED, **{name: words for name, words in own.items() if words}}

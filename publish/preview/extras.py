"""Pages that only the preview has: each room of them is one line in :data:`EXTRAS`.

The server asks the function of an extra in a process of its own each time, so it sees the
content and the code as they are now, and may take its time or fail without harm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module


@dataclass(frozen=True)
class Request:
    """What a browser asks for: ``path`` is what follows the extra's prefix, ``site_url`` has no slash last.

    Whatever changes something comes from a page of the preview itself: the server has seen to that.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    site_url: str = ""


@dataclass(frozen=True)
class Answer:
    """What it gets."""

    body: bytes | str
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Extra:
    """A room of the preview: all below ``prefix`` (``/_desk/``) is answered by ``function``.

    ``function`` is named as ``package.module:name``, takes a :class:`Request` and returns an :class:`Answer`.
    ``label`` is what the preview's menu calls it; without one it is not shown there.
    Pages of one that ``follows`` load again whenever the site was made; in others somebody may be writing.
    """

    prefix: str
    function: str
    label: str = ""
    follows: bool = False


EXTRAS: tuple[Extra, ...] = (
    Extra("/_desk/", "publish.desk.pages:answer", "The desk", follows=True),
    Extra("/admin/", "publish.admin:answer", "Edit with forms"),
)
"""Add yours here."""


def answer(extra: Extra, request: Request) -> Answer:
    """Return what an extra answers."""
    module, _, name = extra.function.partition(":")
    found: Answer = getattr(import_module(module), name)(request)
    return found


def extra_for(path: str) -> Extra | None:
    """Return the extra that answers for an address, if one does."""
    return next((one for one in EXTRAS if path.startswith(one.prefix)), None)

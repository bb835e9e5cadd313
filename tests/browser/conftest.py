"""A page of the session's build, with script and without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


def _open(chromium: Any, served: str, **options: Any) -> Iterator[Any]:
    context = chromium.new_context(base_url=served, reduced_motion="reduce", **options)
    page = context.new_page()
    noise: list[str] = []
    page.on("console", lambda message: noise.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: noise.append(str(error)))
    yield page
    context.close()
    assert [text for text in noise if "ERR_INTERNET_DISCONNECTED" not in text] == []


@pytest.fixture
def page(chromium: Any, served: str) -> Iterator[Any]:
    """Yield an empty page with script on; its console has to stay free of errors."""
    yield from _open(chromium, served)


@pytest.fixture
def phone(chromium: Any, served: str) -> Iterator[Any]:
    """Yield an empty page on a small phone, script on."""
    yield from _open(chromium, served, viewport={"width": 360, "height": 740}, has_touch=True)


@pytest.fixture
def plain(chromium: Any, served: str) -> Iterator[Any]:
    """Yield an empty page with script off."""
    yield from _open(chromium, served, java_script_enabled=False)

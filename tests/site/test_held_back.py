"""Drafts and scheduled entries stay out of everything that is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from publish.build import build, run_pelican

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>x</title></svg>'
STRATEGY = """---
title: Whistle in the lift
summary: A strategy that nobody has published yet, so no page, feed or file may ever show it.
reviewed: 2026-11-22
{key}
time: 1 minute
minutes: 1
fits: [friend]
first_step: Whistle one bar of something.
addresses:
  - obstacle: lack-of-energy
    because: Whistling costs very little breath at all.
strengthens: [trust]
---

## What it is

Text with [[show-empathy]] and ![a whistle](/images/whistle.svg).

## When not to do this

## How to do it

## Try saying

## Common slips

## What the research says

## For friends, family and work
"""


@pytest.mark.parametrize("key", ["status: draft", "date: 2999-01-01"])
def test_what_is_held_back_is_in_no_output(key: str, content: Path, tmp_path: Path) -> None:
    """Not in a page, a feed, the sitemap, the JSON, a back-link or a picture."""
    (content / "strategies" / "whistle-in-the-lift.md").write_text(STRATEGY.format(key=key), encoding="utf-8")
    (content / "images").mkdir(exist_ok=True)
    (content / "images" / "whistle.svg").write_text(PICTURE, encoding="utf-8")
    output = tmp_path / "output"
    result = build(output, PATH=str(content))
    assert result.held == 1
    for path in output.rglob("*"):
        assert "whistle" not in path.name
        if path.is_file():
            assert b"histle" not in path.read_bytes(), path


def test_a_scheduled_entry_comes_out_on_its_day(content: Path, tmp_path: Path) -> None:
    """The day in its front matter is enough to publish it."""
    import datetime as dt

    path = content / "strategies" / "whistle-in-the-lift.md"
    path.write_text(
        STRATEGY.format(key="date: 2999-01-01").replace(" and ![a whistle](/images/whistle.svg)", "")
    )
    site = run_pelican(tmp_path / "output", PATH=str(content), TODAY=dt.date(2999, 1, 1))
    assert "whistle-in-the-lift" in site.resolved.library.entries
    assert (tmp_path / "output/strategies/whistle-in-the-lift/index.html").is_file()

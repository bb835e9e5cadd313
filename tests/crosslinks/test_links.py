"""Links, cards and citations are read off the source with line, sentence and heading."""

from __future__ import annotations

from plugins.crosslinks.links import Found, find_links, plain_words

TEXT = """Intro with [[one]]. Another one.

## A heading

First. See [[two#part|the *second*]], friend! Last. [@smith-2020]
`[[not-a-link]]`

[[cards: three, four]]

```
[[nor-this]]
```
"""


def test_links_know_where_they_stand() -> None:
    """Each has its line, its sentence and the heading above it; code is left alone."""
    found = list(find_links(TEXT, 10))
    assert [(link.kind, link.slug, link.line) for link in found] == [
        ("link", "one", 10),
        ("link", "two", 14),
        ("cite", "smith-2020", 14),
        ("card", "three", 17),
        ("card", "four", 17),
    ]
    assert found[0].context == "Intro with [[one]]."
    assert found[1] == Found(
        "link", "two", 14, "part", "the *second*", "See [[two#part|the *second*]], friend!", "A heading"
    )


def test_context_is_what_the_reader_sees() -> None:
    """A sentence is shown with titles for slugs and without marks."""
    words = plain_words("- See [[two]] or [[x|this *one*]]. [@a-2020]", str.upper)
    assert words == "- See TWO or this one."

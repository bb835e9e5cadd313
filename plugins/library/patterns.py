"""The page patterns: which headings each kind of page has, and in which order."""

from __future__ import annotations

from plugins.library.entries import Entry
from plugins.library.text.body import Body
from plugins.problems import Problems, with_article


def check_pattern(entry: Entry, body: Body, problems: Problems) -> None:
    """Note each heading of the kind's pattern that is missing or out of order."""
    wanted = list(entry.kind.headings)
    have = [heading.text for heading in body.headings if heading.level == 2]
    for heading in wanted:
        if heading not in have:
            problems.add(
                entry.path,
                entry.body_line,
                "pattern",
                f"the heading '## {heading}' is missing.",
                f"The headings of {with_article(entry.kind.name)} are: {' · '.join(wanted)}.",
            )
    found = [heading for heading in have if heading in wanted]
    in_order = [heading for heading in wanted if heading in found]
    if found != in_order:
        problems.add(
            entry.path,
            entry.body_line,
            "pattern",
            f"the headings stand in the order {' · '.join(found)}.",
            f"Put them in the order {' · '.join(in_order)}.",
        )

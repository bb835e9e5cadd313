"""``[[help: …]]`` on a line of its own: where a page shows help lines.

:func:`check_help` sees to it that what a page promises is there.
"""

from __future__ import annotations

from plugins.helplines.desk import BLOCKS, HelpDesk
from plugins.library.entries import Entry
from plugins.library.text.body import Body
from plugins.library.text.markers import MarkerRule
from plugins.problems import Problems, did_you_mean, shown

HELP_MARKER = MarkerRule("help")
"""What an editor writes to ask for a block."""
NEEDED = {"guide": ("emergency", "lines"), "faq": ("short",)}
"""What a safety page of a kind can't be without."""


def check_help(entry: Entry, body: Body, desk: HelpDesk | None, problems: Problems) -> None:
    """Note a marker that is unknown or has nothing to show, and a safety page without help.

    ``desk`` is None where the data could not be read: then nobody knows what there would be to show.
    """
    blocks = {", ".join(node.words): node.line for node in body.markers if node.name == HELP_MARKER.name}
    for name, line in blocks.items():
        fault = _fault(name, desk)
        if fault:
            problems.add(entry.path, line, "help", *fault)
    for name in NEEDED.get(entry.kind.name, ()) if entry.front.safety else ():
        if name not in blocks and not (entry.kind.name == "faq" and blocks):
            message = f"a safety page of this kind shows {BLOCKS[name]}, and this one does not."
            problems.add(entry.path, entry.body_line, "help", message, f"Add a line [[help: {name}]].")


def _fault(name: str, desk: HelpDesk | None) -> tuple[str, str] | None:
    if name not in BLOCKS:
        return f"there is no help block {shown(name)}.", did_you_mean(name, BLOCKS)
    if desk is not None and not desk.has(name):
        cure = "Add what it lists to content/data/helplines.yaml."
        return f"the page promises {BLOCKS[name]}, and there is none to show.", cure
    return None

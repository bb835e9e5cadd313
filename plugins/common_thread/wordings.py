"""What the pages that no file under ``content/`` stands for are called, and how they introduce themselves."""

import re

from plugins.common_thread.kind import Wording
from plugins.library.filters import in_words

PLACES = {
    "map": Wording(
        "The map",
        "The whole library on one page: which strategy helps with which obstacle and why, and which sign "
        "it feeds.",
    ),
    "evidence": Wording(
        "Evidence",
        "Every study this library cites: what it found, how far that goes, how we checked it, and which "
        "pages rest on it.",
    ),
    "finder": Wording(
        "What’s in your way?",
        "Say what gets in the way, how long you have and who it is with, and see which strategies may help "
        "and why.",
    ),
    "search": Wording(
        "Search",
        "Search every guide, strategy, obstacle, sign and question of the library, or look through all of "
        "them from A to Z.",
    ),
    "offline": Wording(
        "Read offline",
        "Keep the pages you open, or the whole library, on this device, and read them without a network. "
        "One button removes them all again.",
    ),
}
"""Pages that show the library as a whole, by their address."""


_CHOICE = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")


def counted(text: str, count: int) -> str:
    """Return ``text`` with ``{count}`` filled in, as a sentence begins, and ``{one|more}`` chosen."""
    chosen = _CHOICE.sub(lambda match: match[1 if count == 1 else 2], text)
    return chosen.replace("{count}", in_words(count).capitalize())

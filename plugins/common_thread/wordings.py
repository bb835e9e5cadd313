"""What the pages that no file under ``content/`` stands for are called, and how they introduce themselves.

``{count}`` is how many entries the page shows, in words.
"""

from __future__ import annotations

from dataclasses import dataclass

COUNTS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


@dataclass(frozen=True)
class Wording:
    """The title of a page, its heading (the title, if empty), and its description."""

    title: str
    description: str
    heading: str = ""


INDEXES = {
    "guide": Wording(
        "Guides",
        "Longer reads on feeling closer: where to begin, what gets in the way, and what to do when it is hard.",
    ),
    "strategy": Wording(
        "Strategies",
        "{count} small things to do, each with its time, whom it suits and a first step, grouped by the sign it feeds.",
    ),
    "obstacle": Wording(
        "Obstacles",
        "{count} things that commonly get in the way of closeness, each with why it happens, a first step and what helps.",
        "What’s in the way",
    ),
    "sign": Wording(
        "Signs",
        "{count} signs that show how connection is doing, what each looks like when strong or quiet, and what to try first.",
        "Signs of connection",
    ),
    "benefit": Wording(
        "Benefits",
        "What closeness can give, what research says about it, how far that goes, and which strategies lead there.",
        "What closeness can give",
    ),
    "faq": Wording(
        "Questions",
        "Short, sourced answers to what people ask about closeness: the basics, everyday life, different people and hard times.",
        "Questions people ask",
    ),
    "quiz": Wording(
        "Quizzes",
        "{count} private self-quizzes. Your answers stay in your browser, and each result leads to something small you can do.",
    ),
}
"""The index page of each kind."""

PLACES = {
    "map": Wording(
        "The map",
        "The whole library on one page: which strategy helps with which obstacle and why, and which sign it feeds.",
    ),
    "evidence": Wording(
        "Evidence",
        "Every study this library cites: what it found, how far that goes, how we checked it, and which pages rest on it.",
    ),
    "finder": Wording(
        "What’s in your way?",
        "Say what gets in the way, how long you have and who it is with, and see which strategies may help and why.",
    ),
    "search": Wording(
        "Search",
        "Search every guide, strategy, obstacle, sign and question of the library, or look through all of them from A to Z.",
    ),
    "offline": Wording(
        "Read offline",
        "Keep the pages you open, or the whole library, on this device, and read them without a network. One button removes them all again.",
    ),
}
"""Pages that show the library as a whole, by their address."""


def in_words(count: int) -> str:
    """Return a number below a hundred in words, a larger one in digits."""
    if count < len(COUNTS):
        return COUNTS[count]
    if count >= 100:
        return str(count)
    tens, ones = divmod(count, 10)
    return f"{TENS[tens]}-{COUNTS[ones]}" if ones else TENS[tens]


def counted(text: str, count: int) -> str:
    """Return ``text`` with ``{count}`` filled in, as it stands at the start of a sentence."""
    return text.replace("{count}", in_words(count).capitalize())

"""The kinds of entry: folder, schema, address and page pattern of each."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.library import schema


@dataclass(frozen=True)
class Kind:
    """One kind of entry.

    ``headings`` are the ``##`` headings its page pattern asks for, in order;
    ``note`` tells whether its pages carry the standard safety note.
    """

    name: str
    folder: str
    front: type[schema.Front]
    label: str
    plural: str
    headings: tuple[str, ...] = ()
    note: bool = False

    def url(self, slug: str) -> str:
        """Return the site-absolute address of an entry, without any base path."""
        if self.name != "page":
            return f"/{self.folder}/{slug}/"
        return {"home": "/", "404": "/404.html"}.get(slug, f"/{slug}/")

    @property
    def index_url(self) -> str:
        """Return the site-absolute address of the page that lists this kind."""
        return "/" if self.name == "page" else f"/{self.folder}/"


MARKDOWN_KINDS = (
    Kind("guide", "guides", schema.GuideFront, "Guide", "Guides", note=True),
    Kind(
        "strategy",
        "strategies",
        schema.StrategyFront,
        "Strategy",
        "Strategies",
        headings=(
            "What it is",
            "When not to do this",
            "How to do it",
            "Try saying",
            "Common slips",
            "What the research says",
            "For friends, family and work",
        ),
        note=True,
    ),
    Kind(
        "obstacle",
        "obstacles",
        schema.ObstacleFront,
        "Obstacle",
        "Obstacles",
        headings=("What it looks like", "Why it happens", "A first step", "When it is something else"),
        note=True,
    ),
    Kind(
        "sign",
        "signs",
        schema.SignFront,
        "Sign",
        "Signs",
        headings=("When it is strong", "When it is quiet", "Try first"),
    ),
    Kind("benefit", "benefits", schema.BenefitFront, "Benefit", "Benefits"),
    Kind("faq", "faq", schema.FaqFront, "Question", "Questions"),
    Kind("page", "pages", schema.PageFront, "Page", "Pages"),
)
QUIZ_KIND = Kind("quiz", "quizzes", schema.Front, "Quiz", "Quizzes", note=True)
KINDS = {kind.name: kind for kind in (*MARKDOWN_KINDS, QUIZ_KIND)}
BY_FOLDER = {kind.folder: kind for kind in KINDS.values()}

TOPICS = {
    "basics": "The basics",
    "everyday": "Everyday life",
    "different-people": "Different people, different bonds",
    "hard-times": "When it is hard",
    "safety-and-help": "Safety and help",
    "quiz": "About the quiz",
}
"""The FAQ's topics in reading order: slug to title."""

HARD_TOPICS = {"hard-times", "safety-and-help"}
"""FAQ topics whose answers carry the standard safety note."""

FITS = {"partner": "Partner", "family": "Family", "friend": "Friend", "coworker": "Colleague"}
"""Whom a strategy fits: value in the front matter to word on the page."""

TIMES = ((5, "Up to 5 minutes"), (15, "6 to 15 minutes"), (30, "16 to 30 minutes"), (600, "Longer"))
"""Groups for strategies by time needed: (at most so many minutes, title)."""

"""Self-quizzes: the quiz's own page, inside the frame of an entry."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.common_thread.kind import SiteKind, Wording
from plugins.common_thread.planner import Planner
from plugins.common_thread.views import EntryView, HelpView
from plugins.crosslinks.relations import RelationType
from plugins.library.entries import Entry
from plugins.library.schema import Front
from plugins.quiz.page import QuizFields, quiz_fields
from plugins.quiz.wordings import Wordings

SAY = Wordings(
    (
        ("add_up_parts", "For each sign, add up the points beside the answers to its lines."),
        (
            "compare_alike",
            "Your pictures look much alike. You could still pick one sign and ask each other: "
            "what made you answer as you did?",
        ),
    )
)
"""What a quiz page says here in other words: what is measured are signs."""


@dataclass(frozen=True)
class QuizView(EntryView):
    """A quiz: its questions, what they add up to, where each result leads, and who can help."""

    quiz: QuizFields
    help: HelpView


def view(planner: Planner, entry: Entry) -> QuizView:
    """Return what the page of a quiz shows."""
    fields = quiz_fields(planner.quizzes[entry.slug], planner.guidance, SAY)
    return QuizView(**vars(planner.common(entry)), quiz=fields, help=HelpView("short", planner.desk))


KIND = SiteKind(
    "quiz",
    "quizzes",
    Front,
    "Quiz",
    "Quizzes",
    note=lambda _front: True,
    suffix=".yaml",
    view=view,
    framed="quiz_framed",
    thing="Quiz",
    index=Wording(
        "Quizzes",
        "{count} private {self-quiz|self-quizzes}. Your answers stay in your browser, and each result "
        "leads to something small you can do.",
    ),
    relations=(
        RelationType("measures", "quiz", "sign", "", "measures", "is measured by"),
        RelationType("names", "quiz", "obstacle", "", "names", "is named by"),
        RelationType("suggests", "quiz", "strategy", "", "suggests", "is suggested by"),
    ),
)

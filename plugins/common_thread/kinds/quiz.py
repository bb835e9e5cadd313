"""Self-quizzes: the quiz's own page, inside the frame of an entry."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.common_thread.planner import Planner
from plugins.common_thread.views import EntryView
from plugins.library.entries import Entry
from plugins.quiz.page import QuizFields, quiz_fields


@dataclass(frozen=True)
class QuizView(EntryView):
    """A quiz: its questions, what they add up to, and where each result leads."""

    quiz: QuizFields


def view(planner: Planner, entry: Entry) -> QuizView:
    """Return what the page of a quiz shows."""
    fields = quiz_fields(planner.quizzes[entry.slug], planner.guidance)
    return QuizView(**vars(planner.common(entry)), quiz=fields)

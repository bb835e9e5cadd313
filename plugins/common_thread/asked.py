"""What plans of pages ask of this site, and what stands for each answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from plugins.common_thread.evidence import Evidence
from plugins.common_thread.popular import Popular
from plugins.crosslinks.graph import Graph
from plugins.library.asked import Answers, Asked, AskedLibrary, Noting
from plugins.library.entries import Entry, Library
from plugins.library.pictures import Picture
from plugins.quiz.model import Quiz
from plugins.voices.said import Voices


@dataclass(frozen=True)
class Sources:
    """All that pages are planned from and that editors change every day; see :meth:`heard`."""

    library: Library
    graph: Graph[Entry]
    evidence: Evidence
    quizzes: Mapping[str, Quiz]
    popular: Popular
    voices: Mapping[str, Voices]
    pictures: Mapping[str, Picture]

    def heard(self, asked: Asked) -> Sources:
        """Return the same, but with each question noted."""

        def called(word: str, whole: str = "") -> Callable[[Mapping[str, Any]], Any]:
            return lambda mapping: Noting(
                mapping, asked, lambda key, _: (f"{word} {key}",), (whole,) if whole else ()
            )

        return Sources(
            AskedLibrary(self.library, asked),
            self.graph.heard(lambda index, names: Noting(index, asked, names)),
            replace(self.evidence, studies=called("study", "studies")(self.evidence.studies), lines={}),
            called("quiz")(self.quizzes),
            replace(self.popular, reads=called("reads", "popular")(self.popular.reads), lines={}),
            called("voices")(self.voices),
            called("picture")(self.pictures),
        )

    def answers(self) -> Answers:
        """Return what stands for the answer to each question."""
        graph, studies, popular = self.graph, self.evidence.studies, self.popular.reads
        return Answers(
            self.library,
            {
                "links": graph.said_of,
                "cited": self._citing,
                "study": lambda source: tuple(studies[source]) if source in studies else (),
                "studies": lambda _: [tuple(study) for study in studies.values()],
                "quiz": self._quiz,
                "reads": lambda month: [*popular.get(month, {}).items()],
                "popular": lambda _: [(month, [*reads.items()]) for month, reads in popular.items()],
                "voices": lambda slug: [voice.model_dump() for voice in self.voices.get(slug, ())],
                "picture": self._picture,
            },
        )

    def _citing(self, source: str) -> object:
        return [(one.entry.slug, one.number) for one in self.graph.cited_by.get(source, ())]

    def _quiz(self, slug: str) -> object:
        """Return what a quiz is made from: its file, and what kind each slug is of that it may name."""
        entry = self.library.entries.get(slug)
        return entry and entry.key, sorted(self.library.known.items())

    def _picture(self, name: str) -> object:
        picture = self.pictures.get(name)
        return picture and picture.stated

"""Who plans pages, and from what: all that editors change is asked for, all else is part of one recipe."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from plugins.assets.theme import Theme
from plugins.common_thread.asked import Sources
from plugins.common_thread.guidance import GraphGuidance
from plugins.common_thread.kind import AnyKind
from plugins.common_thread.plan import SiteWords, plan
from plugins.common_thread.planner import Planner
from plugins.common_thread.quizzes import prove_quizzes
from plugins.common_thread.structured import Describer
from plugins.common_thread.twins import TwinWriter
from plugins.common_thread.voices import ReaderVoices
from plugins.helplines.desk import HelpDesk
from plugins.library.code import code_of
from plugins.library.kinds import Kinds
from plugins.library.pages import Frame, Page
from plugins.library.plans import Unit
from plugins.library.rendering import sources
from plugins.library.store import content_key
from plugins.library.text.reading import Reader
from plugins.sharing.heads import Sharing


@dataclass(frozen=True)
class Planning:
    """Plans pages and gives them all that they say to programs; ``asked`` is what it looks things up in."""

    kinds: Kinds[AnyKind]
    asked: Sources
    theme: Theme
    desk: HelpDesk
    voices: ReaderVoices
    frame: Frame
    sharing: Sharing

    def units(self) -> Iterator[Unit]:
        """Yield what plans all pages of the site."""
        asked = self.asked
        voices = replace(self.voices, voices=asked.voices)
        planner = Planner(
            self.kinds, asked.library, asked.graph, asked.evidence, self.theme.drawings, asked.pictures,
            asked.quizzes, GraphGuidance(asked.library, asked.graph), self.desk, self.frame.base,
            asked.popular, voices,
        )  # fmt: skip
        dress = partial(self._dressed, self.twins(asked), self._describer())
        for unit in plan(planner, SiteWords(self.frame.site)):
            yield replace(unit, make=partial(_each, unit.make, dress))

    def twins(self, found: Sources) -> TwinWriter:
        """Return what writes twins of what is found there."""
        refuge = self.frame.links["refuge"]
        return TwinWriter(
            self.kinds, found.library, found.graph, found.evidence, self.frame.origin, refuge, self.desk,
            found.quizzes,
        )  # fmt: skip

    def _describer(self) -> Describer:
        frame, asked = self.frame, self.asked
        return Describer(
            self.kinds, asked.library, asked.graph, frame.site, frame.slogan, frame.origin, frame.language,
            asked.quizzes, asked.voices,
        )  # fmt: skip

    def _dressed(self, twins: TwinWriter, describer: Describer, page: Page) -> Page:
        """Return a page with its twin, what it is shared with, and its structured data."""
        if page.copy_of:
            return page
        dressed = self.sharing.dressed(replace(page, twin=twins.twin(page)))
        return replace(dressed, structured=describer.describe(dressed))

    def recipe(self) -> bytes:
        """Return what stands for all that is not asked for: code, settings, frame, drawings, help lines."""
        maker, voices = self.sharing.maker, self.voices
        code = code_of(Planning, prove_quizzes, Reader, self.kinds)  # and what read what they ask for
        kinds = [kind.stated for kind in self.kinds.values()]
        return content_key(
            code, kinds, self.frame, self.desk, voices.mail, voices.server, voices.origin,
            [tuple(one) for one in self.sharing.links], maker.site, maker.palette, sources([maker.drawings]),
            self.theme.drawings.found,
        )  # fmt: skip


def _each(make: Callable[[], Iterable[Page]], dress: Callable[[Page], Page]) -> Iterator[Page]:
    return map(dress, make())

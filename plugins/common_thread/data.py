"""The data files of this site: what stands in ``content/data/``, by file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from plugins.common_thread.addresses import Redirects, read_redirects
from plugins.common_thread.evidence import Evidence, read_evidence
from plugins.common_thread.popular import NOTHING, Popular, read_popular
from plugins.common_thread.voices import voices_of
from plugins.crosslinks.coverage import Coverage, read_coverage
from plugins.helplines.lines import NONE, Helplines, read_helplines
from plugins.library.entries import Library
from plugins.problems import Problems
from plugins.sharing.links import ShareLink, read_share_links
from plugins.voices.said import Voices

DATA_FILES = (
    "coverage.yaml", "evidence.yaml", "helplines.yaml", "popular.yaml", "redirects.yaml", "share.yaml"
)  # fmt: skip


@dataclass(frozen=True)
class SiteData:
    """What the data files say."""

    coverage: Coverage
    evidence: Evidence
    helplines: Helplines
    redirects: Redirects
    share_links: tuple[ShareLink, ...]
    popular: Popular = NOTHING
    voices: Mapping[str, Voices] = field(default_factory=dict)


def read_data(library: Library, today: dt.date, problems: Problems) -> SiteData:
    """Return what the data files of ``library`` say; nothing may have been done on a day after ``today``."""
    coverage = partial(read_coverage, kinds=library.kinds)
    helplines = partial(read_helplines, today=today)
    popular = partial(read_popular, today=today)
    return SiteData(
        library.read("coverage.yaml", coverage, problems) or Coverage(),
        library.read("evidence.yaml", read_evidence, problems) or Evidence(),
        library.read("helplines.yaml", helplines, problems) or NONE,
        library.read("redirects.yaml", read_redirects, problems) or Redirects(),
        library.read("share.yaml", read_share_links, problems) or (),
        library.read("popular.yaml", popular, problems) or NOTHING,
        voices_of(library, today, problems),
    )

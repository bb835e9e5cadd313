"""Common Thread itself: its kinds of page, what they show, and the way through all stages (``site.py``)."""

from __future__ import annotations

from typing import Any

from pelican import signals

from plugins.common_thread.addresses import check_addresses, check_redirects
from plugins.common_thread.checks import check_first_tries
from plugins.common_thread.generator import SiteGenerator
from plugins.common_thread.kinds import load_kinds
from plugins.common_thread.needs import check_needed
from plugins.common_thread.quizzes import load_quizzes
from plugins.library.events import library_loaded


def add_site_generator(_pelican: Any) -> type[SiteGenerator]:
    """Tell Pelican about the generator."""
    return SiteGenerator


def prepare_kinds(pelican: Any) -> None:
    """Put the kinds that ``KIND_MODULES`` names into the settings, and the relation types they state."""
    settings = pelican.settings
    settings["KINDS"], settings["RELATIONS"] = load_kinds(settings["KIND_MODULES"])


def check_site(generators: list[Any]) -> None:
    """Check what only this site asks of its entries, their addresses and its graph."""
    context = generators[0].context
    library, problems = context["library"], context["problems"]
    check_needed(library, problems)
    check_addresses(library, problems)
    check_redirects(library, problems)
    if not library.broken:
        check_first_tries(context["graph"], library, problems)


def register() -> None:
    """Connect to Pelican's signals."""
    signals.initialized.connect(prepare_kinds)
    library_loaded.connect(load_quizzes)
    signals.all_generators_finalized.connect(check_site)
    signals.get_generators.connect(add_site_generator)

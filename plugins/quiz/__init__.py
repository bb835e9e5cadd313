"""Self-quizzes: one YAML format, proved at build, scored alike on paper, in Python and in the page.

Knows nothing of the site around it: what a quiz may name are :class:`~.guidance.Roles`,
where a result leads is the site's :class:`~.guidance.Guidance`.
No answer is ever stored or sent.
"""

from __future__ import annotations

import logging


def register() -> None:
    """Say that nothing is connected: a site has to call what is here."""
    logging.getLogger(__name__).warning(
        "pelican-quiz does nothing by itself yet: call `load_quiz` and show `quiz_fields`, see its README."
    )

"""Self-quizzes: one YAML format, proved at build, scored alike on paper, in Python and in the page.

Knows nothing of the site around it: what a quiz may name are :class:`~.guidance.Roles`,
where a result leads is the site's :class:`~.guidance.Guidance`.
Enabled as a plugin of Pelican, it takes ordinary articles and pages (``blog.py``).
No answer is ever stored or sent.
"""

from __future__ import annotations


def register() -> None:
    """Connect to Pelican's signals."""
    from pelican import signals

    from .blog import QuizWriter, offer, put_in

    signals.initialized.connect(offer)
    signals.get_generators.connect(lambda _: QuizWriter, weak=False)
    signals.all_generators_finalized.connect(put_in)

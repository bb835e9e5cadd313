"""Self-quizzes: one YAML format, proved at build, scored alike on paper, in Python and in the page.

Knows nothing of the site around it: what a quiz may name are :class:`~plugins.quiz.guidance.Roles`,
where a result leads is the site's :class:`~plugins.quiz.guidance.Guidance`.
No answer is ever stored or sent.
"""

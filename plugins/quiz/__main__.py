"""``python -m pelican.plugins.quiz``: the same as ``pelican-quiz``."""

from __future__ import annotations

import sys

from .cli import main

sys.exit(main())

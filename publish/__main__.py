"""Entry point of ``python -m publish``."""

import sys

from publish.loading import loading

with loading():
    from publish.cli import main
    from publish.stops import raise_on_signals

raise_on_signals()
sys.exit(main())

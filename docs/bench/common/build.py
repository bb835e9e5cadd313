"""Runs Pelican with the settings beside it, as the project's own command does.

``pelican`` turns a sign meanwhile, whose thread keeps us from sharing the work between processes.
"""

import gc

from publish.loading import loading

with loading():
    from pelican import Pelican
    from pelican.settings import read_settings

    pelican = Pelican(read_settings("pelican.conf.py"))
gc.set_threshold(100_000, 50, 50)  # nearly all that a build makes it needs to the end
pelican.run()

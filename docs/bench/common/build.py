"""Runs Pelican with the settings beside it, as the project's own command does.

``pelican`` turns a sign meanwhile, whose thread keeps us from sharing the work between processes.
"""

from pelican import Pelican
from pelican.settings import read_settings

Pelican(read_settings("pelican.conf.py")).run()

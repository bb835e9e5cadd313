"""The settings of the garden: those of the real site's theme, with kinds of its own."""

import os
import runpy

HERE = os.path.dirname(os.path.abspath(__file__))
_OURS = runpy.run_path(os.path.join(HERE, "..", "..", "..", "pelican.conf.py")).items()
globals().update({name: value for name, value in _OURS if name.isupper()})

SITENAME = "A garden, plainly"
SITESUBTITLE = "What grows, what eats it, and what to do"
SITEURL = "https://garden.example/beds"
PATH = os.path.join(HERE, "content")
PLUGINS = ["tests.sites.garden.site"]

"""Every setting of the site, grouped.  No logic: what has to be worked out is in the plugins.

Always run Pelican with ``-s pelican.conf.py``; ``./publish.sh`` does.
"""

import os
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [ROOT] if ROOT not in sys.path else []

# The site ---------------------------------------------------------------------
SITENAME = "Common Thread"
SITESUBTITLE = "Closer, one small step at a time"
SITEURL = os.environ.get("SITE_URL", "https://common-thread.example").rstrip("/")
AUTHOR = "Common Thread"
DEFAULT_LANG = "en-GB"

# Where the quick exit leads: a neutral page that loads fast and says nothing.
EXIT_URL = "https://www.bbc.co.uk/weather"

# The countries whose readers the site has in mind: their help lines stand in the short blocks,
# in this order, and a deploy stops if one of them has none.
MAIN_COUNTRIES = ["GB", "IE", "US", "CA", "AU", "NZ"]

# What readers say (docs/voices.md): where they can write to, and whether a server for comments
# stands behind /voices/.  Both can be left out; an address that ends in .example is shown on a
# site that does, and nowhere else.
VOICES_MAIL = "readers@common-thread.example"
VOICES_SERVER = False

# The content security policy as a meta tag, for hosts that send no headers.
META_POLICY = True

# Places -----------------------------------------------------------------------
PATH = os.path.join(ROOT, "content")
THEME = os.path.join(ROOT, "theme")
# What a plugin brings of its own goes with the theme: templates/ and static/js/.
THEME_PARTS = [os.path.join(ROOT, "plugins", "quiz")]
OUTPUT_PATH = os.path.join(ROOT, "output")
DELETE_OUTPUT_DIRECTORY = False

# Plugins, in the order they work -----------------------------------------------
PLUGINS = [
    "plugins.common_thread",
    "publish.hosts",
]

# Data files that have to be there: without one, rules or help would be missing ----
NEEDED_DATA = ["evidence.yaml", "helplines.yaml", "coverage.yaml", "redirects.yaml", "share.yaml"]

# The kinds of entry, in the order of menus and lists: one module each -------------
KIND_MODULES = [
    "plugins.common_thread.kinds.guide",
    "plugins.common_thread.kinds.strategy",
    "plugins.common_thread.kinds.obstacle",
    "plugins.common_thread.kinds.sign",
    "plugins.common_thread.kinds.benefit",
    "plugins.common_thread.kinds.faq",
    "plugins.common_thread.kinds.talk",
    "plugins.common_thread.kinds.route",
    "plugins.common_thread.kinds.page",
    "plugins.common_thread.kinds.quiz",
]

# The declared order of the style sheets; one that is not listed stops the build.
# On every page, before anything is shown:
STYLESHEETS = [
    "layers.css",
    "reset.css",
    "tokens.css",
    "base.css",
    "compositions.css",
    "header.css",
    "article.css",
    "note.css",
    "utilities.css",
]
# What stands further down on a page, or on paper:
LATER_STYLESHEETS = [
    "tokens-contrast.css",
    "prose.css",
    "guide.css",
    "button.css",
    "card.css",
    "relations.css",
    "turns.css",
    "foot.css",
    "voices.css",
    "share.css",
    "footer.css",
    "print.css",
]
# What a page in a frame of another site begins with:
FRAMED = [
    "layers.css",
    "reset.css",
    "tokens.css",
    "base.css",
    "compositions.css",
    "utilities.css",
    "framed.css",
]
# The files that templates ask for beside or instead of "site.css" (docs/adr/0011-two-sheets.md):
PAGE_STYLESHEETS = {
    "later.css": LATER_STYLESHEETS,
    "home.css": [*STYLESHEETS, "home.css", "index.css"],
    "places.css": ["index.css", "map.css", "finder.css", "search.css", "offline.css", *LATER_STYLESHEETS],
    "urgent.css": [*STYLESHEETS, "quick-exit.css", "help.css"],
    "quiz.css": [
        "quick-exit.css",
        "help.css",
        "quiz.css",
        "quiz-result.css",
        "quiz-paper.css",
        *LATER_STYLESHEETS,
    ],
    # Copies for frames of other sites: little, and what a quiz says in the end comes later.
    "framed.css": [*FRAMED, "article.css", "note.css"],
    "framed-quiz.css": [*FRAMED, "quick-exit.css", "quiz.css"],
    "framed-later.css": ["note.css", "help.css", "quiz-result.css", "quiz-paper.css"],
    "safety.css": [*STYLESHEETS, "quick-exit.css", "help.css", *LATER_STYLESHEETS],
}

# What Pelican brings and the library replaces ---------------------------------
ARTICLE_PATHS: list[str] = []
PAGE_PATHS: list[str] = []
STATIC_PATHS: list[str] = []
DIRECT_TEMPLATES: list[str] = []
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = ARCHIVES_SAVE_AS = ""
CATEGORIES_SAVE_AS = TAGS_SAVE_AS = AUTHORS_SAVE_AS = ""
THEME_STATIC_PATHS: list[str] = []

# Feeds: plugins.discovery writes them; Pelican writes none ---------------------
FEED_DOMAIN = SITEURL
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None

# Same input, same bytes -------------------------------------------------------
TIMEZONE = "UTC"
LOCALE = ["C"]
DEFAULT_DATE_FORMAT = "%Y-%m-%d"
LOAD_CONTENT_CACHE = False
CACHE_CONTENT = False

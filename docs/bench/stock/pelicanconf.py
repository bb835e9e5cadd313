"""Settings of stock Pelican in the comparison: its own reader and theme, and links by pelican-crosslinks."""

SITENAME = "Beside"
SITEURL = "https://bench.example"
PATH = "content"
OUTPUT_PATH = "output"
PLUGINS = ["plugins.crosslinks"]
CROSSLINKS_RELATIONS = [{"name": "addresses", "forward": "addresses", "inverse": "is addressed by"}]
ARTICLE_URL, ARTICLE_SAVE_AS = "{category}/{slug}/", "{category}/{slug}/index.html"
DEFAULT_PAGINATION = 50
FEED_ALL_ATOM, FEED_MAX_ITEMS = "feeds/all.atom.xml", 20
CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
AUTHOR_SAVE_AS = TAG_SAVE_AS = ""
DIRECT_TEMPLATES = ["index"]
THEME_TEMPLATES_OVERRIDES = ["templates"]

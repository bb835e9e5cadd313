"""Settings of the comparison's site on our plugins; the project's own folder is on the path."""

SITENAME = "Beside"
SITEURL = "https://bench.example"
PLUGINS = ["site_on_ours"]
PATH = "content"
OUTPUT_PATH = "output"
KEPT_IN = "kept"
CACHE_PATH = "kept"
DELETE_OUTPUT_DIRECTORY = False
ARTICLE_PATHS: list[str] = []
PAGE_PATHS: list[str] = []
STATIC_PATHS: list[str] = []
DIRECT_TEMPLATES: list[str] = []
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None

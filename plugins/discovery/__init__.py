"""Discovery: what search engines, feed readers and other programs look for.

The sitemap with true dates, feeds, a Markdown twin beside every page, icons and the web
manifest, all made from the planned pages.
"""

"""The library: entries and their kinds, Markdown, pictures; pages, frame and rendering.

Knows how entries are written, read and turned into pages; knows nothing of what a
relation between two of them means (see ``plugins.crosslinks``).
"""

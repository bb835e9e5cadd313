"""The text of an entry: Markdown read once, into a tree that every question is asked of.

``reading`` turns Markdown into a :class:`~plugins.library.text.body.Body`; it needs nothing but the
text, so that what it gives can be kept by the bytes of the file.  What links and citations
lead to is filled in later, on the tree; ``html`` and ``markdown`` write it down.
"""

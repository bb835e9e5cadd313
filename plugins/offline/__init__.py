"""Offline: the list of files that may be kept, and the service worker.

Nothing is kept on a reader's device unless the reader asks for it.
"""

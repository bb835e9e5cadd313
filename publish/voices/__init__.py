"""``./publish.sh voices``: what readers sent to the server becomes files, is looked at, and goes again."""

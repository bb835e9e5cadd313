"""Input that somebody made to break a build: a table of it, each line tried in a process of its own."""

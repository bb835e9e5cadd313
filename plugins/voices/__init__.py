"""What readers say: what may stand in a file of theirs, what to look at first, and what pages show."""

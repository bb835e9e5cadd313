"""Help lines: what an editor writes of each, which of them readers see, and in which blocks."""

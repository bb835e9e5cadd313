"""The kinds of entry: one module each, with what its pages show."""

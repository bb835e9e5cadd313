"""Help lines: what an editor writes of each, which of them readers see, and the blocks in which pages show them."""

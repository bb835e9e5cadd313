"""The plugins of Common Thread: each turns one aspect of ``content/`` into pages."""

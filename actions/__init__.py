"""Custom actions, one class a file. Everything they say stands in `data/content/`."""

"""The desk: what editors want to know of the library as a whole.  Only the preview shows it."""

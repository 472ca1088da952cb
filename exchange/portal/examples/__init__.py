"""Made-up contents for the gallery and its tests, in the reader's language."""

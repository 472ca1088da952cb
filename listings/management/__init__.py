"""Commands of the listings."""

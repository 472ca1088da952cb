"""The edge of the roof's API."""

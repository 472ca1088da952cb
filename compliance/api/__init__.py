"""The edge of compliance."""

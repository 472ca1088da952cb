"""Template tags of the portal, and the words they use."""

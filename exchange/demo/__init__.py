"""What the demonstration market is made of. Invariant: nothing in it is about anyone."""

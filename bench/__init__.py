"""Speed beside raw SQL. Invariant: a figure is a ratio of one run, a CPU cost or a count."""

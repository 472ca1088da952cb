"""A custody bank for demo and tests: its own process, its own books, no code of the ledger."""

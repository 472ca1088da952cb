"""Django on PostgreSQL, but `select_for_update()` takes no lock."""

"""Guards of the database: no setting of a session opens them."""

import pytest
from django.db import DatabaseError, connection, transaction

from core.sqlfiles import read_sql


def test_setting_of_the_trigger_library_does_not_open_a_guard(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_event (subject, subject_id, verb, before, after, at, reason, detail) "
            "VALUES ('order', gen_random_uuid(), 'place', '', 'PLACED', now(), '', '{}')"
        )
        cursor.execute(
            "SELECT array_agg(tgname::text) FROM pg_trigger WHERE tgrelid = 'core_event'::regclass"
        )
        names = cursor.fetchone()[0]
        assert len(names) == 2
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s::text[]::text, true)", [names])
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            cursor.execute("UPDATE core_event SET verb = 'forged'")
        cursor.execute("SELECT count(*) FROM core_event WHERE verb = 'forged'")
        assert cursor.fetchone()[0] == 0


def test_last_migration_leaves_the_version_that_never_passes_a_guard_by(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.lanname, p.provolatile::text, p.prosrc FROM pg_proc p "
            "JOIN pg_language l ON l.oid = p.prolang WHERE p.proname = '_pgtrigger_should_ignore'"
        )
        assert cursor.fetchall() == [("sql", "i", "SELECT false")]
    assert "SELECT false" in read_sql("core", "guards_hold")

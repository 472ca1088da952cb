"""SQL functions kept in files. Invariant: what runs in the database is what stands in the file."""

from pathlib import Path

from django.db.migrations.operations import RunSQL

ROOT = Path(__file__).resolve().parent.parent


def read_sql(app: str, name: str) -> str:
    """Return the text of `<app>/sql/<name>.sql`."""
    return (ROOT / app / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def install_sql(app: str, name: str) -> RunSQL:
    """Return the migration step that installs `<app>/sql/<name>.sql`.

    The file holds only statements that may run again (`CREATE OR REPLACE FUNCTION …`). Whoever
    changes the file adds a migration with this step; a test compares file and database.
    """
    return RunSQL(read_sql(app, name), reverse_sql=RunSQL.noop)

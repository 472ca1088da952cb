"""What migrations are made of. Invariant: what runs in the database is what stands in the file."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import ClassVar

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    CreateModel,
    RunSQL,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

ROOT = Path(__file__).resolve().parent.parent
ADDITIONS = (AddField, AddIndex, AddConstraint, AddTrigger)


def read_sql(app: str, name: str) -> str:
    """Return the text of `<app>/sql/<name>.sql`."""
    return (ROOT / app / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def install_sql(app: str, name: str) -> RunSQL:
    """Return the migration step that installs `<app>/sql/<name>.sql`.

    The file holds only statements that may run again (`CREATE OR REPLACE FUNCTION …`). Whoever
    changes the file adds a migration with this step; a test compares file and database.
    """
    return RunSQL(read_sql(app, name), reverse_sql=RunSQL.noop)


class Together(Operation):
    """Operations that only add, on a state that is rendered once and not after each of them.

    Django makes the classes of a table and of all that refer to it anew after every operation,
    which takes nine tenths of the time in which a venue is set up.
    """

    reduces_to_sql: ClassVar[bool] = True
    reversible: ClassVar[bool] = True

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Enter everything; the classes are made when the database asks for them."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Do one after the other, as each was written."""
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Undo the last one first."""
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Say what each of them does."""
        return "; ".join(operation.describe() for operation in self.operations)


def together(operations: Sequence[Operation]) -> list[Operation]:
    """Return the same steps, with neighbours that only add to the database made one each.

    New tables and additions to tables are kept apart: a table is made as it was before them.
    """
    found: list[Operation] = []
    for kind, neighbours in groupby(operations, _kind):
        some = list(neighbours)
        found += [Together(some)] if kind and len(some) > 1 else some
    return found


def _kind(operation: Operation) -> str:
    if isinstance(operation, CreateModel):
        return "table"
    return "addition" if isinstance(operation, ADDITIONS) else ""

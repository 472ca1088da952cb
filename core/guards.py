"""Database guards. Invariant: what is append-only here stays as it was written, for ever."""

import pgtrigger


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """Return triggers that refuse update, delete and truncate of a table."""
    return [
        pgtrigger.Protect(name=f"{name}_rows", operation=pgtrigger.Update | pgtrigger.Delete),
        untruncatable(name),
    ]


def frozen(name: str, *columns: str) -> pgtrigger.Trigger:
    """Return a trigger that refuses a change of `columns` once a row is written."""
    return pgtrigger.Protect(
        name=f"{name}_frozen",
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(*columns),
    )


def undeletable(name: str) -> pgtrigger.Trigger:
    """Return a trigger that refuses the deletion of a row."""
    return pgtrigger.Protect(name=f"{name}_kept", operation=pgtrigger.Delete)


def untruncatable(name: str) -> pgtrigger.Trigger:
    """Return a trigger that refuses to truncate a table."""
    return pgtrigger.Trigger(
        name=f"{name}_whole",
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
    )

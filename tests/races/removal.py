"""Taking one protection out of a test's own database, and making a race's window wide.

Invariant: what is taken out was there exactly once, as it is written here; else the test fails.
A process keeps the plans of functions it has called: take out before gunicorn starts.
"""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A function in which `text` gives way to `instead`."""

    function: str
    text: str
    instead: str = ""

    def apply(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_functiondef(%s::regproc)", [self.function])
            (definition,) = cursor.fetchone()
            assert definition.count(self.text) == 1, f"{self.function}: not as the table says"
            cursor.execute(definition.replace(self.text, self.instead))


@dataclass(frozen=True, slots=True)
class Dropped:
    """A constraint that is no more."""

    table: str
    constraint: str

    def apply(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {self.table} DROP CONSTRAINT {self.constraint}")


@dataclass(frozen=True, slots=True)
class Delayed:
    """Rows of a table that are written only after `statement`; `event` as in CREATE TRIGGER."""

    table: str
    event: str
    statement: str
    when: str = "true"

    def apply(self) -> None:
        name = f"race_{self.table}"
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN {self.statement}; RETURN NEW; END $$;"
                f"CREATE TRIGGER {name} BEFORE {self.event} ON {self.table} "
                f"FOR EACH ROW WHEN ({self.when}) EXECUTE FUNCTION {name}()"
            )


Change = Rewritten | Dropped | Delayed

# Sequences count at once and for all sessions, whatever becomes of the transactions: who comes to
# `race_meet` waits there until `number` have come. Nobody waits for ever: a race that does not
# come about is an error, and not a pass.
_MEETING = """
CREATE SEQUENCE IF NOT EXISTS race_arrivals;
CREATE OR REPLACE FUNCTION race_came(number integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    patience CONSTANT timestamptz := clock_timestamp() + interval '60 s';
BEGIN
    WHILE (SELECT last_value < number OR NOT is_called FROM race_arrivals) LOOP
        IF clock_timestamp() > patience THEN
            RAISE EXCEPTION 'fewer than % came to the race', number;
        END IF;
        PERFORM pg_sleep(0.005);
    END LOOP;
END $$;
CREATE OR REPLACE FUNCTION race_meet(number integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nextval('race_arrivals');
    PERFORM race_came(number);
END $$;
"""


def change(*changes: Change) -> None:
    """Make `changes` in the test's own database."""
    with connection.cursor() as cursor:
        cursor.execute(_MEETING)
    for one in changes:
        one.apply()

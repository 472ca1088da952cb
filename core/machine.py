"""States. Invariant: a state changes only along its table, by compare-and-swap, with an event.

The same table makes the database guard, so that raw SQL cannot break it either.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import pgtrigger
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from core.actors import Member
from core.errors import IllegalTransition
from core.events import record, record_many

T = TypeVar("T", bound=Model)

MACHINES: dict[str, "Machine"] = {}


class Machine:
    """The life of one kind of thing: state → verb → next state.

    `born` names the states a row may be inserted in; by default only the first of the table.
    """

    def __init__(
        self,
        subject: str,
        table: Mapping[str, Mapping[str, str]],
        born: set[str] | None = None,
    ) -> None:
        self.subject = subject
        self.table = {
            str(state): {verb: str(after) for verb, after in verbs.items()}
            for state, verbs in table.items()
        }
        self.born = {str(state) for state in born} if born else {next(iter(self.table))}
        unknown = {after for verbs in self.table.values() for after in verbs.values()}
        missing = (unknown | self.born) - self.table.keys()
        if missing:
            raise ValueError(f"{subject}: states without a row: {sorted(missing)}")
        MACHINES[subject] = self

    def verbs(self, state: str) -> tuple[str, ...]:
        """Return the verbs that `state` allows, in the order of the table."""
        return tuple(self.table[str(state)])

    def after(self, state: str, verb: str) -> str:
        """Return the state that `verb` leads to.

        Raises:
            IllegalTransition: `state` does not allow `verb`.

        """
        try:
            return self.table[str(state)][verb]
        except KeyError:
            raise IllegalTransition(
                _("%(subject)s in state %(state)s cannot %(verb)s.")
                % {"subject": self.subject, "state": state, "verb": verb},
                subject=self.subject,
                state=str(state),
                verb=verb,
                allowed=list(self.table.get(str(state), {})),
            ) from None

    def move(
        self,
        thing: T,
        verb: str,
        *,
        actor: Member,
        at: datetime,
        reason: str = "",
        detail: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> T:
        """Move `thing` along `verb`, set `fields` with it, and write the event.

        Raises:
            IllegalTransition: its state does not allow it, or another request was first.

        """
        before = str(thing.state)  # type: ignore[attr-defined]
        after = self.after(before, verb)
        moved = (
            type(thing)
            ._default_manager.filter(pk=thing.pk, state=before)
            .update(state=after, **fields)
        )
        if moved != 1:
            now = type(thing)._default_manager.values_list("state", flat=True).get(pk=thing.pk)
            self.after(now, verb)
            raise IllegalTransition(
                _("Another request changed it first."), subject=self.subject, state=now, verb=verb
            )
        thing.state = after  # type: ignore[attr-defined]
        for name, value in fields.items():
            setattr(thing, name, value)
        record(
            self.subject,
            thing.pk,
            verb,
            before=before,
            after=after,
            actor=actor,
            at=at,
            reason=reason,
            detail=detail,
        )
        return thing

    def move_all(
        self,
        rows: "QuerySet[T]",
        verb: str,
        *,
        actor: Member,
        at: datetime,
        reason: str = "",
        **fields: Any,
    ) -> list[UUID]:
        """Move every row that allows `verb`; leave the others as they are. Return the moved ids.

        The rows are locked in id order; the number of statements does not depend on their number.
        """
        moved: list[UUID] = []
        for before, verbs in self.table.items():
            if verb not in verbs:
                continue
            ids = list(
                rows.filter(state=before)
                .order_by("pk")
                .select_for_update(of=("self",))
                .values_list("pk", flat=True)
            )
            if not ids:
                continue
            rows.model._default_manager.filter(pk__in=ids, state=before).update(
                state=verbs[verb], **fields
            )
            record_many(
                self.subject,
                ids,
                verb,
                before=before,
                after=verbs[verb],
                actor=actor,
                at=at,
                reason=reason,
            )
            moved.extend(ids)
        return moved

    def guards(self) -> list[pgtrigger.Trigger]:
        """Return the triggers that hold a model's `state` column to this table."""
        name = self.subject.replace("-", "_")
        pairs = [
            (before, after)
            for before, verbs in self.table.items()
            for after in sorted(set(verbs.values()))
        ]
        born = ", ".join(f"'{state}'" for state in sorted(self.born))
        guards: list[pgtrigger.Trigger] = [
            # The condition is the database's own: only a row that is refused starts the function.
            pgtrigger.Trigger(
                name=f"{name}_born",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(f"NEW.state NOT IN ({born})"),
                func=(
                    f"RAISE EXCEPTION '{self.subject} cannot begin as %', NEW.state "
                    "USING ERRCODE = 'check_violation';"
                ),
            )
        ]
        if pairs:
            guards.append(pgtrigger.FSM(name=f"{name}_states", field="state", transitions=pairs))
        return guards

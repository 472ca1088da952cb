"""Breaches. Invariant: two disinterested people decide, after the one concerned was heard."""

from collections.abc import Collection
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from compliance import selectors
from compliance.errors import BreachOpen, InterestedParty, NotHeardYet
from compliance.models import Breach, Declaration
from compliance.services.declarations import end_what_rests_on
from compliance.states import BREACH, DECLARATION, OPEN_BREACH, BreachState
from core.actors import Member, signer
from core.calendar import add_working_days
from core.errors import FourEyes, Malformed
from core.events import record
from core.service import service
from listings import selectors as listings

ANSWER_WORKING_DAYS = 5


@service(may="review")
def open_breach(
    *,
    declaration_id: UUID,
    statements: Collection[str],
    reason: str,
    evidence: str,
    file_id: UUID | None,
    actor: Member,
    at: datetime,
) -> Breach:
    """Open a case: a reviewer finds that a declaration is, or was, untrue.

    `statements` are those found untrue, `evidence` says what that rests on. The one who declared
    has five working days to answer. Nothing ends yet: what cannot wait is suspended by hand.

    Raises:
        NotFound: there is no such declaration.
        Malformed: reason or evidence is missing, or a statement is none of the declaration's.
        BreachOpen: there is an open case on it.
        InterestedParty: the actor belongs, or belonged, to a party to it.
        IllegalTransition: its breach is recorded already.

    """
    declaration = selectors.locked_declaration(declaration_id)
    DECLARATION.after(declaration.state, "breach")
    _require_disinterested(actor, declaration)
    wrong = {
        name: [_("is needed")]
        for name, text in (("reason", reason), ("evidence", evidence))
        if not text.strip()
    }
    unknown = sorted(set(statements) - set(declaration.statements))
    if unknown:
        wrong["statements"] = [_("is not in it: %(s)s") % {"s": ", ".join(unknown)}]
    if wrong:
        raise Malformed(fields=wrong)
    if Breach.objects.filter(declaration=declaration, state__in=OPEN_BREACH).exists():
        raise BreachOpen
    breach = Breach.objects.create(
        declaration=declaration,
        statements=sorted(set(statements)),
        reason=reason.strip(),
        evidence=evidence.strip(),
        file=listings.own_file(file_id, actor) if file_id else None,
        maker_id=signer(actor),
        opened_at=at,
        answer_until=_answer_until(at),
    )
    detail = {"declaration": declaration.pk, "statements": breach.statements}
    record(
        "breach",
        breach.pk,
        "open",
        after=breach.state,
        actor=actor,
        at=at,
        reason=reason[:500],
        detail=detail,
    )
    return breach


@service(may="sign")
def answer_breach(*, breach_id: UUID, answer: str, actor: Member, at: datetime) -> Breach:
    """Answer a case on one's own declaration; what is said is decided with it.

    Raises:
        NotFound: it is not about a declaration of the actor's own.
        Malformed: nothing is said.
        IllegalTransition: it is answered or decided.

    """
    if not answer.strip():
        raise Malformed(fields={"answer": [_("is needed")]})
    breach = selectors.locked_own_breach(breach_id, actor)
    return BREACH.move(
        breach,
        "answer",
        actor=actor,
        at=at,
        answer=answer.strip(),
        answered_by_id=signer(actor),
        answered_at=at,
    )


@service(may="review")
def confirm_breach(*, breach_id: UUID, decision: str, actor: Member, at: datetime) -> Breach:
    """Confirm a colleague's case: the breach is recorded, and what rests on the declaration ends.

    Raises:
        FourEyes: the actor opened the case.
        NotHeardYet: the one concerned has not answered, and still can.
        InterestedParty: the actor belongs, or belonged, to a party to it.
        Malformed: nothing says why.
        IllegalTransition: it is decided already.

    """
    breach = _to_decide(breach_id, decision, actor, "confirm")
    if breach.state == BreachState.OPEN and at < breach.answer_until:
        raise NotHeardYet(answer_until=breach.answer_until.isoformat())
    declaration = selectors.locked_declaration(breach.declaration_id)
    BREACH.move(
        breach,
        "confirm",
        actor=actor,
        at=at,
        reason=decision[:500],
        checker_id=signer(actor),
        decision=decision.strip(),
        decided_at=at,
    )
    DECLARATION.move(
        declaration, "breach", actor=actor, at=at, reason=breach.reason[:500], ended_at=at
    )
    end_what_rests_on([declaration], "breached", actor=actor, at=at)
    return breach


@service(may="review")
def dismiss_breach(*, breach_id: UUID, decision: str, actor: Member, at: datetime) -> Breach:
    """Dismiss a colleague's case: the declaration stays as it is.

    Raises:
        FourEyes: the actor opened the case.
        InterestedParty: the actor belongs, or belonged, to a party to it.
        Malformed: nothing says why.
        IllegalTransition: it is decided already.

    """
    breach = _to_decide(breach_id, decision, actor, "dismiss")
    return BREACH.move(
        breach,
        "dismiss",
        actor=actor,
        at=at,
        reason=decision[:500],
        checker_id=signer(actor),
        decision=decision.strip(),
        decided_at=at,
    )


def _to_decide(breach_id: UUID, decision: str, actor: Member, verb: str) -> Breach:
    if not decision.strip():
        raise Malformed(fields={"decision": [_("is needed")]})
    breach = selectors.locked_breach(breach_id)
    BREACH.after(breach.state, verb)
    if breach.maker_id == actor.user_id:
        raise FourEyes
    _require_disinterested(actor, breach.declaration)
    return breach


def _require_disinterested(actor: Member, declaration: Declaration) -> None:
    if selectors.is_concerned(actor, declaration):
        raise InterestedParty


def _answer_until(at: datetime) -> datetime:
    """Return the end of the last working day to answer on, in the venue's zone."""
    zone = ZoneInfo(settings.TIME_ZONE)
    last = add_working_days(at.astimezone(zone).date(), ANSWER_WORKING_DAYS)
    return datetime.combine(last, time(23, 59, 59), zone)

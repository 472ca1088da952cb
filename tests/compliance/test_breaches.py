"""A case on a declaration: grounds, a hearing, and two disinterested people who decide."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from compliance import selectors, services
from compliance.errors import BreachOpen, NotHeardYet
from compliance.models import Breach, Declaration
from core.actors import Member
from core.errors import Forbidden, FourEyes, IllegalTransition, Malformed, NotFound
from core.models import Organisation
from tests import make
from tests.compliance import cast
from tests.listings.cast import refused

LATE = timedelta(days=30)


def opened(declaration_id: Any, desk: cast.Desk, at: datetime, **changes: Any) -> Breach:
    given = {
        "statements": ["source-lawful"],
        "reason": "the gauges are another's",
        "evidence": "letter of the water office of 3 November",
        "file_id": None,
        "actor": desk.maker,
        **changes,
    }
    made: Breach = services.open_breach(declaration_id=declaration_id, at=at, **given)
    return made


def confirmed(breach: Breach, actor: Member, at: datetime) -> Breach:
    made: Breach = services.confirm_breach(
        breach_id=breach.pk, decision="the letter says so", actor=actor, at=at
    )
    return made


def answered(breach: Breach, actor: Member, at: datetime) -> Breach:
    made: Breach = services.answer_breach(
        breach_id=breach.pk, answer="they are ours, see annex 2", actor=actor, at=at
    )
    return made


def test_confirmed_breach_ends_the_clearance_and_counts_against_the_vendor(
    db: None, at: datetime
) -> None:
    cast.in_force(at)
    vendor, desk = make.vendor(at), cast.desk(at)
    clearance = cast.cleared(vendor, desk, at)
    case = opened(clearance.declaration_id, desk, at)
    assert cast.standing(clearance.version_id, at) == (True, None)
    answered(case, vendor, at)

    decided = confirmed(case, desk.checker, at)

    assert (decided.state, decided.checker_id) == ("CONFIRMED", desk.checker.user_id)
    assert Declaration.objects.get(pk=clearance.declaration_id).state == "BREACHED"
    assert cast.standing(clearance.version_id, at) == (False, "declaration-breached")
    known = selectors.gathered([clearance.version_id], at)[clearance.version_id]
    assert known.facts.parties.breaches == 1
    later = at + timedelta(days=732)
    known = selectors.gathered([clearance.version_id], later)[clearance.version_id]
    assert known.facts.parties.breaches == 0


def test_nobody_decides_before_the_one_concerned_was_heard_or_let_it_pass(
    db: None, at: datetime
) -> None:
    vendor, desk = make.vendor(at), cast.desk(at)
    declaration = cast.signed(cast.draft(vendor, at), vendor, at)
    case = opened(declaration.pk, desk, at)
    assert timedelta(days=4) < case.answer_until - at < timedelta(days=16)

    with refused(NotHeardYet):
        confirmed(case, desk.checker, at)
    with pytest.raises(DatabaseError), transaction.atomic():
        Breach.objects.filter(pk=case.pk).update(
            state="CONFIRMED", checker=desk.checker.user_id, decided_at=at
        )

    assert Declaration.objects.get(pk=declaration.pk).state == "IN_FORCE"
    late = at + LATE
    assert confirmed(case, desk.checker, late).state == "CONFIRMED"
    assert Declaration.objects.get(pk=declaration.pk).ended_at == late


def test_who_opened_a_case_does_not_decide_it(db: None, at: datetime) -> None:
    vendor, desk = make.vendor(at), cast.desk(at)
    declaration = cast.signed(cast.draft(vendor, at), vendor, at)
    case = answered(opened(declaration.pk, desk, at), vendor, at)

    for decide in (services.confirm_breach, services.dismiss_breach):
        with refused(FourEyes):
            decide(breach_id=case.pk, decision="so", actor=desk.maker, at=at)

    with pytest.raises(DatabaseError), transaction.atomic():
        Breach.objects.filter(pk=case.pk).update(
            state="CONFIRMED", checker=desk.maker.user_id, decided_at=at
        )
    assert Breach.objects.get(pk=case.pk).state == "ANSWERED"


def test_dismissed_case_leaves_everything_as_it_was(db: None, at: datetime) -> None:
    cast.in_force(at)
    vendor, desk = make.vendor(at), cast.desk(at)
    clearance = cast.cleared(vendor, desk, at)
    case = opened(clearance.declaration_id, desk, at)

    services.dismiss_breach(breach_id=case.pk, decision="theirs", actor=desk.checker, at=at)

    assert Breach.objects.get(pk=case.pk).state == "DISMISSED"
    assert cast.standing(clearance.version_id, at) == (True, None)
    assert opened(clearance.declaration_id, desk, at).state == "OPEN"


def test_withdrawing_in_time_is_no_way_out_of_a_breach(db: None, at: datetime) -> None:
    vendor, desk = make.vendor(at), cast.desk(at)
    declaration = cast.signed(cast.draft(vendor, at), vendor, at)
    case = opened(declaration.pk, desk, at)
    services.withdraw_declaration(declaration_id=declaration.pk, reason="", actor=vendor, at=at)
    answered(case, vendor, at)

    confirmed(case, desk.checker, at)

    assert Declaration.objects.get(pk=declaration.pk).state == "BREACHED"


def test_case_needs_grounds_a_reviewer_and_is_opened_once(db: None, at: datetime) -> None:
    vendor, desk = make.vendor(at), cast.desk(at)
    declaration = cast.signed(cast.draft(vendor, at), vendor, at)

    for changes in ({"reason": " "}, {"evidence": ""}, {"statements": ["no-such"]}):
        with refused(Malformed):
            opened(declaration.pk, desk, at, **changes)
    with refused(Forbidden):
        opened(declaration.pk, desk, at, actor=vendor)
    assert Breach.objects.count() == 0
    opened(declaration.pk, desk, at)
    with refused(BreachOpen):
        opened(declaration.pk, desk, at)

    assert Breach.objects.count() == 1
    assert cast.events(declaration.pk) == ["sign"]


def test_only_who_declared_answers_and_only_once(db: None, at: datetime) -> None:
    vendor, desk = make.vendor(at), cast.desk(at)
    declaration = cast.signed(cast.draft(vendor, at), vendor, at)
    case = opened(declaration.pk, desk, at)

    with refused(NotFound):
        answered(case, make.vendor(at), at)
    editor = make.member(
        Organisation.objects.get(pk=vendor.organisation_id),
        "editor",
        at=at,
    )
    with refused(Forbidden):
        answered(case, editor, at)
    answered(case, vendor, at)
    with refused(IllegalTransition):
        answered(case, vendor, at)

    assert Breach.objects.get().answered_by_id == vendor.user_id
    assert list(selectors.readable_breaches(make.vendor(at))) == []
    assert [row.pk for row in selectors.readable_breaches(vendor)] == [case.pk]

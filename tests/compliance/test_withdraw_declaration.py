"""Withdrawing a declaration: what rests on it ends in the same moment."""

from datetime import datetime

from compliance import services
from compliance.models import Declaration
from core.errors import Forbidden, IllegalTransition, NotFound
from listings.models import CatalogueEntry, Version
from tests import make
from tests.compliance import cast
from tests.listings.cast import refused


def withdraw(declaration: Declaration, actor: object, at: datetime) -> Declaration:
    withdrawn: Declaration = services.withdraw_declaration(
        declaration_id=declaration.pk, reason="the contract ended", actor=actor, at=at
    )
    return withdrawn


def test_withdrawing_ends_the_clearance_at_once(db: None, at: datetime) -> None:
    cast.in_force(at)
    vendor = make.vendor(at)
    clearance = cast.cleared(vendor, cast.desk(at), at)
    assert cast.standing(clearance.version_id, at) == (True, None)

    withdrawn = withdraw(clearance.declaration, vendor, at)

    clearance.refresh_from_db()
    assert (withdrawn.state, withdrawn.ended_at) == ("WITHDRAWN", at)
    assert (clearance.state, clearance.ground) == ("ENDED", "declaration-withdrawn")
    assert clearance.ended_at == at
    assert cast.standing(clearance.version_id, at) == (False, "declaration-withdrawn")
    assert not CatalogueEntry.objects.filter(version=clearance.version_id).exists()
    assert Version.objects.get(pk=clearance.version_id).state == "LISTED"
    assert cast.events(clearance.pk) == ["grant", "end"]
    assert cast.events(withdrawn.pk) == ["sign", "withdraw"]


def test_a_declaration_without_a_clearance_is_just_withdrawn(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    declaration = cast.signed(cast.draft(vendor, at), vendor, at)

    assert withdraw(declaration, vendor, at).state == "WITHDRAWN"


def test_it_cannot_be_withdrawn_twice(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    declaration = cast.signed(cast.draft(vendor, at), vendor, at)
    withdraw(declaration, vendor, at)

    with refused(IllegalTransition):
        withdraw(declaration, vendor, at)

    assert cast.events(declaration.pk) == ["sign", "withdraw"]


def test_nobody_withdraws_what_another_signed(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    declaration = cast.signed(cast.draft(vendor, at), vendor, at)

    with refused(NotFound):
        withdraw(declaration, make.vendor(at), at)
    with refused(Forbidden):
        withdraw(declaration, make.member(declaration.organisation, "editor", at=at), at)

    declaration.refresh_from_db()
    assert declaration.state == "IN_FORCE"
    assert cast.events(declaration.pk) == ["sign"]

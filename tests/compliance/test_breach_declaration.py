"""Recording that a declaration proved untrue."""

from datetime import datetime, timedelta

from compliance import selectors, services
from core.errors import Forbidden, Malformed
from tests import make
from tests.compliance import cast
from tests.listings.cast import refused


def test_a_breach_ends_the_clearance_and_counts_against_the_vendor(db: None, at: datetime) -> None:
    cast.in_force(at)
    vendor, desk = make.vendor(at), cast.desk(at)
    clearance = cast.cleared(vendor, desk, at)

    breached = services.breach_declaration(
        declaration_id=clearance.declaration_id, reason="sources invented", actor=desk.maker, at=at
    )

    assert breached.state == "BREACHED"
    assert cast.standing(clearance.version_id, at) == (False, "declaration-breached")
    known = selectors.gathered([clearance.version_id], at)[clearance.version_id]
    assert known.facts.parties.breaches == 1
    later = at + timedelta(days=732)
    known = selectors.gathered([clearance.version_id], later)[clearance.version_id]
    assert known.facts.parties.breaches == 0


def test_a_breach_needs_a_reason_and_a_reviewer(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    declaration = cast.signed(cast.draft(vendor, at), vendor, at)

    with refused(Malformed):
        services.breach_declaration(
            declaration_id=declaration.pk, reason=" ", actor=make.staff(at, "reviewer"), at=at
        )
    with refused(Forbidden):
        services.breach_declaration(
            declaration_id=declaration.pk, reason="untrue", actor=vendor, at=at
        )

    declaration.refresh_from_db()
    assert declaration.state == "IN_FORCE"
    assert cast.events(declaration.pk) == ["sign"]

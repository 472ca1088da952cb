"""Reads of clearances. Invariant: whether a version is cleared is asked of the database's function.

The gate, the trigger and every page judge by the same SQL, at the moment that they are asked about.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from compliance.grounds import GROUNDS, Effects
from compliance.models import Clearance
from compliance.states import OPEN_CLEARANCE, ClearanceState
from core.actors import Member
from core.errors import NotFound
from listings.models import Version
from listings.states import ON_THE_MARKET


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a version may be traded at a moment, and what says so; `cause` is why not."""

    version_id: UUID
    clearance_id: UUID | None
    declaration_id: UUID | None
    checklist_id: UUID | None
    checklist_code: str
    decision_id: UUID | None
    valid_from: datetime | None
    valid_until: datetime | None
    cleared: bool
    cause: str


@dataclass(frozen=True, slots=True)
class ClearancePage:
    """What the public may read of a version's clearance: everything it rests on.

    `state` is that of the row, NONE without one; `reviewers` are the roles that decided.
    """

    standing: Standing
    state: str
    ground: str
    content_hash: str
    declaration_by_zh: str
    declaration_by_en: str
    declaration_at: datetime | None
    decision_at: datetime | None
    reviewers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """A clearance that was suspended or ended, and what that does to what was built on it."""

    clearance_id: UUID
    version_id: UUID
    ground: str
    effects: Effects


_COLUMNS = (
    "clearance_id, declaration_id, checklist_id, checklist_code, decision_id, valid_from, "
    "valid_until, cleared, cause"
)


def standing(version_id: UUID, at: datetime) -> Standing:
    """Return whether the version is cleared at `at`."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM compliance_live_clearance(%s, %s)",  # noqa: S608 - constant
            [version_id, at],
        )
        row = cursor.fetchone()
    clearance_id, declaration_id, checklist_id, code, decision_id, since, until, cleared, cause = (
        row
    )
    return Standing(
        version_id=version_id,
        clearance_id=clearance_id,
        declaration_id=declaration_id,
        checklist_id=checklist_id,
        checklist_code=code or "",
        decision_id=decision_id,
        valid_from=since,
        valid_until=until,
        cleared=cleared,
        cause=cause or "",
    )


def public_clearance(version_id: UUID, at: datetime) -> ClearancePage:
    """Return the clearance of a version that is or was on the market.

    Raises:
        NotFound: there is no such version, or it never had a clearance.

    """
    version = Version.objects.filter(
        Q(state__in=ON_THE_MARKET) | Q(clearances__isnull=False), pk=version_id
    ).first()
    if version is None:
        raise NotFound
    return clearance_page(version, at)


def clearance_page(version: Version, at: datetime) -> ClearancePage:
    """Return what the clearance of a version rests on."""
    found = standing(version.pk, at)
    row = (
        Clearance.objects.filter(pk__in=[found.clearance_id] if found.clearance_id else [])
        .select_related("declaration__organisation", "decision")
        .first()
    )
    if row is None:
        return ClearancePage(found, "NONE", "", version.content_hash, "", "", None, None, ())
    review = version.reviews.filter(state="DECIDED").order_by("-decided_at").first()
    seniors = [review.maker_senior, review.checker_senior] if review else []
    organisation = row.declaration.organisation
    return ClearancePage(
        standing=found,
        state=row.state,
        ground=row.ground,
        content_hash=row.declaration.content_hash,
        declaration_by_zh=organisation.name_zh,
        declaration_by_en=organisation.name_en,
        declaration_at=row.declaration.signed_at,
        decision_at=row.decision.at,
        reviewers=tuple("senior_reviewer" if one else "reviewer" for one in seniors),
    )


def readable_clearances(reader: Member) -> QuerySet[Clearance]:
    """Return the clearances of the reader's own products; all of them for the venue's staff."""
    rows = Clearance.objects.select_related("checklist", "version__product")
    if reader.is_venue or reader.system:
        return rows
    return rows.filter(
        Q(version__product__vendor=reader.organisation_id)
        | Q(version__product__supplier=reader.organisation_id)
    )


def locked_clearance(clearance_id: UUID) -> Clearance:
    """Return and lock a clearance, for the venue's decisions.

    Raises:
        NotFound: there is none.

    """
    rows = Clearance.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("version", "declaration", "checklist").filter(pk=clearance_id).first()
    if row is None:
        raise NotFound
    return row


def open_clearances() -> QuerySet[Clearance]:
    """Return the clearances that have not ended."""
    return Clearance.objects.filter(state__in=OPEN_CLEARANCE)


def clearances_resting_on_rights(rights_ids: Collection[UUID]) -> QuerySet[Clearance]:
    """Return the open clearances of versions that cite one of these rights records."""
    cites = Q(pk__in=[])
    for key in rights_ids:
        cites |= Q(version__content__rights__contains=[str(key)])
    return open_clearances().filter(cites)


def what_ended(clearance_ids: Collection[UUID]) -> list[Ended]:
    """Return the effects of clearances that were suspended or ended, for who has to follow."""
    rows = Clearance.objects.filter(
        pk__in=clearance_ids, state__in=[ClearanceState.SUSPENDED, ClearanceState.ENDED]
    )
    return [Ended(row.pk, row.version_id, row.ground, GROUNDS[row.ground]) for row in rows]


def versions_of_clearances(clearance_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the version that each clearance admitted."""
    return dict(Clearance.objects.filter(pk__in=clearance_ids).values_list("pk", "version_id"))

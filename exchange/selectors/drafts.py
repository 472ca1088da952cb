"""What the editor of a draft shows and offers. Invariant: a draft is its vendor's own.

The number of statements does not depend on how long the draft is.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from compliance.models import ScanReport
from compliance.scan import Column
from compliance.selectors import sample_columns, version_scans
from core.actors import Member
from core.errors import NotFound
from core.models import Organisation
from listings.content import plan_document
from listings.models import RightsRecord, Sponsorship, Version
from listings.selectors import (
    missing_parts,
    own_version,
    plan_terms,
    readable_rights,
    sponsorships_in_force,
    usable_rights,
)


@dataclass(frozen=True, slots=True)
class DraftSheet:
    """A version being drafted, what it lacks, and what its forms offer to choose from.

    `columns` are those of its newest sample that the dictionary does not name yet; `organisations`
    those that get, or are likely to get, a share; `numbers` leads from registry numbers to ids.
    """

    version: Version
    plans: tuple[dict[str, Any], ...]
    rights: tuple[RightsRecord, ...]
    organisations: tuple[Organisation, ...]
    numbers: dict[str, str]
    missing: dict[str, list[str]]
    scans: tuple[ScanReport, ...]
    columns: tuple[Column, ...]


def draft_sheet(
    version_id: UUID, member: Member, at: datetime, *, numbers: Collection[str] = ()
) -> DraftSheet:
    """Return everything that the editor of a version shows to its vendor.

    Raises:
        NotFound: there is none, or another vendor drafts it.

    """
    version = own_version(version_id, member)
    if version.product.vendor_id != member.organisation_id:
        raise NotFound
    content, product = version.content, version.product
    cited = content.get("rights") or ()
    usable = usable_rights(product.supplier_id, at).values("pk")
    rows = RightsRecord.objects.filter(Q(pk__in=usable) | Q(pk__in=cited)).select_related("holder")
    sharing = {line.get("beneficiary") for line in content.get("allocation") or ()}
    known = {product.vendor_id, product.supplier_id, *filter(None, sharing)}
    named = {entry.get("name") for entry in content.get("dictionary") or ()}
    return DraftSheet(
        version=version,
        plans=tuple(plan_document(plan_terms(plan)) for plan in version.plans.all()),
        rights=tuple(rows.order_by("kind", "pk")),
        organisations=tuple(Organisation.objects.filter(pk__in=known).order_by("pk")),
        numbers=organisations_numbered(numbers) if numbers else {},
        missing=missing_parts([version], at)[version.pk],
        scans=tuple(version_scans(version.pk)),
        columns=tuple(one for one in sample_columns(version.pk) if one.name not in named),
    )


def organisations_numbered(numbers: Collection[str]) -> dict[str, str]:
    """Return the active organisations of registry numbers: number → id. The venue is none."""
    rows = Organisation.objects.filter(
        # No number holds a NUL, and PostgreSQL takes none in a question.
        registry_number__in=[one.strip() for one in numbers if "\x00" not in one][:100],
        state="ACTIVE",
        is_venue=False,
    )
    return {number: str(pk) for number, pk in rows.values_list("registry_number", "pk")}


def suppliers_of(member: Member, at: datetime) -> list[Sponsorship]:
    """Return the sponsorships under which the member's organisation may list at `at`."""
    rows = sponsorships_in_force(at).filter(vendor=member.organisation_id)
    return list(rows.select_related("supplier").order_by("pk"))


@dataclass(frozen=True, slots=True)
class RightsSheet:
    """The rights records that a member may read, and in whose data it may record further ones."""

    rows: QuerySet[RightsRecord]
    own: Organisation | None
    suppliers: tuple[Organisation, ...]
    numbers: dict[str, str]


def rights_sheet(member: Member, at: datetime, *, numbers: Collection[str] = ()) -> RightsSheet:
    """Return the rights records in the member's data, or its suppliers'."""
    own = Organisation.objects.filter(pk__in=filter(None, [member.organisation_id])).first()
    return RightsSheet(
        rows=readable_rights(member, at).select_related("proof"),
        own=own,
        suppliers=tuple(row.supplier for row in suppliers_of(member, at)),
        numbers=organisations_numbered(numbers) if numbers else {},
    )

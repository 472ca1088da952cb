"""What a vendor has on its table. Invariant: its own, and nothing of others."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, QuerySet

from compliance.models import (
    Clearance,
    Declaration,
    PersonalRecord,
    Report,
    ReviewNote,
    ScanReport,
)
from compliance.rules import EvidenceKind
from compliance.selectors import (
    EvidenceLine,
    VersionChange,
    blocking_counts,
    change_ahead,
    declared_at_most,
    evidence_kinds,
    evidence_lines,
    gathered,
    notes_to_vendor,
    records_of_version,
    reports_on,
    version_findings,
    version_scans,
)
from compliance.selectors.clearances import ClearancePage, clearance_page
from compliance.selectors.decisions import VersionFindings
from compliance.selectors.declarations import standing_declaration
from compliance.statements import Template, asked_of, template_at
from core.actors import Member
from core.models import Event, Organisation
from exchange.models import Order, Trade
from exchange.selectors.names import NamedEvents, named_events
from exchange.states import OrderState, TradeState
from listings.models import RightsRecord, Version
from listings.selectors import missing_parts, own_version, readable_versions

OPEN_ORDERS = (OrderState.AWAITING, OrderState.NEGOTIATING)
NOTES_SHOWN = 50
UNDER_WAY = (TradeState.FUNDED, TradeState.DELIVERING)


@dataclass(frozen=True, slots=True)
class VersionSheet:
    """A version, what was found, its clearance, what it lacks, and what has happened to it.

    `rests_until` is when the first right or mandate under it ends; `under_way` counts deliveries.
    """

    version: Version
    screened: VersionFindings
    clearance: ClearancePage
    history: NamedEvents
    declaration: Declaration | None
    asked: Template
    rests_until: datetime | None
    reports: tuple[Report, ...]
    evidence: tuple[EvidenceLine, ...]
    kinds: dict[str, EvidenceKind]
    scans: tuple[ScanReport, ...]
    missing: dict[str, list[str]]
    organisations: tuple[Organisation, ...]
    rights: tuple[RightsRecord, ...]
    others: tuple[Version, ...]
    under_way: int
    notes: tuple[ReviewNote, ...]
    records: tuple[PersonalRecord, ...]
    list_change: VersionChange | None


def version_sheet(version_id: UUID, member: Member, at: datetime, language: str) -> VersionSheet:
    """Return everything that the page of a version shows to its vendor.

    Raises:
        NotFound: there is none, or it is not the member's.

    """
    version = own_version(version_id, member)
    content = version.content
    sharing = {line.get("beneficiary") for line in content.get("allocation") or ()}
    rights = RightsRecord.objects.filter(pk__in=content.get("rights") or ())
    others = Version.objects.filter(product=version.product_id).exclude(pk=version.pk)
    return VersionSheet(
        version=version,
        screened=version_findings(version_id, reader=member, at=at, language=language),
        clearance=clearance_page(version, at),
        history=named_events("version", version_id, language),
        declaration=standing_declaration(version, at),
        asked=asked_of(template_at(at), content),
        rests_until=declared_at_most(gathered([version.pk], at)[version.pk]),
        reports=tuple(reports_on(version, at)),
        evidence=evidence_lines(version.pk),
        kinds=evidence_kinds(at),
        scans=tuple(version_scans(version.pk)),
        missing=missing_parts([version], at)[version.pk] if version.state == "DRAFT" else {},
        organisations=tuple(Organisation.objects.filter(pk__in=filter(None, sharing))),
        rights=tuple(rights.select_related("holder").order_by("kind", "pk")),
        others=tuple(others.defer("content").order_by("-number")[:20]),
        notes=tuple(notes_to_vendor(version.pk, member).order_by("-at", "-pk")[:NOTES_SHOWN]),
        under_way=Trade.objects.filter(version=version, state__in=UNDER_WAY).count(),
        records=tuple(records_of_version(version.pk, member).order_by("kind", "-pk")),
        list_change=change_ahead(version.pk, at, language),
    )


@dataclass(frozen=True, slots=True)
class ProductLines:
    """What is said of versions in a list: each maps a version to what is known of it.

    `blocking` counts what stands in the way: what a draft still needs, else the findings of the
    last screening. `orders` are the open ones on any version of the product.
    """

    blocking: dict[UUID, int]
    changed: dict[UUID, datetime]
    orders: dict[UUID, int]
    cleared_until: dict[UUID, datetime]


def newest_versions(member: Member) -> QuerySet[Version]:
    """Return the newest version of each of the member's products."""
    later = Version.objects.filter(product=OuterRef("product"), number__gt=OuterRef("number"))
    return readable_versions(member).filter(~Exists(later))


def product_lines(versions: Collection[Version], at: datetime) -> ProductLines:
    """Return what a list says of some versions; as many statements for one as for many."""
    ids = [version.pk for version in versions]
    drafts = [version for version in versions if version.state == "DRAFT"]
    missing = {pk: sum(map(len, texts.values())) for pk, texts in missing_parts(drafts, at).items()}
    products = {version.product_id for version in versions}
    open_orders = (
        Order.objects.filter(version__product__in=products, state__in=OPEN_ORDERS)
        .values_list("version__product")
        .annotate(count=Count("pk"))
    )
    live = Clearance.objects.filter(version__in=ids, state="LIVE")
    changed: Any = Event.objects.filter(subject="version", subject_id__in=ids)
    return ProductLines(
        blocking=blocking_counts([pk for pk in ids if pk not in missing]) | missing,
        changed=dict(changed.values_list("subject_id").annotate(last=Max("at"))),
        orders=dict(open_orders),
        cleared_until=dict(live.values_list("version_id", "valid_until")),
    )

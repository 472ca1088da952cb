"""What a vendor has on its table. Invariant: its own, and nothing of others."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.expressions import Window
from django.db.models.functions import RowNumber

from compliance.selectors import version_findings
from compliance.selectors.clearances import ClearancePage, clearance_page
from compliance.selectors.decisions import VersionFindings
from core.actors import Member
from exchange.selectors.names import NamedEvents, named_events
from listings.models import Version
from listings.selectors.own import own_version, readable_versions


@dataclass(frozen=True, slots=True)
class VersionSheet:
    """A version, what was found, its clearance, and what has happened to it."""

    version: Version
    screened: VersionFindings
    clearance: ClearancePage
    history: NamedEvents


def version_sheet(version_id: UUID, member: Member, at: datetime, language: str) -> VersionSheet:
    """Return everything that the page of a version shows to its vendor.

    Raises:
        NotFound: there is none, or it is not the member's.

    """
    version = own_version(version_id, member)
    return VersionSheet(
        version=version,
        screened=version_findings(version_id, reader=member, at=at, language=language),
        clearance=clearance_page(version, at),
        history=named_events("version", version_id, language),
    )


def newest_versions(member: Member) -> QuerySet[Version]:
    """Return the newest version of each of the member's products, last changed first."""
    newest = (
        readable_versions(member)
        .annotate(place=Window(RowNumber(), partition_by="product_id", order_by=F("number").desc()))
        .filter(place=1)
    )
    return newest.select_related("product").order_by("-created_at", "-pk")

"""Reads of reports. Invariant: a provider sees its own, a vendor those on its products."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from compliance.models import Declaration, Evidence, Report
from compliance.statements import Template, template_at
from compliance.states import DeclarationState, EvidenceState
from core.actors import Member
from core.errors import NotFound
from core.models import StoredFile
from listings.models import Version


def readable_reports(reader: Member) -> QuerySet[Report]:
    """Return the reports that the reader made, or that are on its products; all for the venue.

    A vendor is shown a report once its provider stands by it.
    """
    latest = Declaration.objects.filter(report=OuterRef("pk")).order_by("-signed_at", "-id")
    standing = latest.filter(state=DeclarationState.IN_FORCE).order_by("-valid_until")
    rows = Report.objects.select_related("provider", "product", "file").annotate(
        declaration_id=Subquery(latest.values("pk")[:1]),
        declaration_state=Subquery(latest.values("state")[:1]),
        declared_until=Subquery(standing.values("valid_until")[:1]),
        standing_id=Subquery(standing.values("pk")[:1]),
    )
    if reader.is_venue or reader.system:
        return rows
    mine = Q(provider=reader.organisation_id)
    return rows.filter(
        mine | Q(product__vendor=reader.organisation_id, declaration_id__isnull=False)
    )


def own_report(report_id: UUID, reader: Member) -> Report:
    """Return a report that the reader may read.

    Raises:
        NotFound: there is none, or it is no business of the reader's.

    """
    row = readable_reports(reader).filter(pk=report_id).first()
    if row is None:
        raise NotFound
    return row


def locked_own_report(report_id: UUID, provider: Member) -> Report:
    """Return and lock a report of the provider's own.

    Raises:
        NotFound: there is none, or another organisation made it.

    """
    rows = Report.objects.select_related("product", "file").select_for_update(
        of=("self",), no_key=True
    )
    row = rows.filter(pk=report_id, provider=provider.organisation_id).first()
    if row is None:
        raise NotFound
    return row


def reports_on(version: Version, at: datetime) -> QuerySet[Report]:
    """Return the reports on the product of a version that their providers stand by at `at`."""
    standing = Declaration.objects.filter(
        report=OuterRef("pk"), state=DeclarationState.IN_FORCE, valid_until__gt=at
    )
    rows = Report.objects.filter(Exists(standing), product=version.product_id)
    return rows.select_related("provider").order_by("-at", "-id")[:50]


def report_on(report_id: UUID, version: Version, key: str) -> Report:
    """Return a report on the product of a version that is evidence of `key`.

    Raises:
        NotFound: there is none.

    """
    rows = Report.objects.select_related("file")
    row = rows.filter(pk=report_id, product=version.product_id, key=key).first()
    if row is None:
        raise NotFound
    return row


def report_declared_until(report: Report, at: datetime) -> datetime | None:
    """Return until when the provider of a report stands by it, None if it does not at `at`."""
    rows = Declaration.objects.filter(
        report=report, state=DeclarationState.IN_FORCE, valid_until__gt=at
    )
    return rows.order_by("-valid_until").values_list("valid_until", flat=True).first()


def asked_of_report(report_id: UUID, reader: Member, at: datetime) -> Template:
    """Return the statements that a provider has to make on a report of its own.

    Raises:
        NotFound: there is none, or it is another organisation's.

    """
    if not Report.objects.filter(pk=report_id, provider=reader.organisation_id).exists():
        raise NotFound
    return template_at(at, "report")


def report_file(report_id: UUID, reader: Member) -> StoredFile:
    """Return the file of a report, to its provider, the vendor it is for, and the venue.

    Raises:
        NotFound: there is no such report for this reader.

    """
    return own_report(report_id, reader).file


def versions_citing(report_ids: Iterable[UUID]) -> list[UUID]:
    """Return the versions for which one of these reports is given as evidence."""
    rows = Evidence.objects.filter(report__in=list(report_ids), state=EvidenceState.GIVEN)
    return sorted(set(rows.values_list("version_id", flat=True)))


def versions_citing_declared(declaration_ids: Collection[UUID]) -> list[UUID]:
    """Return the versions for which a report is evidence that one of these declarations is on."""
    rows = Declaration.objects.filter(pk__in=declaration_ids, report__isnull=False)
    return versions_citing(rows.values_list("report_id", flat=True))


def versions_ever_citing(version_ids: Collection[UUID]) -> set[UUID]:
    """Return which of the versions have, or had, evidence that rests on a report."""
    rows = Evidence.objects.filter(version__in=version_ids, report__isnull=False).order_by()
    return set(rows.values_list("version_id", flat=True))

"""Reports of service providers. Invariant: who reports has no share in the result."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from compliance import selectors
from compliance.errors import InterestedProvider, ReportKnown, UnknownEvidenceKey
from compliance.models import Declaration, Report
from compliance.services.declaring import about_report, check_assent, sealed
from core.actors import Member, acting_for, signer
from core.errors import Malformed
from core.events import record
from core.ids import uuid7
from core.service import service
from listings import selectors as listings


@service(may="report")
def hand_in_report(
    *, product: str, key: str, title: str, file_id: UUID, actor: Member, at: datetime
) -> Report:
    """Hand in a report on the product of a code, as evidence of the kind `key`.

    It lifts nothing before its provider signs the declaration on exactly this file.

    Raises:
        UnknownEvidenceKey: no item of the list in force asks a vendor for it.
        Malformed: there is no such product, or no title.
        InterestedProvider: the provider offers or supplies the product.
        ReportKnown: the same file was handed in for the same before.

    """
    kinds = {name for name, kind in selectors.evidence_kinds(at).items() if kind.by == "vendor"}
    if key not in kinds:
        raise UnknownEvidenceKey(known=sorted(kinds))
    if not title.strip():
        raise Malformed(fields={"title": [_("is needed")]})
    found = listings.product_of_code(product)
    if found is None:
        raise Malformed(fields={"product": [_("no product has this code")]})
    provider = acting_for(actor)
    if provider in (found.vendor_id, found.supplier_id):
        raise InterestedProvider
    file = listings.own_file(file_id, actor)
    report, fresh = Report.objects.get_or_create(
        provider_id=provider,
        product=found,
        key=key,
        sha256=file.sha256,
        defaults={"title": title.strip(), "file": file, "made_by_id": signer(actor), "at": at},
    )
    if not fresh:
        raise ReportKnown(report=str(report.pk))
    detail = {"product": found.pk, "key": key, "sha256": file.sha256}
    record("report", report.pk, "hand_in", actor=actor, at=at, detail=detail)
    return report


@service(may="sign")
def sign_report(
    *,
    report_id: UUID,
    content_hash: str,
    template: str,
    statements: list[str],
    valid_until: datetime,
    actor: Member,
    at: datetime,
) -> Declaration:
    """Sign the declaration and commitment on a report, for the hash of its file.

    Raises:
        NotFound: it is not a report of the actor's own.
        Forbidden: the venue does not admit the organisation as a service provider.
        ContentChanged: the file has another hash.
        StatementsIncomplete: a statement is missing, or is not of the template.
        Malformed: another template is in use, or the validity is not possible.
        StepUpNeeded: the person did not prove a moment ago that it is there.

    """
    subject = about_report(report_id, actor, at)
    check_assent(
        subject,
        content_hash=content_hash,
        template=template,
        statements=statements,
        valid_until=valid_until,
        at=at,
    )
    return sealed(uuid7(), subject, valid_until, actor=actor, at=at)

"""What is handed in together with a file. Invariant: the file is kept only if the act is done.

The ground keeps files, the apps above name them: here a person does both in one act.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from compliance import services as compliance
from compliance.models import Breach, Evidence, PersonalRecord, Report
from core.actors import Member
from core.service import service
from listings import services as listings
from listings.models import Release, RightsRecord, Sponsorship


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in, not kept yet."""

    stream: BinaryIO
    name: str
    media_type: str


@service(may="record")
def record_proven_right(
    *,
    supplier_id: UUID,
    kind: str,
    holder_id: UUID,
    certificate_code: str,
    proof: Upload | None,
    valid_from: datetime,
    valid_until: datetime,
    actor: Member,
    at: datetime,
) -> RightsRecord:
    """Record a right with the file that proves it; refused as `record_right` is."""
    return listings.record_right(
        supplier_id=supplier_id,
        kind=kind,
        holder_id=holder_id,
        certificate_code=certificate_code,
        proof_id=_kept(proof, actor=actor, at=at),
        valid_from=valid_from,
        valid_until=valid_until,
        actor=actor,
        at=at,
    )


@service(may="list")
def propose_mandated_sponsorship(
    *, supplier_id: UUID, mandate: Upload, valid_until: datetime, actor: Member, at: datetime
) -> Sponsorship:
    """Propose to list for a supplier with its mandate; refused as `propose_sponsorship` is."""
    mandate_id = _kept(mandate, actor=actor, at=at)
    assert mandate_id is not None
    return listings.propose_sponsorship(
        supplier_id=supplier_id,
        mandate_id=mandate_id,
        valid_until=valid_until,
        actor=actor,
        at=at,
    )


@service(may="list")
def release_file(
    *, version_id: UUID, kind: str, file: Upload, note: str, actor: Member, at: datetime
) -> Release:
    """Add a file to a version as sample or data; refused as `publish_release` is."""
    file_id = _kept(file, actor=actor, at=at)
    assert file_id is not None
    return listings.publish_release(
        version_id=version_id, kind=kind, file_id=file_id, note=note, actor=actor, at=at
    )


@service(may="list")
def give_filed_evidence(
    *,
    version_id: UUID,
    key: str,
    file: Upload | None,
    report_id: UUID | None = None,
    note: str,
    valid_until: datetime | None,
    actor: Member,
    at: datetime,
) -> Evidence:
    """Give evidence with its file; refused as `give_evidence` is."""
    return compliance.give_evidence(
        version_id=version_id,
        key=key,
        file_id=_kept(file, actor=actor, at=at),
        report_id=report_id,
        note=note,
        valid_until=valid_until,
        actor=actor,
        at=at,
    )


@service(may="record")
def record_on_persons(
    *,
    kind: str,
    terms: Mapping[str, Any],
    file: Upload | None,
    basis: Mapping[str, Any],
    version_ids: Collection[UUID],
    actor: Member,
    at: datetime,
) -> PersonalRecord:
    """Record a basis, an assessment or a claim with its file; refused as its own service is.

    `basis` is what only a basis has beside its terms: trustee, former record, and its end.
    """
    common: dict[str, Any] = {
        "terms": terms,
        "file_id": _kept(file, actor=actor, at=at),
        "version_ids": version_ids,
        "actor": actor,
        "at": at,
    }
    if kind == "basis":
        return compliance.record_basis(**common, **basis)
    if kind == "assessment":
        return compliance.record_assessment(**common)
    return compliance.record_anonymisation(**common)


@service(may="report")
def hand_in_filed_report(
    *, product: str, key: str, title: str, file: Upload, actor: Member, at: datetime
) -> Report:
    """Hand in a report with its file; refused as `hand_in_report` is."""
    file_id = _kept(file, actor=actor, at=at)
    assert file_id is not None
    return compliance.hand_in_report(
        product=product, key=key, title=title, file_id=file_id, actor=actor, at=at
    )


@service(may="review")
def open_filed_breach(
    *,
    declaration_id: UUID,
    statements: list[str],
    reason: str,
    evidence: str,
    file: Upload | None,
    actor: Member,
    at: datetime,
) -> Breach:
    """Open a case on a declaration with the file it rests on; refused as `open_breach` is."""
    return compliance.open_breach(
        declaration_id=declaration_id,
        statements=statements,
        reason=reason,
        evidence=evidence,
        file_id=_kept(file, actor=actor, at=at),
        actor=actor,
        at=at,
    )


def _kept(file: Upload | None, *, actor: Member, at: datetime) -> UUID | None:
    if file is None:
        return None
    return listings.hand_in_file(
        stream=file.stream, name=file.name, media_type=file.media_type, actor=actor, at=at
    ).pk

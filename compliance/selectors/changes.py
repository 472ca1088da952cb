"""What a list changes for listings. Invariant: told from the re-run, beside what carried it before.

A vendor reads it while the list is scheduled, and after it took force until it is screened again.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from compliance.models import ChecklistVersion, Clearance, Decision
from compliance.rules import finding_from_document
from compliance.selectors.checklists import compiled
from compliance.selectors.decisions import FindingText, finding_texts
from compliance.states import ChecklistState, ClearanceState
from core.errors import NotFound

BATCH = 500


@dataclass(frozen=True, slots=True)
class VersionChange:
    """What one list changes for one version. `kept` is whether a clearance carries it on.

    `findings` are what the list newly says of it, with what lifts each.
    """

    version_id: UUID
    checklist_id: UUID
    checklist_code: str
    effective_at: datetime
    in_force: bool
    kept: bool
    findings: tuple[FindingText, ...]


@dataclass(frozen=True, slots=True)
class _Rerun:
    """A re-run beside what was said before: only what is new."""

    version_id: UUID
    vendor_id: UUID
    kept: bool
    new: tuple[Mapping[str, Any], ...]

    @property
    def changes(self) -> bool:
        return bool(self.new) or not self.kept


def changed_versions(checklist_id: UUID) -> dict[UUID, list[UUID]]:
    """Return vendor → its versions for which a list changes something, by the re-run."""
    found: dict[UUID, list[UUID]] = {}
    for batch in _reruns(checklist_id):
        for one in batch:
            if one.changes:
                found.setdefault(one.vendor_id, []).append(one.version_id)
    return found


def version_changes(
    checklist_id: UUID, version_ids: Collection[UUID], at: datetime, language: str
) -> list[VersionChange]:
    """Return what a list changes for these versions; those that stay as they are are left out.

    Raises:
        NotFound: there is no such list, or it has no date.
    """
    checklist = ChecklistVersion.objects.filter(pk=checklist_id).first()
    if checklist is None or checklist.effective_at is None:
        raise NotFound
    rows = Decision.objects.filter(
        kind="rerun", checklist=checklist_id, reference__in=version_ids
    ).order_by("reference", "-id")
    return [
        _change(one, checklist, checklist.effective_at, at, language)
        for one in _beside(list(rows.distinct("reference")), checklist_id)
        if one.changes
    ]


def change_ahead(version_id: UUID, at: datetime, language: str) -> VersionChange | None:
    """Return what the list that waits, or took force last, changes for a version.

    None where it changes nothing, or where the version was screened again since.
    """
    last = Decision.objects.filter(reference=version_id).exclude(kind="order").order_by("-id")
    row = last.select_related("checklist").first()
    if row is None or row.kind != "rerun":
        return None
    if row.checklist.state not in (ChecklistState.SCHEDULED, ChecklistState.IN_FORCE):
        return None
    found = version_changes(row.checklist_id, [version_id], at, language)
    return found[0] if found else None


def _change(
    one: _Rerun,
    checklist: ChecklistVersion,
    effective_at: datetime,
    at: datetime,
    language: str,
) -> VersionChange:
    findings = [finding_from_document(document) for document in one.new]
    return VersionChange(
        version_id=one.version_id,
        checklist_id=checklist.pk,
        checklist_code=checklist.code,
        effective_at=effective_at,
        in_force=effective_at <= at,
        kept=one.kept,
        findings=finding_texts(findings, compiled(checklist), language),
    )


def _reruns(checklist_id: UUID) -> Iterator[list[_Rerun]]:
    """Yield the last re-run of every version, a bounded number at once."""
    rows = Decision.objects.filter(kind="rerun", checklist=checklist_id)
    rows = rows.order_by("reference", "-id").distinct("reference")
    after: UUID | None = None
    while True:
        following = rows if after is None else rows.filter(reference__gt=after)
        batch = list(following[:BATCH])
        if not batch:
            return
        after = batch[-1].reference
        yield _beside(batch, checklist_id)


def _beside(decisions: Sequence[Decision], checklist_id: UUID) -> list[_Rerun]:
    """Return re-runs beside the decision behind the clearance that they were made for."""
    ids = [one.reference for one in decisions]
    former = (
        Clearance.objects.filter(version__in=ids)
        .exclude(checklist=checklist_id)
        .order_by("version", "-valid_from", "-id")
        .distinct("version")
        .values_list("version_id", "version__product__vendor_id", "decision__findings")
    )
    said = {version: (vendor, findings) for version, vendor, findings in former}
    kept = set(
        Clearance.objects.filter(
            version__in=ids,
            checklist=checklist_id,
            state__in=[ClearanceState.PREPARED, ClearanceState.LIVE],
        ).values_list("version_id", flat=True)
    )
    return [
        _Rerun(
            one.reference,
            said[one.reference][0],
            one.reference in kept,
            _new(one.findings, said[one.reference][1]),
        )
        for one in decisions
        if one.reference in said
    ]


def _new(
    findings: Sequence[Mapping[str, Any]], former: Sequence[Mapping[str, Any]]
) -> tuple[Mapping[str, Any], ...]:
    said = {(one["code"], one["status"]) for one in former}
    return tuple(
        one
        for one in findings
        if one["status"] != "lifted" and (one["code"], one["status"]) not in said
    )

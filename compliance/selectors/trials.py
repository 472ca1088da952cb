"""Reads of trials. Invariant: a trial is compared with what was said of each version last."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from compliance.models import ChecklistVersion, Clearance, Decision, Trial, TrialFinding
from compliance.selectors.checklists import in_force_id, readable_checklist
from compliance.states import ClearanceState
from core.actors import Member
from core.errors import NotFound
from listings.models import Version
from listings.states import VersionState


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was said of a version last. `cleared` is whether a clearance carries it now."""

    version_id: UUID
    cleared: bool
    findings: Sequence[Mapping[str, Any]]
    attested: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ItemTrial:
    """What one item would change: how many versions it newly blocks, frees, or only notes."""

    item: str
    blocked_count: int
    freed_count: int
    noted_count: int


def trial_candidates(after: UUID | None = None) -> QuerySet[Version, UUID]:
    """Return the versions that a trial looks at, in the order of their ids: cleared or blocked."""
    live = Clearance.objects.filter(version=OuterRef("pk"), state=ClearanceState.LIVE)
    rows = Version.objects.filter(Q(Exists(live)) | Q(state=VersionState.BLOCKED))
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return rows.order_by("pk").values_list("pk", flat=True)


def former_judgements(version_ids: Collection[UUID]) -> list[Judgement]:
    """Return what was said last of each of the versions of which anything was, in their order."""
    live = Clearance.objects.filter(version__in=version_ids, state=ClearanceState.LIVE)
    found = {
        version_id: Judgement(version_id, True, findings, attested or {})
        for version_id, findings, attested in live.values_list(
            "version_id", "decision__findings", "decision__attested"
        )
    }
    blocked = (
        Decision.objects.filter(
            reference__in=set(version_ids) - found.keys(), kind__in=["listing", "review"]
        )
        .order_by("reference", "-at", "-id")
        .distinct("reference")
    )
    for version_id, findings in blocked.values_list("reference", "findings"):
        found[version_id] = Judgement(version_id, False, findings, {})
    return [found[version_id] for version_id in version_ids if version_id in found]


def trials(checklist_id: UUID, reader: Member) -> QuerySet[Trial]:
    """Return the trials of a list, for the venue's staff.

    Raises:
        NotFound: there is no such list for this reader.
    """
    if not (reader.is_venue or reader.system):
        raise NotFound
    readable_checklist(checklist_id, reader)
    return Trial.objects.filter(checklist=checklist_id).select_related("against")


def readable_trial(checklist_id: UUID, trial_id: UUID, reader: Member) -> Trial:
    """Return one trial of a list, for the venue's staff.

    Raises:
        NotFound: there is no such trial for this reader.
    """
    trial = trials(checklist_id, reader).filter(pk=trial_id).first()
    if trial is None:
        raise NotFound
    return trial


def trial_findings(checklist_id: UUID, trial_id: UUID, reader: Member) -> QuerySet[TrialFinding]:
    """Return what a trial found, for the venue's staff.

    Raises:
        NotFound: there is no such trial for this reader.
    """
    trial = readable_trial(checklist_id, trial_id, reader)
    return TrialFinding.objects.filter(trial=trial).select_related("version__product")


def trial_items(trial: Trial) -> tuple[ItemTrial, ...]:
    """Return what each item would change, what blocks most first."""
    rows = (
        TrialFinding.objects.filter(trial=trial)
        .values("item")
        .annotate(
            blocked_count=Count("pk", filter=Q(blocks=True)),
            freed_count=Count("pk", filter=Q(freed=True)),
            noted_count=Count("pk", filter=Q(blocks=False, freed=False)),
        )
        .order_by("-blocked_count", "-freed_count", "item")
    )
    return tuple(ItemTrial(**row) for row in rows)


def standing_trials(checklist: ChecklistVersion, at: datetime) -> QuerySet[Trial]:
    """Return the trials of a list as it is, against the list in force at `at`."""
    return Trial.objects.filter(
        checklist=checklist, items_hash=checklist.items_hash, against=in_force_id(at)
    )


def locked_trial(checklist_id: UUID, trial_id: UUID) -> Trial:
    """Return and lock a trial of a list.

    Raises:
        NotFound: there is none.

    """
    rows = Trial.objects.select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=trial_id, checklist=checklist_id).first()
    if row is None:
        raise NotFound
    return row

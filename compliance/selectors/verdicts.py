"""Running a list over versions. Invariant: what a run saw and what it found are handed on whole."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from compliance.models import ChecklistVersion
from compliance.rules import (
    BLOCKING,
    Checklist,
    Finding,
    Verdict,
    run,
    run_attestations,
    verdict,
)
from compliance.selectors.checklists import compiled
from compliance.selectors.facts import Gathered, gathered

# Code of a question → {"yes": bool, "note": str}.
Attested = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Judged:
    """One run of one list over one version: what it saw, what it found, and the verdict.

    `attested` is None as long as no reviewer was asked.
    """

    known: Gathered
    checklist_id: UUID
    checklist: Checklist
    findings: tuple[Finding, ...]
    verdict: Verdict
    attested: Attested | None = None

    @property
    def blocked(self) -> bool:
        """Whether something stands in the way."""
        return self.verdict in BLOCKING

    @property
    def codes(self) -> set[str]:
        """The items that spoke, lifted or not; what a reviewer is asked is none of them."""
        asked = {one.item.code for one in self.checklist.review.items}
        return {finding.code for finding in self.findings} - asked

    @property
    def resting_on(self) -> dict[str, datetime | None]:
        """The evidence that a clearance rests on, with its end: what lifted, and what may lift.

        Evidence that only items of the order ask for counts too: the gate lifts with it.
        """
        used = {key for finding in self.findings for key in finding.lifted_by}
        used |= {key for one in self.checklist.order.items for key in one.item.evidence}
        given = self.known.evidence
        return {key: given[key] for key in sorted(used) if key in given}


def judged(
    version_ids: Collection[UUID], checklist: ChecklistVersion, at: datetime
) -> dict[UUID, Judged]:
    """Return what `checklist` says at `at` of each of the versions that exist."""
    items = compiled(checklist)
    results = {}
    for version_id, known in gathered(version_ids, at).items():
        findings = run(items, known.facts, known.evidence, at=at)
        results[version_id] = Judged(known, checklist.pk, items, findings, verdict(findings))
    return results


def answered(result: Judged, answers: Attested, at: datetime) -> Judged:
    """Return `result` with what a reviewer is asked about the version, and has answered."""
    found = run_attestations(
        result.checklist, result.known.facts, result.known.evidence, yes_or_no(answers), at=at
    )
    findings = (*result.findings, *found)
    return replace(result, findings=findings, verdict=verdict(findings), attested=answers)


def yes_or_no(answers: Attested) -> dict[str, bool]:
    """Return answers without their notes."""
    return {code: answer["yes"] for code, answer in answers.items()}

"""Running a list over versions. Invariant: what a run saw and what it found are handed on whole."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from compliance.models import ChecklistVersion
from compliance.rules import BLOCKING, Checklist, Finding, Verdict, run, verdict
from compliance.selectors.checklists import compiled
from compliance.selectors.facts import Gathered, gathered


@dataclass(frozen=True, slots=True)
class Judged:
    """One run of one list over one version: what it saw, what it found, and the verdict."""

    known: Gathered
    checklist_id: UUID
    checklist: Checklist
    findings: tuple[Finding, ...]
    verdict: Verdict

    @property
    def blocked(self) -> bool:
        """Whether something stands in the way."""
        return self.verdict in BLOCKING

    @property
    def codes(self) -> set[str]:
        """The items that spoke, lifted or not."""
        return {finding.code for finding in self.findings}

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

"""Running a scheduled list over live clearances. Invariant: it says what a new screening would say.

What a version says of itself never changes once it is published, so what the decision behind its
clearance stored of it still stands. Registers, evidence and scans are read anew; where a scan or
the facts themselves have changed, everything is gathered anew. Whoever lets facts rest on something
else that may change reads it here too, or has its versions gathered anew (`ANEW`).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from compliance.facts import (
    FACTS_VERSION,
    ScanFacts,
    cleared_document,
    settled,
    to_document,
    topic_document,
)
from compliance.models import ChecklistVersion, Clearance, Decision
from compliance.rules import (
    BLOCKING,
    Checklist,
    Finding,
    Verdict,
    attest_document,
    run_document,
    verdict,
)
from compliance.selectors.checklists import compiled_checklist
from compliance.selectors.facts import (
    Gathered,
    Registers,
    evidence_in_force,
    gathered,
    lock_evidence,
    party_facts,
    registers_at,
    rights_facts,
    scan_reports,
)
from compliance.selectors.gradings import versions_ever_graded
from compliance.selectors.personal import versions_ever_bound
from compliance.selectors.reports import versions_ever_citing
from compliance.selectors.scans import scan_facts
from compliance.selectors.verdicts import Attested, yes_or_no
from compliance.states import OPEN_CLEARANCE, ChecklistState, ClearanceState
from core.models import Organisation
from listings.models import Release

Topics = Mapping[str, Any]
# What tells which of some versions have facts that rest on more than is read here.
ANEW: tuple[Callable[[Collection[UUID]], Collection[UUID]], ...] = (
    versions_ever_bound,
    versions_ever_graded,
    versions_ever_citing,
)


@dataclass(frozen=True, slots=True)
class Former:
    """A live clearance that a list has not been run over, with what stands behind it.

    `said` are the items that spoke when it was decided; `follows` is the decision that a run comes
    after: that one, or the last run over the same list.
    """

    clearance_id: UUID
    version_id: UUID
    decision_id: UUID
    follows: UUID
    valid_from: datetime
    valid_until: datetime
    declared_until: datetime
    facts: Topics
    said: frozenset[str]
    attested: Attested
    parties: tuple[UUID, UUID]
    rights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a version now. `facts` are all of them.

    `topics` and `cleared` are what of it differs from what the former decision and clearance
    stored, or all of it where it is `whole`. `evidence` and `rests_until` are as in `Gathered`.
    """

    facts: Topics
    topics: Topics
    cleared: Topics
    whole: bool
    evidence: Mapping[str, datetime | None]
    rests_until: datetime | None


@dataclass(frozen=True, slots=True)
class Rerun:
    """One clearance run again: what the list says now, and whether the human decision carries over.

    It does where no item speaks that did not before and a reviewer is asked nothing new; `attested`
    are then the answers that were given, else None. `lifts` is evidence that items of the order ask
    for, with which the gate lifts.
    """

    former: Former
    known: Known
    findings: tuple[Finding, ...]
    verdict: Verdict
    carried: bool
    lifts: frozenset[str]

    @property
    def attested(self) -> Attested | None:
        """The answers that carry over."""
        return self.former.attested if self.carried else None

    @property
    def blocked(self) -> bool:
        """Whether something stands in the way."""
        return self.verdict in BLOCKING

    @property
    def resting_on(self) -> dict[str, datetime | None]:
        """The evidence that a clearance would rest on, with its end: as of a screening."""
        given = self.known.evidence
        used = {key for finding in self.findings for key in finding.lifted_by} | self.lifts
        return {key: given[key] for key in sorted(used & given.keys())} if given else {}


def locked_scheduled_checklist() -> ChecklistVersion | None:
    """Return and lock the list that waits to take force, without its items; None if none waits."""
    rows = ChecklistVersion.objects.filter(state=ChecklistState.SCHEDULED).defer("items")
    return rows.select_for_update(of=("self",), no_key=True).first()


def rerun_due(checklist: ChecklistVersion) -> QuerySet[Clearance]:
    """Return the live clearances that have not been run again under a scheduled list."""
    done = Decision.objects.filter(
        kind="rerun", checklist=checklist, previous=OuterRef("decision_id")
    )
    return (
        Clearance.objects.filter(~Exists(done), state=ClearanceState.LIVE)
        .exclude(checklist=checklist)
        .order_by("decision_id")
    )


def rerun(formers: Sequence[Former], checklist: ChecklistVersion, *, at: datetime) -> list[Rerun]:
    """Return what a list says at `at` of live clearances.

    The number of statements does not depend on how many there are. What evidence they have is
    locked, with what carries it, so that none of it ends before what rests on it is written.
    """
    items = compiled_checklist(checklist.pk)
    lifts = frozenset(key for one in items.order.items for key in one.item.evidence)
    known = _known(formers, at)
    return [_rerun(one, known[one.version_id], items, lifts, at) for one in formers]


_COLUMNS = (
    *("pk", "version_id", "decision_id", "valid_from", "valid_until", "declaration__valid_until"),
    *("decision__facts", "decision__findings", "decision__attested"),
    *("version__product__vendor_id", "version__product__supplier_id", "version__content__rights"),
)


def formers_due(checklist: ChecklistVersion, *, limit: int) -> list[Former]:
    """Return the live clearances that a list is to be run over next, none if all are done.

    They come behind the last that was run; whatever was passed over comes at the end.
    """
    due = rerun_due(checklist)
    done = Decision.objects.filter(kind="rerun", checklist=checklist, previous__isnull=False)
    last = done.order_by("-previous_id").values_list("previous_id", flat=True).first()
    rows = list((due.filter(decision_id__gt=last) if last else due).values_list(*_COLUMNS)[:limit])
    if last and not rows:
        rows = list(due.values_list(*_COLUMNS)[:limit])
    return [_former(row) for row in rows]


def formers_lacking(checklist: ChecklistVersion, version_ids: Collection[UUID]) -> list[Former]:
    """Return the live clearances of some versions for which nothing is prepared for a list yet."""
    prepared = Clearance.objects.filter(checklist=checklist, state__in=OPEN_CLEARANCE)
    rows = Clearance.objects.filter(version__in=version_ids, state=ClearanceState.LIVE)
    rows = rows.exclude(checklist=checklist).exclude(version__in=prepared.values("version"))
    runs = Decision.objects.filter(
        kind="rerun", checklist=checklist, reference__in=rows.values("version")
    )
    # A run may have been repeated before: the last of a version is followed.
    last = dict(runs.order_by("pk").values_list("reference", "pk"))
    formers = [_former(row) for row in rows.order_by("decision_id").values_list(*_COLUMNS)]
    return [replace(one, follows=last.get(one.version_id, one.decision_id)) for one in formers]


def _former(row: tuple[Any, ...]) -> Former:
    """Return what stands in `_COLUMNS` of one clearance."""
    clearance, version, decision, since, until, declared_until, *stored = row
    facts, findings, attested, vendor, supplier, rights = stored
    return Former(
        clearance_id=clearance,
        version_id=version,
        decision_id=decision,
        follows=decision,
        valid_from=since,
        valid_until=until,
        declared_until=declared_until,
        facts=facts,
        said=frozenset(finding["code"] for finding in findings),
        attested=attested or {},
        parties=(vendor, supplier),
        rights=tuple(map(str, rights or ())),
    )


def _known(formers: Collection[Former], at: datetime) -> dict[UUID, Known]:
    versions = [one.version_id for one in formers]
    registers = registers_at(
        {party for one in formers for party in one.parties},
        {key for one in formers for key in one.rights},
        at,
    )
    organisations = Organisation.objects.in_bulk(
        {party for one in formers for party in one.parties}
    )
    lock_evidence(versions)
    evidence = evidence_in_force(versions, at)
    scans = dict(_scans(versions))
    more = {version_id for rests_on_more in ANEW for version_id in rests_on_more(versions)}
    known = {
        one.version_id: _renewed(one, organisations, registers, evidence[one.version_id], at)
        for one in formers
        if one.facts["version"] == FACTS_VERSION
        and one.facts["scan"] == scans[one.version_id]
        and one.version_id not in more
    }
    anew = gathered([key for key in versions if key not in known], at)
    return known | {key: _whole(one) for key, one in anew.items()}


def _scans(versions: Collection[UUID]) -> Iterator[tuple[UUID, Topics]]:
    """Yield each version with what the scans of its samples say now."""
    files: dict[UUID, list[UUID]] = defaultdict(list)
    samples = Release.objects.filter(version__in=versions, kind="sample").order_by("pk")
    for version_id, file_id in samples.values_list("version_id", "file_id"):
        files[version_id].append(file_id)
    reports = scan_reports({file for several in files.values() for file in several})
    for version_id in versions:
        found = scan_facts(files[version_id], reports) or ScanFacts()
        yield version_id, topic_document("scan", settled(found))


def _renewed(
    former: Former,
    organisations: Mapping[UUID, Organisation],
    registers: Registers,
    evidence: Mapping[str, datetime | None],
    at: datetime,
) -> Known:
    """Return the facts that were stored, with what the registers say now."""
    cited = [registers.rights[key] for key in former.rights if key in registers.rights]
    ends = [record.valid_until for record in cited]
    if former.parties[0] != former.parties[1] and former.parties in registers.mandates:
        ends.append(registers.mandates[former.parties])
    vendor, supplier = (organisations[party] for party in former.parties)
    topics = {
        "rights": topic_document("rights", rights_facts(cited, at)),
        "parties": topic_document("parties", party_facts(vendor, supplier, registers)),
    }
    return Known(
        facts={**former.facts, **topics},
        topics=topics,
        cleared={"zone": topics["parties"]["zone"]},
        whole=False,
        evidence=evidence,
        rests_until=min(ends, default=None),
    )


def _whole(known: Gathered) -> Known:
    facts = to_document(known.facts)
    cleared = cleared_document(known.facts)
    return Known(facts, facts, cleared, True, known.evidence, known.rests_until)


def _rerun(
    former: Former, known: Known, items: Checklist, lifts: frozenset[str], at: datetime
) -> Rerun:
    answers = yes_or_no(former.attested)
    findings = run_document(items, known.facts, known.evidence, at=at)
    asked = attest_document(items, known.facts, known.evidence, answers, at=at)
    together = (*findings, *asked)
    carried = verdict(together) not in BLOCKING and {one.code for one in findings} <= former.said
    found = together if carried else findings
    return Rerun(former, known, found, verdict(found), carried, lifts)

"""What the records about persons carry. Invariant: what no record names is not carried.

Persons are told apart by class: a record and those that renew it are of one class, and what
carries one class carries no other. Within a class each purpose and kind of recipient is carried
by whichever record in force names both.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import product
from typing import Any
from uuid import UUID

from compliance.facts import vocabulary as v

# What carries a provision to others, from the weakest to the strongest.
STRENGTH = ("consent", "contract", "statutory", "separate_consent")
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class BasisRecord:
    """One record of consent or of another legal basis, as it stands at one moment.

    `purposes` and `recipients` are those named and not withdrawn since; `live` says that the
    record as a whole is in force. `counts` are persons by category, where they differ.
    """

    record_id: UUID
    class_id: UUID
    live: bool
    basis: str
    purposes: frozenset[str]
    recipients: frozenset[str]
    withdrawn_purposes: frozenset[str]
    withdrawn_recipients: frozenset[str]
    categories: frozenset[str]
    sensitive_kinds: frozenset[str]
    persons_count: int
    counts: Mapping[str, int]
    minors: bool
    guardian: bool
    in_duty: bool
    until: datetime

    @property
    def named_kinds(self) -> frozenset[str]:
        """The sensitive kinds that its words name; persons under 14 are one by themselves."""
        return self.sensitive_kinds | ({"minor_under_14"} if self.minors else frozenset())

    def carries(self, pair: Pair) -> bool:
        """Return whether this purpose for this kind of recipient rests on it."""
        return self.live and pair[0] in self.purposes and pair[1] in self.recipients


@dataclass(frozen=True, slots=True)
class AnonymisationRecord:
    """One claim that nobody can be identified any more: it counts only if a test bears it out."""

    live: bool
    passed: bool
    until: datetime

    @property
    def counts(self) -> bool:
        """Whether it may be relied on."""
        return self.live and self.passed


@dataclass(frozen=True, slots=True)
class AssessmentRecord:
    """One impact assessment (PIPL art. 55 and 56), of the purposes that it looked at."""

    live: bool
    purposes: frozenset[str]
    until: datetime


@dataclass(frozen=True, slots=True)
class Records:
    """All records that a version rests on. Nothing bound leaves the vendor's own answers."""

    bases: tuple[BasisRecord, ...] = ()
    claims: tuple[AnonymisationRecord, ...] = ()
    assessments: tuple[AssessmentRecord, ...] = ()

    @property
    def anonymised(self) -> bool:
        """Whether a test bears out that nobody can be identified any more."""
        return any(one.counts for one in self.claims)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the basis records of a version carry, of all that it permits.

    `basis` is the weakest that anything permitted rests on, None if something rests on nothing;
    `until` is when the first of it ends.
    """

    basis: str | None
    until: datetime | None
    missing: tuple[Pair, ...] = field(default=())


NO_RECORDS = Records()


def without(records: Records, record_id: UUID) -> Records:
    """Return the records as they stand once a basis record is not in force any more."""
    bases = tuple(
        replace(one, live=False) if one.record_id == record_id else one for one in records.bases
    )
    return replace(records, bases=bases)


def coverage(
    records: Records, purposes: Iterable[str], recipients: Iterable[str]
) -> Coverage | None:
    """Return how far every class of persons is carried; None where nothing is known of it.

    What was withdrawn is not sold any more, so nothing has to carry it.
    """
    if not records.bases:
        return None
    gone = withdrawn(records)
    wanted = [
        pair
        for pair in product(purposes, recipients or v.ORGANISATION_KINDS)
        if pair[0] not in gone.purposes and pair[1] not in gone.recipients
    ]
    weakest: list[str] = []
    ends: list[datetime] = []
    missing: dict[Pair, None] = {}
    for members in _classes(records.bases):
        for pair in wanted:
            carrying = [one for one in members if one.carries(pair)]
            if not carrying:
                missing[pair] = None
                continue
            best = max(STRENGTH.index(one.basis) for one in carrying)
            weakest.append(STRENGTH[best])
            ends.append(max(one.until for one in carrying))
    if missing or not weakest:
        return Coverage(None, None, tuple(missing))
    return Coverage(min(weakest, key=STRENGTH.index), min(ends))


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What persons of one class or another have withdrawn: nobody may be given it for that."""

    purposes: tuple[str, ...]
    recipients: tuple[str, ...]


def withdrawn(records: Records) -> Withdrawn:
    """Return the purposes and recipients that a class of persons withdrew and did not renew."""
    purposes: set[str] = set()
    recipients: set[str] = set()
    for members in _classes(records.bases):
        live = [one for one in members if one.live]
        purposes |= {
            gone
            for one in members
            for gone in one.withdrawn_purposes
            if not any(gone in other.purposes for other in live)
        }
        recipients |= {
            gone
            for one in members
            for gone in one.withdrawn_recipients
            if not any(gone in other.recipients for other in live)
        }
    return Withdrawn(
        tuple(one for one in v.PURPOSES if one in purposes),
        tuple(one for one in v.ORGANISATION_KINDS if one in recipients),
    )


def _classes(bases: Iterable[BasisRecord]) -> list[list[BasisRecord]]:
    found: dict[UUID, list[BasisRecord]] = {}
    for one in bases:
        found.setdefault(one.class_id, []).append(one)
    return list(found.values())


def portions_of(records: Records) -> Iterator[tuple[int, frozenset[str]]]:
    """Yield numbers of persons, each with the categories of what is known about them.

    Of a class the newest record counts, whether it is in force or not: a basis that ended takes
    nobody out of the data.
    """
    for members in _classes(records.bases):
        newest = members[-1]
        if not newest.counts:
            yield newest.persons_count, newest.categories
        for category, count in newest.counts.items():
            yield count, frozenset({category})


def persons_count(records: Records) -> int:
    """Return the number of persons over all classes."""
    return sum(members[-1].persons_count for members in _classes(records.bases))


def evidence_of(
    records: Records,
    carried: Coverage | None,
    purposes: Iterable[str],
    sensitive_kinds: Iterable[str] | None,
) -> dict[str, datetime | None]:
    """Return the kinds of evidence that records give, each with its end.

    An assessment counts for the purposes it looked at, all that are permitted and not withdrawn.

    A consent is evidence for sensitive information only if it names every sensitive kind there is,
    and for persons under 14 only if their guardians gave it (PIPL art. 29 and 31).
    """
    found: dict[str, datetime | None] = {}
    gone = withdrawn(records).purposes
    wanted = {one for one in purposes if one not in gone}
    assessed = [
        one.until for one in records.assessments if one.live and wanted <= set(one.purposes)
    ]
    tested = [one.until for one in records.claims if one.counts]
    if assessed:
        found["pipia_report"] = max(assessed)
    if tested:
        found["anonymised"] = max(tested)
    if carried is None or carried.basis is None:
        return found
    found["authorisation_evidence"] = carried.until
    live = [one for one in records.bases if one.live]
    named = frozenset.intersection(*(one.named_kinds for one in live))
    every_kind = sensitive_kinds is not None and set(sensitive_kinds) <= named
    if carried.basis == "separate_consent" and every_kind:
        found["separate_consent"] = carried.until
        with_minors = [one for one in live if one.minors]
        if with_minors and all(one.guardian for one in with_minors):
            found["guardian_consent"] = carried.until
    return found


@dataclass(frozen=True, slots=True)
class ReidentificationTest:
    """A test of re-identification: who tried, when, how, how often, and how often it worked."""

    tested_on: date | None
    tested_by: str
    method: str
    attempts_count: int
    reidentified_count: int

    @property
    def passed(self) -> bool:
        """Whether somebody tried, and nobody was identified."""
        return self.tested_on is not None and self.attempts_count > 0 and not self.failed

    @property
    def failed(self) -> bool:
        """Whether somebody was identified."""
        return self.reidentified_count > 0


NO_TEST = ReidentificationTest(None, "", "", 0, 0)


def test_of(document: Mapping[str, Any]) -> ReidentificationTest:
    """Return the test that a claim of anonymisation names; without one, one that tried nothing."""
    said = document.get("test")
    if not said:
        return NO_TEST
    return replace(
        NO_TEST,
        tested_on=date.fromisoformat(said["tested_on"]),
        tested_by=said["tested_by"],
        method=said["method"],
        attempts_count=said["attempts_count"],
        reidentified_count=said["reidentified_count"],
    )

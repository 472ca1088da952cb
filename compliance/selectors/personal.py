"""Reads of records about persons. Invariant: a version rests on what is read at one moment."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from compliance.facts import (
    AnonymisationRecord,
    AssessmentRecord,
    BasisRecord,
    Records,
    test_of,
)
from compliance.models import PersonalRecord, RecordBinding
from compliance.states import PersonalRecordState
from core.actors import Member
from core.errors import NotFound
from core.models import StoredFile
from listings import selectors as listings

# What carries a provision, by the basis that a record names (PIPL art. 13).
_FACT_OF = {"consent": "consent", "contract": "contract"}


def readable_records(reader: Member) -> QuerySet[PersonalRecord]:
    """Return the reader's own records, those it is trustee of, and those behind what it offers.

    All of them for the venue. Of the versions that rest on them only the reader's own are there.
    """
    rows = _whole(reader)
    if reader.is_venue or reader.system:
        return rows
    return rows.filter(
        Q(organisation=reader.organisation_id)
        | Q(trustee=reader.organisation_id)
        | Q(pk__in=_bound_to(reader))
    )


def _whole(reader: Member) -> QuerySet[PersonalRecord]:
    own = RecordBinding.objects.filter(version__in=listings.readable_versions(reader))
    rows = PersonalRecord.objects.select_related("organisation", "trustee", "file")
    return rows.prefetch_related("withdrawals", Prefetch("bindings", own))


def _bound_to(reader: Member) -> QuerySet[Any, Any]:
    """Return the records that versions of the reader's rest on, its suppliers' among them."""
    offered = Q(version__product__vendor=reader.organisation_id)
    return RecordBinding.objects.filter(offered).values("record")


def own_record(record_id: UUID, reader: Member) -> PersonalRecord:
    """Return a record that the reader may read.

    Raises:
        NotFound: there is none, or it is another organisation's.

    """
    row = readable_records(reader).filter(pk=record_id).first()
    if row is None:
        raise NotFound
    return row


def locked_own_record(record_id: UUID, holder: Member) -> PersonalRecord:
    """Return and lock a record of the holder's own, or that it is the trustee of.

    Raises:
        NotFound: there is none, or it is another organisation's.

    """
    rows = PersonalRecord.objects.select_for_update(of=("self",), no_key=True)
    own = Q(organisation=holder.organisation_id) | Q(trustee=holder.organisation_id)
    row = rows.filter(own, pk=record_id).first()
    if row is None or holder.organisation_id is None:
        raise NotFound
    return row


def record_file(record_id: UUID, reader: Member) -> StoredFile:
    """Return the file of a record.

    Raises:
        NotFound: there is no such record for this reader, or it has no file.

    """
    file = own_record(record_id, reader).file
    if file is None:
        raise NotFound
    return file


def records_of_version(version_id: UUID, reader: Member) -> QuerySet[PersonalRecord]:
    """Return the records that a version rests on, to its parties and the venue's staff.

    Raises:
        NotFound: there is no such version, or it is another organisation's.

    """
    listings.own_version(version_id, reader)
    return _whole(reader).filter(bindings__version=version_id)


def versions_resting_on(record_id: UUID) -> list[UUID]:
    """Return the versions that a record is bound to, in the order of their ids."""
    rows = RecordBinding.objects.filter(record=record_id).order_by("version_id")
    return list(rows.values_list("version_id", flat=True))


def versions_ever_bound(version_ids: Collection[UUID]) -> set[UUID]:
    """Return which of the versions rest on any record, also on one that has ended."""
    rows = RecordBinding.objects.filter(version__in=version_ids).order_by()
    return set(rows.values_list("version_id", flat=True))


def records_in_force(version_ids: Collection[UUID], at: datetime) -> dict[UUID, Records]:
    """Return what each of the versions rests on at `at`, in two statements for any number."""
    found: dict[UUID, list[PersonalRecord]] = defaultdict(list)
    rows = (
        RecordBinding.objects.filter(version__in=version_ids)
        .select_related("record")
        .order_by("record__recorded_at", "record_id")
    )
    for binding in rows.prefetch_related("record__withdrawals"):
        found[binding.version_id].append(binding.record)
    return {key: records_from(found[key], at) for key in version_ids}


def records_from(rows: Iterable[PersonalRecord], at: datetime) -> Records:
    """Return rows as the facts have them, the oldest first."""
    bases, claims, assessments = [], [], []
    for row in rows:
        live = row.state == PersonalRecordState.IN_FORCE and row.valid_until > at
        if row.kind == "basis":
            bases.append(_basis(row, live=live))
        elif row.kind == "anonymisation":
            passed = test_of(row.document).passed
            claims.append(AnonymisationRecord(live, passed, row.valid_until))
        else:
            looked_at = frozenset(row.document["purposes"])
            assessments.append(AssessmentRecord(live, looked_at, row.valid_until))
    return Records(tuple(bases), tuple(claims), tuple(assessments))


def _basis(row: PersonalRecord, *, live: bool) -> BasisRecord:
    said: Mapping[str, Any] = row.document
    gone = withdrawn_of(row)
    basis = _FACT_OF.get(said["basis"], "statutory")
    return BasisRecord(
        record_id=row.pk,
        class_id=row.class_id,
        live=live,
        basis="separate_consent" if basis == "consent" and said["separate"] else basis,
        purposes=frozenset(said["purposes"]) - gone["purpose"],
        recipients=frozenset(said["recipient_kinds"]) - gone["recipient"],
        withdrawn_purposes=gone["purpose"],
        withdrawn_recipients=gone["recipient"],
        categories=frozenset(said["categories"]),
        sensitive_kinds=frozenset(said["sensitive_kinds"]),
        persons_count=said["persons_count"],
        counts=said["counts"],
        minors=said["minors"],
        guardian=said["guardian"],
        in_duty=said["in_duty"],
        until=row.valid_until,
    )


def withdrawn_of(row: PersonalRecord) -> dict[str, frozenset[str]]:
    """Return the purposes and kinds of recipient that were withdrawn from a record."""
    found: dict[str, set[str]] = {"purpose": set(), "recipient": set()}
    for one in row.withdrawals.all():
        found[one.what].add(one.value)
    return {what: frozenset(values) for what, values in found.items()}

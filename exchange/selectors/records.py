"""Records about persons as pages show them. Invariant: one's own, and nothing of others."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from compliance.models import PersonalRecord
from compliance.selectors import own_record, readable_records
from compliance.states import PersonalRecordState
from core.actors import Member
from core.models import Organisation
from exchange.selectors.names import NamedEvents, named_events
from listings.models import Version
from listings.states import IN_THE_MAKING, ON_THE_MARKET

# As many as a form offers to choose from.
MOST_OFFERED = 50


@dataclass(frozen=True, slots=True)
class RecordChoices:
    """What a new record may name: trustees, the record that it renews, versions to rest on it."""

    trustees: tuple[Organisation, ...]
    formers: tuple[PersonalRecord, ...]
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class RecordSheet:
    """One record, the reader's versions that rest on it and those that could, and its history."""

    record: PersonalRecord
    versions: tuple[Version, ...]
    bindable: tuple[Version, ...]
    history: NamedEvents


def record_rows(member: Member) -> QuerySet[PersonalRecord]:
    """Return the records that a member may read."""
    return readable_records(member)


def record_choices(member: Member, at: datetime) -> RecordChoices:
    """Return what a new record of the member's may name."""
    trustees = Organisation.objects.filter(
        state="ACTIVE", capacities__kind="trustee", capacities__state="ADMITTED"
    ).exclude(pk__in=filter(None, [member.organisation_id]))
    formers = PersonalRecord.objects.filter(
        organisation=member.organisation_id, kind="basis"
    ).order_by("-recorded_at", "-pk")
    return RecordChoices(
        trustees=tuple(trustees.distinct().order_by("pk")[:MOST_OFFERED]),
        formers=tuple(formers[:MOST_OFFERED]),
        versions=tuple(_offered(member)[:MOST_OFFERED]),
    )


def record_sheet(record_id: UUID, member: Member, at: datetime, language: str) -> RecordSheet:
    """Return what the page of one record shows.

    Raises:
        NotFound: there is none, or it is another organisation's.

    """
    record = own_record(record_id, member)
    bound = [one.version_id for one in record.bindings.all()]
    versions = Version.objects.filter(pk__in=bound).select_related("product").order_by("pk")
    bindable: tuple[Version, ...] = ()
    if record.state == PersonalRecordState.IN_FORCE and record.valid_until > at:
        parties = _offered(member).filter(product__supplier=record.organisation_id) | _offered(
            member
        ).filter(product__vendor=record.organisation_id)
        bindable = tuple(parties.exclude(pk__in=bound)[:MOST_OFFERED])
    return RecordSheet(
        record=record,
        versions=tuple(versions.defer("content")),
        bindable=bindable,
        history=named_events("personal-record", record.pk, language),
    )


def _offered(member: Member) -> QuerySet[Version]:
    """Return the versions of the member's that can still take a record, the newest first."""
    rows = Version.objects.filter(
        product__vendor=member.organisation_id, state__in=[*IN_THE_MAKING, *ON_THE_MARKET]
    )
    return rows.select_related("product").defer("content").order_by("-pk")

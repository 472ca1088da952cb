"""What ends soon, of every kind. Invariant: what a newer one already stands for is not in it.

Each kind is one read, in the order of its end; a list of all kinds is their merge. Nothing here is
decided by it: gate and trigger look at the dates themselves.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from compliance.models import Clearance, Declaration, Evidence, VenueAttestation
from compliance.states import ClearanceState, DeclarationState, EvidenceState
from core.actors import Member
from core.errors import Malformed
from core.models import Organisation
from core.service import organisation_of
from delivery.models import Grant
from delivery.states import GrantState
from exchange.models import EndNotice
from exchange.models.notices import AHEAD
from listings.models import RightsRecord, Sponsorship
from listings.states import IN_THE_MAKING, ON_THE_MARKET, RightsState, SponsorshipState

LONGEST = timedelta(days=max(AHEAD))
OPEN = [*IN_THE_MAKING, *ON_THE_MARKET]


@dataclass(frozen=True, slots=True)
class Ending:
    """One thing of one organisation that ends. `of_zh` and `of_en` say what it is of.

    `where` is the version or trade whose page it is renewed on, or None.
    """

    subject: str
    subject_id: UUID
    organisation_id: UUID
    ends_at: datetime
    of_zh: str
    of_en: str
    where: UUID | None

    @property
    def mark(self) -> tuple[datetime, str]:
        """Where it stands in a list of what ends first."""
        return self.ends_at, f"{self.subject_id}{self.organisation_id}"


@dataclass(frozen=True, slots=True)
class Telling:
    """That an organisation was told so many days ahead."""

    days: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ShownEnding:
    """An ending as a page shows it: whose it is, and when its organisation was told how soon."""

    ending: Ending
    organisation_zh: str
    organisation_en: str
    told: tuple[Telling, ...]

    @property
    def mark(self) -> tuple[datetime, str]:
        """Where it stands in a list of what ends first."""
        return self.ending.mark


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of thing ends: its rows, the date they end at, and whom they concern.

    `concerns` are the columns with organisations; none is the venue itself. `names` are the
    columns of what it is of, Chinese and English, and `where` that of its page.
    """

    subject: str
    rows: Callable[[], QuerySet[Any]]
    ends: str
    concerns: tuple[str, ...]
    names: tuple[str, str]
    where: str = ""


def _later(model: type[Model], same: Collection[str], ends: str, **alive: Any) -> Exists:
    """Return the condition that another row of the same thing is in force and lasts longer."""
    others: QuerySet[Any] = model._default_manager.filter(
        **{name: OuterRef(name) for name in same}, **{f"{ends}__gt": OuterRef(ends)}, **alive
    )
    return Exists(others)


def _declarations() -> QuerySet[Any]:
    rows = Declaration.objects.filter(
        state=DeclarationState.IN_FORCE,
        version__state__in=OPEN,
        content_hash=F("version__content_hash"),
    )
    alive = {"state": DeclarationState.IN_FORCE}
    return rows.exclude(_later(Declaration, ("version", "content_hash"), "valid_until", **alive))


def _clearances() -> QuerySet[Any]:
    rows = Clearance.objects.filter(
        state__in=[ClearanceState.LIVE, ClearanceState.SUSPENDED], version__state__in=ON_THE_MARKET
    )
    alive = {"state__in": [ClearanceState.LIVE, ClearanceState.PREPARED]}
    return rows.exclude(_later(Clearance, ("version",), "valid_until", **alive))


def _evidence() -> QuerySet[Any]:
    rows = Evidence.objects.filter(
        state=EvidenceState.GIVEN, valid_until__isnull=False, version__state__in=OPEN
    )
    alive = {"state": EvidenceState.GIVEN}
    endless = Evidence.objects.filter(
        version=OuterRef("version"), key=OuterRef("key"), valid_until__isnull=True, **alive
    )
    later = _later(Evidence, ("version", "key"), "valid_until", **alive)
    return rows.exclude(later).exclude(Exists(endless))


def _rights() -> QuerySet[Any]:
    # A clearance cites one record: a newer one of the same right does not stand for it.
    return RightsRecord.objects.filter(state=RightsState.RECORDED)


def _mandates() -> QuerySet[Any]:
    return Sponsorship.objects.filter(state=SponsorshipState.IN_FORCE)


def _attestations() -> QuerySet[Any]:
    return VenueAttestation.objects.exclude(_later(VenueAttestation, ("item",), "at"))


def _grants() -> QuerySet[Any]:
    return Grant.objects.filter(state=GrantState.OPEN)


_TITLE = ("version__title_zh", "version__title_en")
_VENDOR = "version__product__vendor"
KINDS = (
    Kind("declaration", _declarations, "valid_until", ("organisation",), _TITLE, "version"),
    Kind("clearance", _clearances, "valid_until", (_VENDOR,), _TITLE, "version"),
    Kind("evidence", _evidence, "valid_until", (_VENDOR,), _TITLE, "version"),
    Kind(
        "rights-record",
        _rights,
        "valid_until",
        ("supplier",),
        ("holder__name_zh", "holder__name_en"),
    ),
    Kind(
        "sponsorship",
        _mandates,
        "valid_until",
        ("vendor", "supplier"),
        ("supplier__name_zh", "supplier__name_en"),
    ),
    Kind("venue-attestation", _attestations, "valid_until", (), ("item", "item")),
    Kind("grant", _grants, "expires_at", ("buyer",), _TITLE, "reference"),
)


def venue_id() -> UUID | None:
    """Return the organisation that the venue is; None before it opens."""
    return Organisation.objects.filter(is_venue=True).values_list("pk", flat=True).first()


def untold(at: datetime, limit: int) -> list[tuple[Ending, int]]:
    """Return what ends soon and was not told yet, with how many days ahead it is to be told.

    What is nearer than the day before is told as that: of a thing that was noticed late, only the
    nearest is told. As many statements however many there are.
    """
    venue = venue_id()
    found: list[tuple[Ending, int]] = []
    for kind in KINDS:
        since = at
        for days in sorted(AHEAD):
            until = at + timedelta(days=days)
            told = EndNotice.objects.filter(
                subject=kind.subject, subject_id=OuterRef("pk"), days=days
            )
            rows = kind.rows().filter(~Exists(told))
            between = {f"{kind.ends}__gt": since, f"{kind.ends}__lte": until}
            ordered = rows.filter(**between).order_by(kind.ends, "pk")[: limit - len(found)]
            found += [(one, days) for one in _endings(kind, ordered, venue)]
            since = until
            if len(found) >= limit:
                return found
    return found


def _endings(kind: Kind, rows: QuerySet[Any], venue: UUID | None) -> Iterator[Ending]:
    """Yield one ending for each organisation that a row concerns."""
    columns = ["pk", kind.ends, *kind.names, *kind.concerns, *([kind.where] if kind.where else [])]
    for row in rows.values(*columns):
        concerned = {row[name] for name in kind.concerns} if kind.concerns else {venue}
        for organisation_id in sorted(filter(None, concerned)):
            yield Ending(
                kind.subject,
                row["pk"],
                organisation_id,
                row[kind.ends],
                str(row[kind.names[0]]),
                str(row[kind.names[1]]),
                row[kind.where] if kind.where else None,
            )


def endings(reader: Member, at: datetime, marked: list[Any] | None, size: int) -> list[ShownEnding]:
    """Return what of the reader's organisation ends soon, the first first; all for the venue.

    `marked` is the mark of the last one shown. Two statements for each kind at most.

    Raises:
        NoOrganisation: the reader acts for none.
        Malformed: the mark is none of this list.

    """
    after = _read_mark(marked)
    mine, venue = organisation_of(reader), venue_id()
    found: list[Ending] = []
    for kind in KINDS:
        if not kind.concerns and not reader.is_venue:
            continue
        rows = kind.rows().filter(**{f"{kind.ends}__gt": at, f"{kind.ends}__lte": at + LONGEST})
        if not reader.is_venue:
            rows = rows.filter(_any_of(kind.concerns, mine))
        if after is not None:
            rows = rows.filter(**{f"{kind.ends}__gte": after[0]})
        ordered = rows.order_by(kind.ends, "pk")
        # Those that end at the very moment of the mark come again and are left out below.
        same = ordered.filter(**{kind.ends: after[0]}).count() if after is not None else 0
        shown = _endings(kind, ordered[: size + same], venue)
        found += [one for one in shown if reader.is_venue or one.organisation_id == mine]
    beyond = [one for one in found if after is None or one.mark > after]
    return shown_endings(sorted(beyond, key=lambda one: one.mark)[:size])


def _read_mark(marked: list[Any] | None) -> tuple[datetime, str] | None:
    if marked is None:
        return None
    moment = parse_moment(str(marked[0]))
    if moment is None:
        raise Malformed(fields={"after": [_("is not a place in this list")]})
    return moment, str(marked[1])


def parse_moment(text: str) -> datetime | None:
    """Return the moment that `text` names with its zone, or None."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _any_of(columns: Collection[str], organisation_id: UUID) -> Q:
    found = Q()
    for name in columns:
        found |= Q(**{name: organisation_id})
    return found


def shown_endings(found: Collection[Ending]) -> list[ShownEnding]:
    """Return endings with whose they are and what was told of them; two statements."""
    owners = {one.organisation_id for one in found}
    rows = Organisation.objects.filter(pk__in=owners).values_list("pk", "name_zh", "name_en")
    names = {pk: (zh, en) for pk, zh, en in rows}
    told: dict[tuple[UUID, UUID], list[Telling]] = defaultdict(list)
    notices = EndNotice.objects.filter(
        subject_id__in={one.subject_id for one in found}, organisation__in=owners
    ).order_by("at", "-days")
    for subject_id, organisation_id, days, when in notices.values_list(
        "subject_id", "organisation", "days", "at"
    ):
        told[subject_id, organisation_id].append(Telling(days, when))
    return [
        ShownEnding(
            one,
            *names.get(one.organisation_id, ("", "")),
            told=tuple(told[one.subject_id, one.organisation_id]),
        )
        for one in found
    ]

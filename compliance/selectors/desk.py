"""Reads for who does what on the desk. Invariant: an absent reviewer's cases are seen by all.

The views of the queue are one table, so that a count and the list behind it cannot disagree.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from compliance.models import Absence, Review, ReviewNote
from compliance.models.reviews import REVIEW_DAYS
from compliance.states import OPEN_REVIEW, AbsenceState, ReviewState
from core.actors import Member, why_not
from core.calendar import overdue_bounds
from core.errors import Forbidden, NotFound
from core.models import Membership, User
from listings.selectors import own_version

QUEUE_ORDER = ("-risk", "queued_at", "id")
REVIEWERS = ["reviewer", "senior_reviewer"]
VIEWS = ("all", "mine", "free", "to-propose", "to-confirm", "overdue", "absent")


@dataclass(frozen=True, slots=True)
class DeskPerson:
    """A reviewer of the venue, what is on the table, and whether it is away today."""

    membership_id: UUID
    user_id: int
    name: str
    senior: bool
    open_count: int
    away_until: date | None
    stand_in: str


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note beside a review. `audience` is venue or vendor."""

    id: UUID
    audience: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """One absence of a reviewer; `under_way` that it is away today, `yours` that it is you."""

    id: UUID
    reviewer: str
    stand_in: str
    first_day: date
    last_day: date
    note: str
    under_way: bool
    yours: bool


@dataclass(frozen=True, slots=True)
class PlaceInQueue:
    """Where a review stands among the open ones: from 1, of how many, and its neighbours."""

    position: int
    waiting: int
    previous: UUID | None
    following: UUID | None


@dataclass(frozen=True, slots=True)
class DeskPage:
    """The desk: how much each view holds, who is there, and who is away now or later."""

    counts: dict[str, int]
    reviewers: tuple[DeskPerson, ...]
    absences: tuple[AbsenceLine, ...]


def today(at: datetime) -> date:
    """Return the day of the venue's calendar."""
    return timezone.localtime(at, timezone.get_default_timezone()).date()


def stand_ins(at: datetime) -> dict[int, int]:
    """Return who is away today and who stands in: reviewer → stand-in."""
    rows = Absence.objects.filter(_under_way(at))
    return dict(rows.values_list("reviewer_id", "stand_in_id"))


def _under_way(at: datetime) -> Q:
    day = today(at)
    return Q(state=AbsenceState.NOTED, first_day__lte=day, last_day__gte=day)


def has_case(user_id: int | None, review: Review, away: Mapping[int, int]) -> bool:
    """Return whether a reviewer may act on a case: its own, nobody's, or one it stands in for."""
    return review.assigned_id in (None, user_id) or away.get(review.assigned_id or 0) == user_id


def review_queue(reader: Member) -> QuerySet[Review]:
    """Return the open reviews with their versions, for the venue's reviewers.

    Raises:
        Forbidden: the reader is none of them.

    """
    require_reviewer(reader)
    return Review.objects.filter(state__in=OPEN_REVIEW).select_related(
        "version__product__vendor", "decision", "maker"
    )


def require_reviewer(reader: Member) -> None:
    """Refuse whoever does not review for the venue.

    Raises:
        Forbidden: the reader is no reviewer of the venue.

    """
    if why_not(reader, "review"):
        raise Forbidden


def desk_queue(reader: Member, at: datetime, view: str = "all") -> QuerySet[Review]:
    """Return the open reviews of one of `VIEWS`; a name that is none of them shows all.

    Raises:
        Forbidden: the reader is no reviewer of the venue.

    """
    away = stand_ins(at) if view in ("mine", "absent") else {}
    rows = review_queue(reader).select_related("assigned")
    return rows.filter(_views(reader, at, away).get(view, Q()))


def _views(reader: Member, at: datetime, away: Mapping[int, int]) -> dict[str, Q]:
    mine = [reader.user_id, *(who for who, stands in away.items() if stands == reader.user_id)]
    return {
        "all": Q(),
        "mine": Q(assigned__in=mine),
        "free": Q(assigned__isnull=True),
        "to-propose": Q(state=ReviewState.QUEUED),
        "to-confirm": Q(state=ReviewState.PROPOSED),
        "overdue": overdue(at),
        "absent": Q(assigned__in=list(away)),
    }


def overdue(at: datetime) -> Q:
    """Return the condition that a review came in too long ago, by working days."""
    here = timezone.get_default_timezone()
    now = timezone.localtime(at, here)
    first, due_today = overdue_bounds(now.date(), REVIEW_DAYS)

    def moment(day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, tzinfo=here)

    late = Q(queued_at__lt=moment(first, time.min))
    for day in due_today:
        late |= Q(queued_at__gte=moment(day, time.min), queued_at__lt=moment(day, now.time()))
    return late


def desk_counts(reader: Member, at: datetime) -> dict[str, int]:
    """Return how many open reviews each view holds; two statements.

    Raises:
        Forbidden: the reader is no reviewer of the venue.

    """
    require_reviewer(reader)
    views = _views(reader, at, stand_ins(at))
    counted = Review.objects.filter(state__in=OPEN_REVIEW).aggregate(
        **{name.replace("-", "_"): Count("pk", filter=held) for name, held in views.items()}
    )
    return {name: counted[name.replace("-", "_")] for name in views}


def desk_page(reader: Member, at: datetime) -> DeskPage:
    """Return how the desk stands.

    Raises:
        Forbidden: the reader is no reviewer of the venue.

    """
    return DeskPage(desk_counts(reader, at), desk_people(at), absences(reader, at))


def desk_people(at: datetime) -> tuple[DeskPerson, ...]:
    """Return the venue's reviewers by name; three statements."""
    away = {
        row.reviewer_id: row
        for row in Absence.objects.filter(_under_way(at)).select_related("stand_in")
    }
    cases = Review.objects.filter(state__in=OPEN_REVIEW, assigned__isnull=False)
    counts = dict(cases.values_list("assigned").annotate(count=Count("pk")))
    people = [
        DeskPerson(
            membership_id=row.pk,
            user_id=row.user_id,
            name=str(row.user),
            senior="senior_reviewer" in row.roles,
            open_count=counts.get(row.user_id, 0),
            away_until=away[row.user_id].last_day if row.user_id in away else None,
            stand_in=str(away[row.user_id].stand_in) if row.user_id in away else "",
        )
        for row in reviewers()
    ]
    return tuple(sorted(people, key=lambda one: (one.name.casefold(), one.user_id)))


def reviewers() -> QuerySet[Membership]:
    """Return who reviews for the venue."""
    return Membership.objects.filter(
        organisation__is_venue=True, is_active=True, user__is_active=True, roles__overlap=REVIEWERS
    ).select_related("user")


def reviewer_by(membership_id: UUID) -> Membership | None:
    """Return the reviewer with this membership, or None."""
    return reviewers().filter(pk=membership_id).first()


def absence_today(user_id: int, at: datetime) -> Absence | None:
    """Return the absence that keeps a reviewer away today."""
    return (
        Absence.objects.filter(_under_way(at), reviewer=user_id).select_related("stand_in").first()
    )


def absences(reader: Member, at: datetime) -> tuple[AbsenceLine, ...]:
    """Return the absences that are not over, the first first.

    Raises:
        Forbidden: the reader is no reviewer of the venue.

    """
    require_reviewer(reader)
    day = today(at)
    rows = (
        Absence.objects.filter(state=AbsenceState.NOTED, last_day__gte=day)
        .select_related("reviewer", "stand_in")
        .order_by("first_day", "id")
    )
    return tuple(
        AbsenceLine(
            id=row.pk,
            reviewer=str(row.reviewer),
            stand_in=str(row.stand_in),
            first_day=row.first_day,
            last_day=row.last_day,
            note=row.note,
            under_way=row.first_day <= day,
            yours=row.reviewer_id == reader.user_id,
        )
        for row in rows[:500]
    )


def locked_absence(absence_id: UUID) -> Absence:
    """Return and lock an absence.

    Raises:
        NotFound: there is none.

    """
    row = Absence.objects.select_for_update(no_key=True).filter(pk=absence_id).first()
    if row is None:
        raise NotFound
    return row


def locked_people(user_ids: Collection[int]) -> dict[int, User]:
    """Return and lock some persons, always in the same order."""
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=user_ids).order_by("pk")
    return {row.pk: row for row in rows}


def overlapping_absence(user_id: int, first: date, last: date) -> Absence | None:
    """Return an absence of a reviewer that has a day in common with these, both included."""
    return Absence.objects.filter(
        reviewer=user_id, state=AbsenceState.NOTED, first_day__lte=last, last_day__gte=first
    ).first()


def review_notes(review_id: UUID) -> tuple[NoteLine, ...]:
    """Return every note beside a review, the latest first; for the venue alone."""
    rows = ReviewNote.objects.filter(review=review_id).select_related("by").order_by("-at", "-id")
    return tuple(NoteLine(row.pk, row.audience, row.text, str(row.by), row.at) for row in rows)


def notes_to_vendor(version_id: UUID, reader: Member) -> QuerySet[ReviewNote]:
    """Return what reviewers wrote to the vendor of a version; never what they wrote for the venue.

    Raises:
        NotFound: there is no such version, or it is another organisation's.

    """
    version = own_version(version_id, reader)
    return ReviewNote.objects.filter(review__version=version.pk, audience="vendor")


def place_in_queue(review: Review) -> PlaceInQueue:
    """Return where a review stands in the whole queue; one that is decided has no place in it."""
    rows = Review.objects.filter(state__in=OPEN_REVIEW)
    same = Q(risk=review.risk)
    before = Q(risk__gt=review.risk) | same & (
        Q(queued_at__lt=review.queued_at) | Q(queued_at=review.queued_at, pk__lt=review.pk)
    )
    after = Q(risk__lt=review.risk) | same & (
        Q(queued_at__gt=review.queued_at) | Q(queued_at=review.queued_at, pk__gt=review.pk)
    )
    counted = rows.aggregate(all=Count("pk"), ahead=Count("pk", filter=before))
    backward = [name.removeprefix("-") if name[0] == "-" else f"-{name}" for name in QUEUE_ORDER]
    previous = rows.filter(before).order_by(*backward).values_list("pk", flat=True).first()
    following = rows.filter(after).order_by(*QUEUE_ORDER).values_list("pk", flat=True).first()
    open_now = review.state in OPEN_REVIEW
    return PlaceInQueue(
        counted["ahead"] + 1 if open_now else 0, counted["all"], previous, following
    )

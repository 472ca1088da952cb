"""The review desk: who has a case, who is away, what is late, and what is written for whom."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from compliance import selectors, services
from compliance.errors import CaseOfAnother
from compliance.models import Absence, Review, ReviewNote
from core.actors import Member
from core.calendar import add_working_days, due_after, overdue_bounds
from core.errors import Conflict, DomainError, Forbidden, IllegalTransition, Malformed
from core.models import Event, Membership
from tests import make
from tests.compliance import cast
from tests.listings.cast import Api, refused
from tests.races.serving import together

SECRET = "the vendor's lawyer called; we doubt the contract"


@dataclass
class Case:
    """A desk, a vendor and one version of it in the queue."""

    at: datetime
    desk: cast.Desk
    vendor: Member
    review: Review

    def fresh(self) -> Review:
        return Review.objects.get(pk=self.review.pk)

    def take(self, actor: Member) -> Review:
        return services.take_review(review_id=self.review.pk, actor=actor, at=self.at)

    def delegate(self, actor: Member, to: Member, reason: str = "on other work") -> Review:
        return services.delegate_review(
            review_id=self.review.pk, to=membership(to), reason=reason, actor=actor, at=self.at
        )

    def reassign(self, actor: Member, to: Member, reason: str = "it is late") -> Review:
        return services.reassign_review(
            review_id=self.review.pk, to=membership(to), reason=reason, actor=actor, at=self.at
        )

    def propose(self, actor: Member, **more: object) -> Review:
        said = {"proposal": "approve", "note": "", **more}
        return services.propose_review(review_id=self.review.pk, actor=actor, at=self.at, **said)

    @property
    def stands(self) -> tuple[int | None, int]:
        """Who has the case, and how many events it has."""
        return self.fresh().assigned_id, Event.objects.filter(subject_id=self.review.pk).count()


def membership(member: Member) -> UUID:
    assert member.membership_id is not None
    return member.membership_id


@pytest.fixture
def case(db: None, at: datetime) -> Case:
    cast.in_force(at)
    vendor = make.vendor(at)
    return Case(at, cast.desk(at), vendor, cast.queued(vendor, at))


def test_reviewer_takes_a_case_and_others_leave_it_alone(case: Case) -> None:
    case.take(case.desk.maker)

    before = case.stands
    with refused(CaseOfAnother):
        case.take(case.desk.checker)
    with refused(CaseOfAnother):
        case.propose(case.desk.checker)
    with refused(CaseOfAnother):
        case.delegate(case.desk.checker, case.desk.senior)
    assert case.stands == before
    assert before[0] == case.desk.maker.user_id
    assert case.propose(case.desk.maker).assigned_id is None


def test_case_is_handed_to_a_colleague_who_then_proposes(case: Case) -> None:
    case.take(case.desk.maker)

    case.delegate(case.desk.maker, case.desk.checker)

    assert case.fresh().assigned_id == case.desk.checker.user_id
    last = Event.objects.filter(subject_id=case.review.pk).latest("id")
    assert (last.verb, last.reason) == ("delegate", "on other work")
    assert last.detail == {"from": case.desk.maker.user_id, "to": case.desk.checker.user_id}
    with refused(CaseOfAnother):
        case.propose(case.desk.maker)
    assert case.propose(case.desk.checker).state == "PROPOSED"


def test_maker_names_the_checker_and_nobody_else_confirms(case: Case) -> None:
    case.propose(case.desk.maker)
    case.delegate(case.desk.maker, case.desk.checker)

    with refused(CaseOfAnother):
        services.confirm_review(review_id=case.review.pk, actor=case.desk.senior, at=case.at)
    assert case.fresh().state == "PROPOSED"
    services.confirm_review(review_id=case.review.pk, actor=case.desk.checker, at=case.at)
    assert case.fresh().state == "DECIDED"


def test_maker_takes_a_proposal_back_though_the_checker_has_it(case: Case) -> None:
    case.propose(case.desk.maker)
    case.delegate(case.desk.maker, case.desk.checker)

    services.reject_review(
        review_id=case.review.pk, reason="read again", actor=case.desk.maker, at=case.at
    )

    assert (case.fresh().state, case.fresh().assigned_id) == ("QUEUED", None)


def test_case_goes_to_nobody_who_could_not_decide_on_it(case: Case) -> None:
    interested = make.staff(case.at, "reviewer")
    Membership.objects.create(
        user_id=interested.user_id,
        organisation_id=case.vendor.organisation_id,
        is_active=False,
        created_at=case.at,
    )
    case.propose(case.desk.maker)
    before = case.stands

    for whom, says in (
        (case.desk.maker, "proposed it"),
        (interested, "a party to it"),
        (case.desk.author, "no reviewer"),
        (case.vendor, "no reviewer"),
    ):
        with refused(Malformed) as why:
            case.delegate(case.desk.maker, whom)
        assert says in str(why.value.fields["to"][0])
    with refused(Malformed):
        case.delegate(case.desk.maker, case.desk.checker, reason="  ")
    assert case.stands == before


def test_senior_reviewer_alone_gives_a_case_to_another(case: Case) -> None:
    case.take(case.desk.maker)
    before = case.stands

    with refused(Forbidden):
        case.reassign(case.desk.checker, case.desk.checker)
    assert case.stands == before
    case.reassign(case.desk.senior, case.desk.checker)

    last = Event.objects.filter(subject_id=case.review.pk).latest("id")
    assert (last.verb, last.reason, last.actor_id) == (
        "reassign",
        "it is late",
        case.desk.senior.user_id,
    )
    assert case.fresh().assigned_id == case.desk.checker.user_id


def test_decided_case_is_given_to_nobody(case: Case) -> None:
    cast.approve(case.review, case.desk, case.at)
    before = case.stands

    for move in (
        lambda: case.take(case.desk.checker),
        lambda: case.delegate(case.desk.checker, case.desk.maker),
        lambda: case.reassign(case.desk.senior, case.desk.maker),
    ):
        with refused(Conflict):
            move()
    assert case.stands == before


def test_stand_in_has_the_cases_of_who_is_away_and_the_desk_shows_them(case: Case) -> None:
    case.take(case.desk.maker)
    with refused(CaseOfAnother):
        case.propose(case.desk.checker)

    cast.away(case.desk.maker, case.desk.checker, case.at)

    counts = selectors.desk_counts(case.desk.checker, case.at)
    assert (counts["absent"], counts["mine"], counts["free"]) == (1, 1, 0)
    assert list(selectors.desk_queue(case.desk.senior, case.at, "absent")) == [case.review]
    assert list(selectors.desk_queue(case.desk.senior, case.at, "mine")) == []
    assert case.propose(case.desk.checker).state == "PROPOSED"


def test_absence_that_is_cancelled_or_not_yet_begun_changes_nothing(case: Case) -> None:
    case.take(case.desk.maker)
    later = cast.away(case.desk.maker, case.desk.checker, case.at, first=3, last=4)

    assert selectors.desk_counts(case.desk.senior, case.at)["absent"] == 0
    with refused(CaseOfAnother):
        case.propose(case.desk.checker)
    services.cancel_absence(absence_id=later.pk, actor=case.desk.maker, at=case.at)
    with refused(IllegalTransition):
        services.cancel_absence(absence_id=later.pk, actor=case.desk.maker, at=case.at)
    now = cast.away(case.desk.maker, case.desk.checker, case.at)
    services.cancel_absence(absence_id=now.pk, actor=case.desk.senior, at=case.at)
    with refused(CaseOfAnother):
        case.propose(case.desk.checker)


def test_nobody_is_given_a_case_while_away(case: Case) -> None:
    cast.away(case.desk.checker, case.desk.senior, case.at)

    with refused(Malformed) as why:
        case.delegate(case.desk.maker, case.desk.checker)

    assert str(case.desk.senior.name) in str(why.value.fields["to"][0])
    assert case.fresh().assigned_id is None


@pytest.mark.parametrize(
    ("first", "last", "stand_in", "field"),
    [
        (3, 2, "checker", "last_day"),
        (-9, -1, "checker", "last_day"),
        (0, 400, "checker", "last_day"),
        (0, 3, "maker", "stand_in"),
        (0, 3, "author", "stand_in"),
        (1, 1, "senior", "stand_in"),
    ],
)
def test_absence_has_days_and_another_reviewer_who_is_there(
    case: Case, first: int, last: int, stand_in: str, field: str
) -> None:
    cast.away(case.desk.senior, case.desk.checker, case.at, first=1, last=2)

    with refused(Malformed) as why:
        cast.away(case.desk.maker, getattr(case.desk, stand_in), case.at, first=first, last=last)

    assert list(why.value.fields) == [field]
    assert Absence.objects.count() == 1


def test_two_absences_of_one_reviewer_never_overlap(case: Case) -> None:
    cast.away(case.desk.maker, case.desk.checker, case.at, first=0, last=5)

    with refused(Conflict):
        cast.away(case.desk.maker, case.desk.senior, case.at, first=5, last=9)
    row = Absence.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        Absence.objects.create(
            reviewer=row.reviewer,
            stand_in_id=case.desk.senior.user_id,
            first_day=row.last_day,
            last_day=row.last_day,
            noted_by=row.reviewer,
            noted_at=case.at,
        )
    assert Absence.objects.count() == 1


def test_senior_reviewer_alone_notes_the_absence_of_another(case: Case) -> None:
    whose = {"reviewer": membership(case.desk.maker)}

    with refused(Forbidden):
        cast.away(case.desk.checker, case.desk.senior, case.at, **whose)
    made = cast.away(case.desk.senior, case.desk.checker, case.at, **whose)

    assert made.reviewer_id == case.desk.maker.user_id
    with refused(Forbidden):
        services.cancel_absence(absence_id=made.pk, actor=case.desk.checker, at=case.at)
    assert Absence.objects.get().state == "NOTED"


def test_what_is_written_for_the_venue_never_reaches_the_vendor(case: Case) -> None:
    case.propose(case.desk.maker, proposal="return", note="state the volume", internal_note=SECRET)
    services.note_review(
        review_id=case.review.pk, audience="venue", text=SECRET, actor=case.desk.senior, at=case.at
    )
    version = case.review.version_id
    vendor = Api(case.vendor, case.at)

    assert vendor.get(f"versions/{version}/notes").json()["results"] == []
    services.confirm_review(review_id=case.review.pk, actor=case.desk.checker, at=case.at)
    services.note_review(
        review_id=case.review.pk,
        audience="vendor",
        text="call us with questions",
        actor=case.desk.senior,
        at=case.at,
    )

    told = vendor.get(f"versions/{version}/notes").json()["results"]
    assert [note["text"] for note in told] == ["call us with questions", "state the volume"]
    assert {name for note in told for name in note} == {"id", "text", "at"}
    for address in (
        f"versions/{version}",
        f"versions/{version}/findings",
        f"versions/{version}/notes",
    ):
        assert SECRET not in vendor.get(address).content.decode()
    assert vendor.get(f"reviews/{case.review.pk}").status_code == 403
    assert SECRET not in json.dumps(
        list(Event.objects.values_list("reason", "detail")), default=str
    )
    page = Api(case.desk.senior, case.at).get(f"reviews/{case.review.pk}").json()
    assert [note["text"] for note in page["notes"] if note["audience"] == "venue"] == [SECRET] * 2


def test_note_of_a_proposal_waits_for_the_second_reviewer(case: Case) -> None:
    case.propose(case.desk.maker, proposal="return", note="state the volume")
    services.reject_review(
        review_id=case.review.pk, reason="it is stated", actor=case.desk.checker, at=case.at
    )

    assert not ReviewNote.objects.exists()
    vendor = Api(case.vendor, case.at)
    told = vendor.get(f"versions/{case.review.version_id}/notes").json()
    assert told["results"] == []


def test_notes_are_never_changed_and_never_empty(case: Case) -> None:
    note = services.note_review(
        review_id=case.review.pk,
        audience="venue",
        text="as found",
        actor=case.desk.maker,
        at=case.at,
    )

    with pytest.raises(DatabaseError), transaction.atomic():
        ReviewNote.objects.filter(pk=note.pk).update(audience="vendor")
    for audience, text in (("everybody", "hello"), ("venue", " ")):
        with refused(Malformed):
            services.note_review(
                review_id=case.review.pk,
                audience=audience,
                text=text,
                actor=case.desk.maker,
                at=case.at,
            )
    assert ReviewNote.objects.get().audience == "venue"


def test_outsider_and_vendor_may_nothing_on_the_desk(case: Case) -> None:
    body = {"to": str(uuid4()), "reason": "mine"}
    for member in (case.vendor, make.buyer(case.at), case.desk.author):
        api = Api(member, case.at)
        assert api.get("desk").status_code == 403
        assert api.post(f"reviews/{case.review.pk}/take").status_code == 403
        assert api.post(f"reviews/{case.review.pk}/delegate", body).status_code == 403
        assert api.post(f"reviews/{case.review.pk}/reassign", body).status_code in (403, 400)
    assert case.fresh().assigned_id is None
    outsider = Api(make.vendor(case.at), case.at)
    assert outsider.get(f"versions/{case.review.version_id}/notes").status_code == 404


def test_queue_names_what_is_late_exactly_as_the_clock_does(case: Case) -> None:
    moments = [case.at - timedelta(hours=5 * n) for n in range(80)]
    late = {queued: due_after(timezone.localtime(queued), 5) < case.at for queued in moments}
    assert set(late.values()) == {True, False}

    for queued, expected in late.items():
        cast.aged(case.review, queued)
        found = selectors.desk_queue(case.desk.maker, case.at, "overdue").exists()
        assert found is expected, queued
        assert case.fresh().due_at == due_after(timezone.localtime(queued), 5)


def test_clock_stands_still_over_a_holiday() -> None:
    """Five working days from the eve of Spring Festival 2026 end eleven days of rest later."""
    eve = datetime(2026, 2, 13, 16, tzinfo=UTC)

    # The 14th and 28th are worked, the 15th to 23rd are off.
    assert due_after(eve, 5) == datetime(2026, 2, 27, 16, tzinfo=UTC)
    assert add_working_days(date(2026, 2, 13), 5) == date(2026, 2, 27)
    first, today = overdue_bounds(date(2026, 2, 27), 5)
    assert (first, today) == (date(2026, 2, 13), (date(2026, 2, 13),))


def test_two_reviewers_taking_one_case_at_once_leave_it_with_one(
    live_database: str, at: datetime
) -> None:
    cast.in_force(at)
    desk = cast.desk(at)
    review = cast.queued(make.vendor(at), at)
    answers: list[str] = []

    def take(member: Member) -> None:
        try:
            services.take_review(review_id=review.pk, actor=member, at=at)
            answers.append("taken")
        except DomainError as error:
            answers.append(error.code)
        finally:
            connections.close_all()

    together([lambda one=one: take(one) for one in (desk.maker, desk.checker)])

    assert sorted(answers) == ["case-of-another", "taken"]
    assert Event.objects.filter(subject_id=review.pk, verb="take").count() == 1


def test_queue_of_the_api_is_paged_by_view(case: Case) -> None:
    cast.queued(case.vendor, case.at)
    case.take(case.desk.maker)
    api = Api(case.desk.maker, case.at)

    page = api.get("reviews?size=1").json()
    rest = api.get(page["next"].removeprefix("/api/v1/")).json()
    mine = api.get("reviews?view=mine&size=1").json()

    assert len(page["results"]) == len(rest["results"]) == 1
    assert (mine["next"], mine["results"][0]["id"]) == (None, str(case.review.pk))
    assert mine["results"][0]["assigned"] == case.desk.maker.name
    for wrong in ("view=everything", "size=0", "after=x", "size=1&size=2x"):
        assert api.get(f"reviews?{wrong}").status_code == 400, wrong

"""Review by maker and checker: two persons, disinterested, on the content as it is."""

from datetime import datetime

import pytest
from django.db import connections

from compliance import services
from compliance.errors import NoDeclaration, NotCleared, SeniorNeeded
from compliance.models import Clearance, Decision, Review
from core.actors import Member
from core.errors import Conflict, DomainError, Forbidden, FourEyes, IllegalTransition, Malformed
from core.models import Membership
from listings.models import Version
from tests import make
from tests.compliance import cast
from tests.listings.cast import refused
from tests.races.serving import together

OWNER = ("owner", "signatory", "editor", "trader", "finance")


class Case:
    """A venue's desk, a vendor and one version of it in the queue."""

    def __init__(self, at: datetime, *items: dict[str, object], **content: object) -> None:
        self.at = at
        self.desk = cast.desk(at)
        cast.in_force(at, *items)
        self.vendor = make.vendor(at)
        self.review = cast.queued(self.vendor, at, **content)

    def propose(self, actor: Member | None = None, what: str = "approve", note: str = "") -> Review:
        return services.propose_review(
            review_id=self.review.pk,
            proposal=what,
            note=note,
            actor=actor or self.desk.maker,
            at=self.at,
        )

    def confirm(self, actor: Member | None = None) -> Review:
        return services.confirm_review(
            review_id=self.review.pk, actor=actor or self.desk.checker, at=self.at
        )

    def reject(self, actor: Member | None = None, reason: str = "look again") -> Review:
        return services.reject_review(
            review_id=self.review.pk, reason=reason, actor=actor or self.desk.checker, at=self.at
        )

    @property
    def stands(self) -> tuple[str, str, int]:
        """State of the review, of the version, and how many clearances there are."""
        version = Version.objects.get(pk=self.review.version_id)
        state = Review.objects.get(pk=self.review.pk).state
        return state, version.state, Clearance.objects.count()


def test_two_reviewers_list_a_version(db: None, at: datetime) -> None:
    case = Case(at)

    case.propose()
    assert case.stands == ("PROPOSED", "IN_REVIEW", 0)
    case.confirm()

    assert case.stands == ("DECIDED", "LISTED", 1)
    decided = Review.objects.get(pk=case.review.pk)
    assert (decided.maker_id, decided.checker_id) == (
        case.desk.maker.user_id,
        case.desk.checker.user_id,
    )
    clearance = Clearance.objects.get()
    assert clearance.decision.verdict == "cleared"


def test_maker_is_not_the_checker(db: None, at: datetime) -> None:
    case = Case(at)
    case.propose()

    with refused(FourEyes):
        case.confirm(case.desk.maker)
    assert case.stands == ("PROPOSED", "IN_REVIEW", 0)


@pytest.mark.parametrize(("what", "state"), [("refuse", "REFUSED"), ("return", "DRAFT")])
def test_version_is_refused_or_returned_with_a_note(
    db: None, at: datetime, what: str, state: str
) -> None:
    case = Case(at)
    with refused(Malformed):
        case.propose(what=what)

    case.propose(what=what, note="the dictionary says nothing of units")
    case.confirm()

    assert case.stands == ("DECIDED", state, 0)


def test_unknown_proposal_is_malformed(db: None, at: datetime) -> None:
    case = Case(at)

    with refused(Malformed):
        case.propose(what="maybe")
    assert case.stands == ("QUEUED", "IN_REVIEW", 0)


def test_rejected_proposal_goes_back_into_the_queue(db: None, at: datetime) -> None:
    case = Case(at)
    case.propose()
    before = Decision.objects.count()

    with refused(Malformed):
        case.reject(reason=" ")
    case.reject()

    assert case.stands == ("QUEUED", "IN_REVIEW", 0)
    assert Decision.objects.count() == before + 1
    case.propose(case.desk.checker)
    case.confirm(case.desk.maker)
    assert case.stands == ("DECIDED", "LISTED", 1)


def test_caution_needs_a_senior_reviewer_among_the_two(db: None, at: datetime) -> None:
    case = Case(at, cast.item("TST-01", "product.form == 'dataset'"))
    assert case.review.needs_senior
    case.propose()

    with refused(SeniorNeeded):
        case.confirm()
    case.confirm(case.desk.senior)

    assert case.stands == ("DECIDED", "LISTED", 1)


def test_what_became_blocked_is_not_approved(db: None, at: datetime) -> None:
    case = Case(at)
    case.propose()
    sql = "UPDATE listings_version SET content = jsonb_set(content, %s, 'true') WHERE id = %s"
    with connections["default"].cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, [["special", "state_secret"], case.review.version_id])
        cursor.execute("SET LOCAL session_replication_role = origin")

    with refused(DomainError) as caught:
        case.confirm()
    assert isinstance(caught.value, NotCleared)
    assert case.stands == ("PROPOSED", "IN_REVIEW", 0)


def test_nothing_is_approved_without_a_declaration(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    version = cast.screened(make.vendor(at), at)
    review = Review.objects.get(version=version)
    services.propose_review(
        review_id=review.pk, proposal="approve", note="", actor=desk.maker, at=at
    )

    with refused(NoDeclaration):
        services.confirm_review(review_id=review.pk, actor=desk.checker, at=at)
    assert (Version.objects.get().state, Clearance.objects.count()) == ("IN_REVIEW", 0)


def test_reviewer_who_belonged_to_the_vendor_stands_aside(db: None, at: datetime) -> None:
    case = Case(at)
    assert case.vendor.membership_id
    vendor = Membership.objects.get(pk=case.vendor.membership_id).organisation
    Membership.objects.create(
        user_id=case.desk.maker.user_id,
        organisation=vendor,
        roles=["viewer"],
        is_active=False,
        created_at=at,
    )

    with refused(DomainError) as caught:
        case.propose()
    assert caught.value.code == "interested-party"
    assert case.stands == ("QUEUED", "IN_REVIEW", 0)
    case.propose(case.desk.checker)


@pytest.mark.parametrize("role", ["author", "officer", "admin"])
def test_only_reviewers_review(db: None, at: datetime, role: str) -> None:
    case = Case(at)

    with refused(Forbidden):
        case.propose(make.staff(at, role))
    with refused(Forbidden):
        case.propose(case.vendor)
    assert case.stands == ("QUEUED", "IN_REVIEW", 0)


def test_every_state_refuses_the_verbs_that_it_does_not_have(db: None, at: datetime) -> None:
    case = Case(at)
    for verb in (case.confirm, case.reject):
        with refused(IllegalTransition):
            verb()
    assert case.stands == ("QUEUED", "IN_REVIEW", 0)
    case.propose()
    with refused(IllegalTransition):
        case.propose(case.desk.checker)
    assert case.stands == ("PROPOSED", "IN_REVIEW", 0)
    case.confirm()
    for verb in (case.propose, case.confirm, case.reject):
        with refused(IllegalTransition):
            verb(case.desk.senior)
    assert case.stands == ("DECIDED", "LISTED", 1)


def test_version_on_the_market_is_not_returned(db: None, at: datetime) -> None:
    case = Case(at)
    case.propose()
    case.confirm()
    services.suspend_clearance(
        clearance_id=Clearance.objects.get().pk,
        ground="venue",
        reason="to look closer",
        actor=case.desk.senior,
        at=at,
    )
    Review.objects.create(
        version_id=case.review.version_id,
        decision=case.review.decision,
        risk=1,
        needs_senior=False,
        queued_at=at,
    )
    case.review = Review.objects.get(state="QUEUED")

    with refused(Conflict):
        case.propose(what="return", note="change the title")


def test_two_checkers_at_once_make_one_clearance(live_database: str, at: datetime) -> None:
    """The lock is that of `locked_review`: without it both would find the review proposed."""
    case = Case(at)
    case.propose()

    def confirm(actor: Member) -> str:
        try:
            case.confirm(actor)
        except DomainError as error:
            return error.code
        return "confirmed"

    answers = together(
        [lambda who=who: confirm(who) for who in (case.desk.checker, case.desk.senior)]
    )

    assert sorted(answers) == ["confirmed", "illegal-transition"]
    assert case.stands == ("DECIDED", "LISTED", 1)

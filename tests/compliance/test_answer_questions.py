"""What only a person can judge: the reviewer is asked, and silence blocks the approval."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from compliance import selectors, services
from compliance.errors import NotCleared
from compliance.models import Clearance, Decision, Review, Trial, TrialFinding
from compliance.selectors import replay
from core.actors import SYSTEM
from core.errors import DomainError, Malformed
from listings.models import Version
from tests import make
from tests.compliance import cast
from tests.listings.cast import Api, refused

NOTE = "looked at the pledge register"


class Case:
    """A version made of public data in the queue: two questions are asked about it."""

    def __init__(self, at: datetime, *items: dict[str, Any]) -> None:
        self.at = at
        self.desk = cast.desk(at)
        cast.in_force(at, *items)
        self.vendor = make.vendor(at)
        self.review = cast.queued(self.vendor, at, **cast.opened())

    def propose(self, *answers: tuple[str, bool, str], what: str = "approve") -> Review:
        return services.propose_review(
            review_id=self.review.pk,
            proposal=what,
            note="" if what == "approve" else "see the answers",
            answers=[{"item": code, "yes": yes, "note": note} for code, yes, note in answers],
            actor=self.desk.maker,
            at=self.at,
        )

    def confirm(self) -> Review:
        return services.confirm_review(review_id=self.review.pk, actor=self.desk.senior, at=self.at)

    @property
    def stands(self) -> tuple[str, dict[str, Any], str, int]:
        row = Review.objects.get(pk=self.review.pk)
        version = Version.objects.get(pk=self.review.version_id)
        return row.state, row.answers, version.state, Clearance.objects.count()


UNTOUCHED = ("QUEUED", {}, "IN_REVIEW", 0)
YES = (("PUB-07", True, NOTE), ("SRC-10", True, NOTE))


def test_screening_asks_no_reviewer(db: None, at: datetime) -> None:
    case = Case(at)

    decision = case.review.decision

    assert decision.attested is None
    assert {finding["code"] for finding in decision.findings} & {"PUB-07", "SRC-10"} == set()


def test_a_question_that_nobody_answered_blocks_the_approval(db: None, at: datetime) -> None:
    case = Case(at)

    with refused(DomainError) as caught:
        case.propose(YES[0])

    assert isinstance(caught.value, NotCleared)
    (finding,) = caught.value.extra["findings"]
    assert (finding["code"], finding["status"], finding["blocks"]) == ("SRC-10", "unknown", True)
    assert finding["who"] == "the reviewer; the vendor"
    assert case.stands == UNTOUCHED


def test_a_question_answered_no_blocks_the_approval(db: None, at: datetime) -> None:
    case = Case(at)

    with refused(DomainError) as caught:
        case.propose(("PUB-07", False, NOTE), YES[1])

    (finding,) = caught.value.extra["findings"]
    assert (finding["code"], finding["status"]) == ("PUB-07", "hit")
    assert case.stands == UNTOUCHED


def test_answers_are_kept_with_the_review_and_stored_in_the_decision(
    db: None, at: datetime
) -> None:
    case = Case(at)
    kept = {"PUB-07": {"yes": True, "note": NOTE}, "SRC-10": {"yes": True, "note": NOTE}}

    case.propose(*YES)
    assert case.stands == ("PROPOSED", kept, "IN_REVIEW", 0)
    case.confirm()

    assert case.stands == ("DECIDED", kept, "LISTED", 1)
    decision = Clearance.objects.get().decision
    assert (decision.kind, decision.attested) == ("review", kept)
    assert [one for done in replay(None, None) for one in done.mismatches] == []


def test_a_stored_answer_that_was_another_does_not_replay(db: None, at: datetime) -> None:
    case = Case(at)
    case.propose(*YES)
    case.confirm()
    row = Clearance.objects.get().decision
    forged = {**row.attested, "PUB-07": {"yes": False, "note": NOTE}}
    Decision.objects.create(
        **{
            name: getattr(row, name)
            for name in ("kind", "reference", "checklist_id", "facts", "findings", "verdict", "at")
        },
        attested=forged,
    )

    differing = [one for done in replay(None, None) for one in done.mismatches]

    assert [(one.what, one.replayed) for one in differing] == [
        ("findings", "PUB-07: hit"),
        ("verdict", "blocked_prohibited"),
    ]


@pytest.mark.parametrize(
    "answers",
    [
        (*YES, ("CON-11", True, NOTE)),
        (*YES, ("NS-01", True, NOTE)),
        (*YES, YES[0]),
        (YES[0], ("SRC-10", True, " ")),
    ],
)
def test_an_answer_that_was_not_asked_for_or_says_nothing_is_malformed(
    db: None, at: datetime, answers: tuple[tuple[str, bool, str], ...]
) -> None:
    case = Case(at)

    with refused(Malformed):
        case.propose(*answers)
    assert case.stands == UNTOUCHED


def test_a_refusal_is_proposed_without_answers(db: None, at: datetime) -> None:
    case = Case(at)

    case.propose(what="refuse")

    assert case.stands == ("PROPOSED", {}, "IN_REVIEW", 0)


def test_answers_go_with_a_proposal_that_is_rejected(db: None, at: datetime) -> None:
    case = Case(at)
    case.propose(*YES)

    services.reject_review(
        review_id=case.review.pk, reason="look again", actor=case.desk.checker, at=at
    )

    assert case.stands == UNTOUCHED


def test_a_paper_on_file_stands_for_an_answer(db: None, at: datetime) -> None:
    case = Case(at)
    cast.given(case.review.version, case.vendor, at, "third_party_compliance_report")
    services.rescreen_versions(version_ids=[case.review.version_id], actor=SYSTEM, at=at)

    case.propose(YES[0])
    case.confirm()

    assert case.stands[2:] == ("LISTED", 1)
    clearance = Clearance.objects.get()
    assert "third_party_compliance_report" in clearance.evidence
    found = {finding["code"]: finding["status"] for finding in clearance.decision.findings}
    assert found["SRC-10"] == "lifted"


def test_ordinary_enterprise_data_raise_no_question(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    review = cast.queued(make.vendor(at), at)

    assert cast.yes_to_all(review, at) == []
    services.propose_review(
        review_id=review.pk, proposal="approve", note="", actor=desk.maker, at=at
    )
    assert Review.objects.get().state == "PROPOSED"


def question(code: str = "TST-08") -> dict[str, Any]:
    return cast.item(
        code,
        "product.form == 'dataset'",
        "prohibited",
        kind="attestation",
        asked_of="reviewer",
        question_en="Is it sound?",
        question_zh="是否可靠？",
        rests_on=["reviewer", "vendor"],
        examples=[
            {
                "name": "no",
                "expect": "hit",
                "facts": {"product.form": "dataset"},
                "answer": "no",
            },
            {"name": "yes", "expect": "clear", "facts": {}, "answer": "yes"},
            {"name": "a report", "expect": "clear", "facts": {"product.form": "report"}},
            {"name": "not answered", "expect": "unknown", "facts": {"product.form": "dataset"}},
        ],
    )


def test_a_list_that_asks_something_new_sends_live_versions_back_to_review(
    db: None, at: datetime
) -> None:
    case = Case(at)
    case.propose(*YES)
    case.confirm()
    later = at + timedelta(days=3)
    cast.scheduled(case.desk, at, question(), effective_at=later)

    services.prepare_clearances(limit=10, actor=SYSTEM, at=at)

    trial = Trial.objects.get()
    assert (trial.versions_count, trial.blocked_count) == (1, 1)
    assert [row.item for row in TrialFinding.objects.all()] == ["TST-08"]
    assert list(Clearance.objects.values_list("state", flat=True)) == ["LIVE"]
    waiting = Review.objects.get(state="QUEUED")
    asked = selectors.question_lines(waiting, later, "en")
    assert [line.item for line in asked] == ["PUB-07", "SRC-10", "TST-08"]


def test_answers_carry_over_to_a_list_that_asks_nothing_new(db: None, at: datetime) -> None:
    case = Case(at)
    case.propose(*YES)
    case.confirm()
    cast.scheduled(case.desk, at, effective_at=at + timedelta(days=3))

    services.prepare_clearances(limit=10, actor=SYSTEM, at=at)

    states = sorted(Clearance.objects.values_list("state", flat=True))
    assert states == ["LIVE", "PREPARED"]
    rerun = Clearance.objects.get(state="PREPARED").decision
    assert (rerun.kind, sorted(rerun.attested)) == ("rerun", ["PUB-07", "SRC-10"])
    assert [one for done in replay(None, None) for one in done.mismatches] == []


def test_the_api_shows_the_questions_and_takes_the_answers(db: None, at: datetime) -> None:
    case = Case(at)
    maker = Api(case.desk.maker, at)

    asked = maker.get(f"reviews/{case.review.pk}").json()["questions"]
    answers = [{"item": one["item"], "yes": True, "note": NOTE} for one in asked]
    refused_ = maker.post(f"reviews/{case.review.pk}/propose", {"proposal": "approve"})
    proposed = maker.post(
        f"reviews/{case.review.pk}/propose", {"proposal": "approve", "answers": answers}
    )

    assert [(one["item"], one["yes"], one["lifted"]) for one in asked] == [
        ("PUB-07", None, False),
        ("SRC-10", None, False),
    ]
    assert (refused_.status_code, refused_.json()["type"]) == (422, "/problems/not-cleared")
    assert proposed.status_code == 200
    shown = maker.get(f"reviews/{case.review.pk}").json()["questions"]
    assert [(one["yes"], one["note"]) for one in shown] == [(True, NOTE), (True, NOTE)]

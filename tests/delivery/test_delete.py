"""Deletion of what was handed over: asked once a ground, proved by the buyer, signed for."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.conf import settings

from core import signing
from core.actors import SYSTEM
from core.errors import Forbidden, IllegalTransition, Malformed, NotFound
from core.models import Event
from delivery import services
from delivery.models import Deletion
from delivery.receipts import is_genuine
from tests import make
from tests.delivery import cast

pytestmark = pytest.mark.django_db
WIPED = "The copy on two servers was wiped on the day it was asked."


def asked(sold: cast.Sold, at: datetime, ground: str = "consent-withdrawn") -> list[UUID]:
    return services.ask_deletions(
        references=[sold.grant.reference], kind="delete", ground=ground, actor=SYSTEM, at=at
    )


def fetched(at: datetime) -> cast.Sold:
    sold = cast.sold(at)
    assert cast.fetch(cast.link(sold, at).token).status_code == 200
    return sold


def proved(sold: cast.Sold, deletion_id: UUID, at: datetime) -> Deletion:
    return services.prove_deletion(
        deletion_id=deletion_id, statement=WIPED, file_id=None, actor=sold.buyer, at=at
    )


def test_who_fetched_the_data_is_asked_within_fifteen_days(at: datetime) -> None:
    sold = fetched(at)

    [key] = asked(sold, at)

    deletion = Deletion.objects.get(pk=key)
    assert (deletion.state, deletion.kind, deletion.ground) == (
        "ASKED",
        "delete",
        "consent-withdrawn",
    )
    assert deletion.due_at == at + timedelta(days=15)
    told = Event.objects.get(subject="deletion", subject_id=key)
    assert (told.verb, told.after, told.reason) == ("ask", "ASKED", "consent-withdrawn")


def test_who_fetched_nothing_is_asked_for_nothing(at: datetime) -> None:
    sold = cast.sold(at)

    assert asked(sold, at) == []
    assert not Deletion.objects.exists()


def test_one_ground_asks_once_and_another_again(at: datetime) -> None:
    sold = fetched(at)
    asked(sold, at)

    again, other = asked(sold, at), asked(sold, at, "illegality")

    assert again == []
    assert len(other) == 1
    assert Deletion.objects.count() == 2


def test_nobody_asks_by_hand(at: datetime) -> None:
    sold = fetched(at)

    with cast.refused(NotFound):
        services.ask_deletions(
            references=[sold.grant.reference],
            kind="delete",
            ground="illegality",
            actor=make.staff(at, "reviewer"),
            at=at,
        )
    assert not Deletion.objects.exists()


def test_accepted_proof_is_signed_for_and_checked_with_the_public_key(at: datetime) -> None:
    sold = fetched(at)
    [key] = asked(sold, at)
    proved(sold, key, at)

    accepted = services.accept_deletion(
        deletion_id=key, actor=make.staff(at, "reviewer"), at=at + timedelta(minutes=1)
    )

    assert accepted.state == "ACCEPTED"
    document = Deletion.objects.get(pk=key).document
    assert document["statement"] == WIPED
    assert document["reference"] == str(sold.grant.reference)
    public = signing.public_bytes(settings.SIGNING_KEY)
    signature = bytes(Deletion.objects.get(pk=key).signature or b"")
    assert is_genuine(document, signature, public)
    assert not is_genuine(document | {"statement": "nothing"}, signature, public)


def test_returned_proof_says_why_and_is_given_again(at: datetime) -> None:
    sold = fetched(at)
    [key] = asked(sold, at)
    proved(sold, key, at)
    reviewer = make.staff(at, "reviewer")

    returned = services.return_deletion(
        deletion_id=key, reason="The backup is not named.", actor=reviewer, at=at
    )

    assert (returned.state, returned.objection) == ("ASKED", "The backup is not named.")
    assert (proved(sold, key, at).state, Deletion.objects.get(pk=key).objection) == ("PROVED", "")


def test_empty_statement_proves_nothing(at: datetime) -> None:
    sold = fetched(at)
    [key] = asked(sold, at)

    with cast.refused(Malformed) as refused:
        services.prove_deletion(
            deletion_id=key, statement="  ", file_id=None, actor=sold.buyer, at=at
        )

    assert refused.value.fields == {"statement": ["say what was deleted, where, how and when"]}
    assert Deletion.objects.get(pk=key).state == "ASKED"


def test_vendor_reads_it_and_cannot_prove_it(at: datetime) -> None:
    sold = fetched(at)
    [key] = asked(sold, at)

    with cast.refused(NotFound):
        services.prove_deletion(
            deletion_id=key, statement=WIPED, file_id=None, actor=sold.vendor, at=at
        )
    with cast.refused(Forbidden):
        services.accept_deletion(deletion_id=key, actor=sold.vendor, at=at)
    assert Deletion.objects.get(pk=key).state == "ASKED"


def test_stranger_does_not_find_it(at: datetime) -> None:
    sold = fetched(at)
    [key] = asked(sold, at)

    with cast.refused(NotFound):
        services.prove_deletion(
            deletion_id=key, statement=WIPED, file_id=None, actor=make.buyer(at), at=at
        )


def test_nothing_is_accepted_before_it_is_proved(at: datetime) -> None:
    sold = fetched(at)
    [key] = asked(sold, at)

    with cast.refused(IllegalTransition):
        services.accept_deletion(deletion_id=key, actor=make.staff(at, "reviewer"), at=at)

    assert Deletion.objects.get(pk=key).signature is None


def test_suspended_buyer_can_still_prove_it(at: datetime) -> None:
    sold = fetched(at)
    [key] = asked(sold, at)
    suspended = replace(sold.buyer, organisation_state="SUSPENDED")

    deletion = services.prove_deletion(
        deletion_id=key, statement=WIPED, file_id=None, actor=suspended, at=at
    )

    assert deletion.state == "PROVED"

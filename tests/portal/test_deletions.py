"""What must be deleted, on the page of its trade: the buyer proves it, a reviewer accepts."""

from datetime import datetime
from uuid import UUID

import pytest

from core.actors import SYSTEM
from core.ids import uuid7
from delivery.models import Deletion, Grant
from delivery.services import ask_deletions
from delivery.services.grants import mark_handed_over
from tests import make
from tests.exchange import cast
from tests.portal.test_views import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_market")]


def asked(market: cast.Market, at: datetime) -> tuple[UUID, UUID]:
    """Return a trade and what its buyer is asked to delete."""
    trade = cast.delivered(market)
    grant = Grant.objects.get(reference=trade.pk)
    mark_handed_over(grant, actor=SYSTEM, at=at, receipt_id=uuid7())
    [key] = ask_deletions(
        references=[trade.pk], kind="delete", ground="consent-withdrawn", actor=SYSTEM, at=at
    )
    return trade.pk, key


def test_buyer_reads_what_is_asked_and_proves_it(at: datetime) -> None:
    market = cast.market(at)
    trade, key = asked(market, at)
    buyer = browser(market.buyer)

    shown = buyer.get(f"/trades/{trade}").content.decode()
    buyer.post(f"/trades/{trade}/deletions/{key}/prove", {"reason": "Wiped today.", "key": "k1"})

    assert "Delete the data, every copy of it" in shown
    assert "Consent withdrawn" in shown
    deletion = Deletion.objects.get(pk=key)
    assert (deletion.state, deletion.statement) == ("PROVED", "Wiped today.")
    assert "Wiped today." in buyer.get(f"/trades/{trade}").content.decode()


def test_reviewer_accepts_and_the_buyer_reads_that_it_is_proved(at: datetime) -> None:
    market = cast.market(at)
    trade, key = asked(market, at)
    buyer, reviewer = browser(market.buyer), browser(make.staff(at, "reviewer"))
    buyer.post(f"/trades/{trade}/deletions/{key}/prove", {"reason": "Wiped today."})

    reviewer.post(f"/trades/{trade}/deletions/{key}/accept")

    assert Deletion.objects.get(pk=key).state == "ACCEPTED"
    assert "Deletion proved" in buyer.get(f"/trades/{trade}").content.decode()


def test_empty_proof_is_refused_in_words(at: datetime) -> None:
    market = cast.market(at)
    trade, key = asked(market, at)
    buyer = browser(market.buyer)

    answer = buyer.post(f"/trades/{trade}/deletions/{key}/prove", {"reason": " "}, follow=True)

    assert "say what was deleted, where, how and when" in answer.content.decode()
    assert Deletion.objects.get(pk=key).state == "ASKED"


def test_vendor_reads_it_and_is_offered_nothing_to_do(at: datetime) -> None:
    market = cast.market(at)
    trade, key = asked(market, at)
    vendor = browser(market.vendor)

    shown = vendor.get(f"/trades/{trade}").content.decode()
    vendor.post(f"/trades/{trade}/deletions/{key}/prove", {"reason": "We did it."})
    vendor.post(f"/trades/{trade}/deletions/{key}/accept")

    assert "Delete the data, every copy of it" in shown
    assert f"/deletions/{key}/" not in shown
    assert Deletion.objects.get(pk=key).state == "ASKED"

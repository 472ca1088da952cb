"""No dead ends: whoever may not yet do something is led to where that changes."""

from datetime import datetime

import pytest

from core.models import Organisation, User
from exchange.models import Order
from settlement.bank import sub_account_of
from tests import make
from tests.exchange import cast
from tests.portal.test_members_pages import signed_in, someone
from tests.portal.test_views import browser, form

WAY = '<a class="button" href="/organisation">'


@pytest.mark.parametrize("address", ["/order/{}", "/statement", "/statement.csv", "/demands/new"])
@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "You act for no organisation yet"), ("zh-hans", "你还没有代表任何组织")],
)
def test_person_without_an_organisation_is_led_to_enter_one(
    db: None, at: datetime, address: str, language: str, said: str
) -> None:
    market = cast.market(at)

    response = signed_in(someone(), language).get(address.format(market.plan.pk))

    page = response.content.decode()
    assert (response.status_code, WAY in page, said in page) == (403, True, True)


def test_person_without_an_organisation_orders_nothing(db: None, at: datetime) -> None:
    market = cast.market(at)

    response = signed_in(someone()).post(f"/order/{market.plan.pk}", form(market))

    assert response.status_code == 403
    assert not Order.objects.exists()


def test_vendor_that_orders_is_led_to_ask_for_the_capacity(db: None, at: datetime) -> None:
    market = cast.market(at)

    response = browser(make.vendor(at)).get(f"/order/{market.plan.pk}")

    page = response.content.decode()
    assert response.status_code == 403
    assert "Your organisation lacks the capacity “Buyer”." in page
    assert f"{WAY}Ask the venue for the capacity</a>" in page


def test_who_may_not_publish_a_demand_reads_what_to_do_and_sees_no_form(
    db: None, at: datetime
) -> None:
    venue, vendor = make.staff(at, "admin"), make.vendor(at)
    viewer = make.member(make.organisation(at=at, capacities=("buyer",)), "viewer", at=at)

    pages = {
        one: browser(one).get("/demands/new").content.decode() for one in (venue, vendor, viewer)
    }

    assert all('name="title"' not in page for page in pages.values())
    assert f"{WAY}Ask the venue for the capacity</a>" in pages[vendor]
    assert "It needs one of these roles" in pages[viewer]
    assert f"{WAY}Who gives roles in your organisation</a>" in pages[viewer]
    assert 'name="title"' in browser(make.buyer(at)).get("/demands/new").content.decode()


def test_buyer_among_the_products_is_led_to_ask_for_the_capacity(db: None, at: datetime) -> None:
    page = browser(make.buyer(at)).get("/products").content.decode()
    own = browser(make.vendor(at)).get("/products").content.decode()

    assert f"{WAY}Ask the venue for the capacity</a>" in page
    assert "Ask the venue for the capacity" not in own


def test_suspended_buyer_is_led_to_the_reason(db: None, at: datetime) -> None:
    market = cast.market(at)
    Organisation.objects.filter(pk=market.buyer.organisation_id).update(state="SUSPENDED")

    response = browser(market.buyer).get(f"/order/{market.plan.pk}")

    assert (response.status_code, WAY in response.content.decode()) == (409, True)


def test_buyer_that_lacks_money_is_told_how_to_pay_in(
    db: None, at: datetime, settings: object
) -> None:
    settings.CUSTODY_ACCOUNT = "Bank of Nowhere 123, for {code}"  # type: ignore[attr-defined]
    market = cast.market(at, funds_minor=50_000)
    buyer = Organisation.objects.get(pk=market.buyer.organisation_id)
    client = browser(market.buyer)

    page = client.get(f"/order/{market.plan.pk}").content.decode()
    assert '<a href="/statement?account=custody-CNY#pay-in">Add money</a>' in page
    sheet = client.get("/statement?account=custody-CNY").content.decode()

    assert 'id="pay-in"' in sheet
    assert sub_account_of(buyer.pk) in sheet
    assert f"Bank of Nowhere 123, for {buyer.registry_number}" in sheet
    assert f"<code>{buyer.registry_number}</code>" in sheet


def test_who_does_not_buy_is_not_told_how_to_pay_in(db: None, at: datetime) -> None:
    market = cast.market(at)

    assert 'id="pay-in"' not in browser(market.vendor).get("/statement").content.decode()
    assert User.objects.filter(pk=market.vendor.user_id).exists()

"""API tokens on their page: made, shown once, used, revoked."""

import re
from datetime import datetime

from django.test import Client

from core.models import ApiToken, IdempotencyKey, Membership, Organisation
from tests import make
from tests.exchange import cast
from tests.portal.test_views import browser, text_of

FORM = {"label": "nightly", "scopes": ["belong"], "days": "30", "key": "once"}


def asks(secret: str, address: str) -> int:
    sent = Client(headers={"Authorization": f"Bearer {secret}"}).get(address)
    return int(sent.status_code)


def test_token_made_on_the_page_opens_the_api_and_closes_when_revoked(
    db: None, at: datetime
) -> None:
    buyer = browser(cast.market(at).buyer)

    page = buyer.post("/tokens/make", FORM).content.decode()

    secret = re.search(r"<code class=\"whole\">(dbt_[^<]+)</code>", page)
    assert secret is not None
    assert asks(secret[1], "/api/v1/me") == 200
    made = ApiToken.objects.get(label="nightly")
    assert made.scopes == ["belong"]
    assert secret[1] not in buyer.get("/tokens").content.decode()
    buyer.post(f"/tokens/{made.pk}/revoke", {"key": "stop"})
    assert asks(secret[1], "/api/v1/me") == 401
    assert "revoked" in text_of(buyer.get("/tokens").content.decode())


def test_same_click_makes_one_token_and_keeps_no_secret(db: None, at: datetime) -> None:
    buyer = browser(cast.market(at).buyer)

    first = buyer.post("/tokens/make", FORM).content.decode()
    again = buyer.post("/tokens/make", FORM, follow=True).content.decode()

    assert ApiToken.objects.filter(label="nightly").count() == 1
    secret = re.search(r"dbt_[A-Za-z0-9_-]+", first)
    assert secret is not None
    assert "dbt_" not in again
    assert "The secret was shown once" in again
    assert not [one for one in IdempotencyKey.objects.all() if secret[0] in str(one.body)]


def test_token_is_offered_what_its_maker_may_do_and_no_more(db: None, at: datetime) -> None:
    buyer = browser(cast.market(at).buyer)
    assert 'value="trade"' in buyer.get("/tokens").content.decode()
    assert 'value="review"' not in buyer.get("/tokens").content.decode()

    page = buyer.post("/tokens/make", {**FORM, "scopes": ["review"]}).content.decode()

    assert "review is not one of the available choices" in page
    assert 'value="nightly"' in page
    assert not ApiToken.objects.exists()


def test_owner_ends_a_membership_and_its_tokens_stop(db: None, at: datetime) -> None:
    market = cast.market(at)
    organisation = Organisation.objects.get(pk=market.buyer.organisation_id)
    colleague = make.member(organisation, "trader", at=at)
    page = browser(colleague).post("/tokens/make", FORM).content.decode()
    secret = re.search(r"dbt_[A-Za-z0-9_-]+", page)
    assert secret is not None
    assert asks(secret[0], "/api/v1/me") == 200
    owner = browser(market.buyer)
    end = f"/organisation/members/{colleague.membership_id}/end"
    assert end in owner.get("/organisation").content.decode()

    owner.post(end, {"key": "end"})

    assert not Membership.objects.get(pk=colleague.membership_id).is_active
    assert asks(secret[0], "/api/v1/me") == 401
    assert end not in owner.get("/organisation").content.decode()


def test_member_who_may_not_manage_ends_nobody(db: None, at: datetime) -> None:
    market = cast.market(at)
    organisation = Organisation.objects.get(pk=market.buyer.organisation_id)
    viewer = make.member(organisation, "viewer", at=at)
    end = f"/organisation/members/{market.buyer.membership_id}/end"
    assert end not in browser(viewer).get("/organisation").content.decode()

    browser(viewer).post(end, {"key": "end"})

    assert Membership.objects.get(pk=market.buyer.membership_id).is_active


def test_pages_of_a_member_are_kept_by_no_cache(db: None, at: datetime) -> None:
    buyer = browser(cast.market(at).buyer)

    for address in ("/tokens", "/statement", "/orders/00000000-0000-7000-8000-000000000000"):
        assert "no-store" in buyer.get(address)["Cache-Control"], address
    assert "no-store" not in browser(None).get("/catalogue").headers.get("Cache-Control", "")

"""The trade, its contract and the statement: every amount by itself, and every text provable."""

import csv
import io
import json
from datetime import datetime
from hashlib import sha256
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from core.actors import SYSTEM
from exchange.models import Contract, Dispute, Quote, Trade
from exchange.portal.money import guarded
from exchange.services import trades
from settlement import services as settlement
from tests import make
from tests.exchange import cast
from tests.portal.test_views import browser, text_of

YEN = "¥\u202f"
NO_AMOUNT = "must be an amount with at most 2 decimals, not below zero, in the digits 0 to 9"


def disputed(market: cast.Market) -> Trade:
    trade = cast.delivered(market)
    trades.dispute_trade(
        trade_id=trade.pk, ground="half of the rows are empty", actor=market.buyer, at=market.at
    )
    return trade


def settled(trade: Trade, at: datetime) -> Trade:
    trades.request_settlements(trade_ids=[trade.pk], at=at)
    settlement.settle_due(limit=10, actor=SYSTEM, at=at)
    trades.settle_trades(trade_ids=[trade.pk], at=at)
    return Trade.objects.get(pk=trade.pk)


def rows_of(page: str, title: str) -> dict[str, str]:
    """The definition list under a heading: term → what it says."""
    part = page[page.index(f">{title}</h2>") :]
    part = part[: part.index("</dl>")]
    pairs = [row.split("</dt>") for row in part.split("<dt>")[1:]]
    return {text_of(term).strip(): text_of(said).strip() for term, said in pairs}


def test_price_fee_and_total_are_apart(db: None, at: datetime) -> None:
    market = cast.market(at, fees=cast.BOTH_PAY)
    trade = cast.delivered(market)

    for reader in (market.buyer, market.vendor):
        page = browser(reader).get(f"/trades/{trade.pk}").content.decode()
        assert rows_of(page, "The money") == {
            "Price": f"{YEN}1,200.00",
            "Buyer's fee to the venue": f"{YEN}12.00",
            "Paid by the buyer": f"{YEN}1,212.00",
            "Held in custody": f"{YEN}1,212.00",
            "Settled": f"{YEN}0.00",
        }


def test_venue_refunds_a_part_and_nobody_reads_dismissed(db: None, at: datetime) -> None:
    market = cast.market(at, fees=cast.BOTH_PAY)
    trade = disputed(market)
    officer = browser(make.staff(at, "officer"))
    address = f"/trades/{trade.pk}"
    form = {"refund": "300.00", "reason": "a quarter is empty", "key": "once"}
    assert "From 0 to ¥\u202f1,200.00" in officer.get(address).content.decode()

    officer.post(f"{address}/decide", form)
    again = officer.post(f"{address}/decide", form)

    assert again["Location"] == address
    trade.refresh_from_db()
    assert (trade.state, trade.refunded_minor) == ("ACCEPTED", 30_000)
    settled(trade, at)
    page = browser(market.buyer).get(address).content.decode()
    assert "dismissed" not in page.lower()
    assert f"Upheld in part: {YEN}300.00 refunded, the rest settled." in page
    assert rows_of(page, "The money") == {
        "Price": f"{YEN}1,200.00",
        "Buyer's fee to the venue": f"{YEN}12.00",
        "Paid by the buyer": f"{YEN}1,212.00",
        "Held in custody": f"{YEN}0.00",
        "Settled": f"{YEN}909.00",
        "Refunded": f"{YEN}303.00",
    }


@pytest.mark.parametrize(
    ("refund", "said"),
    [
        ("1200.01", "The refund is more than what is held"),
        ("-1", NO_AMOUNT),
        (
            "1.005",
            NO_AMOUNT,
        ),
        (
            "all of it",
            NO_AMOUNT,
        ),
    ],
)
def test_refund_out_of_bounds_keeps_the_reason_typed(
    db: None, at: datetime, refund: str, said: str
) -> None:
    market = cast.market(at)
    trade = disputed(market)
    officer = browser(make.staff(at, "officer"))

    with cast.unchanged(trade):
        response = officer.post(
            f"/trades/{trade.pk}/decide",
            {"refund": refund, "reason": "what the sample shows"},
        )

    page = response.content.decode()
    assert (response.status_code, Dispute.objects.get().decided_at) == (200, None)
    assert said in page
    assert "From 0 to ¥\u202f1,200.00, the whole price." in page
    assert "what the sample shows" in page
    assert f'value="{refund}"' in page


def test_amount_is_in_the_currency_of_the_trade_whatever_is_posted(db: None, at: datetime) -> None:
    trade = disputed(cast.market(at))
    officer = browser(make.staff(at, "officer"))
    address = f"/trades/{trade.pk}"
    assert 'name="currency"' not in officer.get(address).content.decode()

    officer.post(f"{address}/decide", {"refund": "5", "reason": "a bit", "currency": "JPY"})

    trade.refresh_from_db()
    assert (trade.currency, trade.refunded_minor) == ("CNY", 500)


def test_quote_is_in_the_currency_of_the_order_whatever_is_posted(db: None, at: datetime) -> None:
    market = cast.market(at, plans=[cast.NEGOTIATED])
    order = cast.place(market)["id"]

    browser(market.vendor).post(
        f"/orders/{order}/quote", {"price": "900", "note": "", "currency": "JPY"}
    )

    assert Quote.objects.get().amount_minor == 90_000


def test_only_the_venue_decides(db: None, at: datetime) -> None:
    market = cast.market(at)
    trade = disputed(market)

    for reader, status in ((market.buyer, 200), (market.vendor, 200), (make.buyer(at), 404)):
        client = browser(reader)
        page = client.get(f"/trades/{trade.pk}")
        assert page.status_code == status
        assert "Decide the dispute" not in page.content.decode()
        client.post(f"/trades/{trade.pk}/decide", {"refund": "0", "reason": "mine"})

    assert Trade.objects.get().state == "DISPUTED"


def test_contract_is_readable_and_its_download_is_what_was_hashed(db: None, at: datetime) -> None:
    market = cast.market(at, fees=cast.BOTH_PAY)
    trade = cast.matched(market)
    kept = Contract.objects.get()

    for reader, language, said in (
        (market.buyer, "en", ("1. Description", "9. Secrecy", "by its standing offer, plan P1")),
        (market.vendor, "zh-hans", ("一、标的描述", "九、保密", "以持续有效的要约（方案 P1）")),
    ):
        page = browser(reader, language).get(f"/trades/{trade.pk}/contract").content.decode()
        assert [text for text in said if text not in page] == []
        assert page.count(kept.sha256) >= 3
    assert "The text is not the one that was signed" not in page
    answer = browser(market.buyer).get(f"/trades/{trade.pk}/contract.json")
    assert sha256(answer.content).hexdigest() == kept.sha256
    assert answer["Content-Disposition"] == f'attachment; filename="contract-{trade.pk}.json"'
    assert rows_of(
        browser(market.buyer).get(f"/trades/{trade.pk}/contract").content.decode(), "5. Amount"
    ) == {
        "Price": f"{YEN}1,200.00",
        "Buyer's fee to the venue": f"{YEN}12.00",
        "Paid by the buyer": f"{YEN}1,212.00",
    }


def test_altered_contract_is_told_from_the_signed_one(live_database: str, at: datetime) -> None:
    market = cast.market(at)
    trade = cast.matched(market)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE exchange_contract SET text = replace(text, '\"minor\":120000', '\"minor\":1')"
        )
        cursor.execute("SET session_replication_role = DEFAULT")

    page = browser(market.buyer).get(f"/trades/{trade.pk}/contract").content.decode()

    assert "The text is not the one that was signed" in page
    assert json.loads(Contract.objects.get().text)["items"]["amount"]["minor"] == 1


def test_anybody_verifies_a_contract_by_hash_or_file(db: None, at: datetime) -> None:
    market = cast.market(at)
    cast.matched(market)
    kept = Contract.objects.get()
    stranger = browser(None)
    file = SimpleUploadedFile("contract.json", kept.text.encode())

    by_hash = stranger.get(f"/verify?code={kept.sha256}").content.decode()
    by_file = stranger.post("/verify", {"file": file}).content.decode()
    unknown = stranger.get(f"/verify?code={'0' * 64}").content.decode()

    for page in (by_hash, by_file):
        assert "Genuine: the venue concluded it" in page
        assert kept.sha256 in page
        assert "Yangtze" not in page
    assert "The venue knows no such document" in unknown


def test_statement_of_chosen_days_adds_up_and_says_what_each_line_is(
    db: None, at: datetime
) -> None:
    market = cast.market(at)
    trade = cast.matched(market)
    client = browser(market.buyer)

    page = text_of(client.get("/statement?account=held-CNY").content.decode())
    before = text_of(client.get("/statement?since=2026-01-01&until=2026-01-31").content.decode())

    assert "Held for a trade" in page
    assert str(trade.pk)[-8:].upper() in page
    assert "No movement in this time" in before
    assert f"Closing balance{YEN}0.00" in "".join(before.split("\n"))
    wrong = client.get("/statement?since=2026-02-02&until=2026-01-31").content.decode()
    assert "must not be before the first day" in wrong
    assert client.get("/statement?account=fees-CNY").status_code == 404


def test_csv_opens_in_a_spreadsheet_and_holds_the_lines_shown(db: None, at: datetime) -> None:
    market = cast.market(at)
    trade = cast.matched(market)

    answer = browser(market.buyer, "zh-hans").get("/statement.csv?account=custody-CNY")

    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][1:] == ["事项", "凭证号", "说明", "收入", "支出", "余额", "币种"]
    assert rows[1] == ["", "期初余额", "", "", "", "", "0.00", "CNY"]
    assert [row[1:2] + row[4:] for row in rows[2:]] == [
        ["入金", "1000000.00", "", "1000000.00", "CNY"],
        ["为交易冻结", "", "1200.00", "998800.00", "CNY"],
        ["期末余额", "", "", "998800.00", "CNY"],
    ]
    assert rows[3][2] == f"hold:{trade.pk}"


def test_csv_text_is_never_a_formula(db: None, at: datetime) -> None:
    market = cast.market(at)
    trade = cast.delivered(market)
    evil = "=HYPERLINK(1)"
    trades.refund_trade(trade_id=trade.pk, reason=evil, actor=make.staff(at, "officer"), at=at)

    content = browser(market.buyer).get("/statement.csv?account=custody-CNY").content.decode()

    assert f"'{evil}" in content
    assert f",{evil}" not in content
    starts = ("=", "+", "-", "@", "\t", "＝")
    assert [guarded(f"{sign}1")[0] for sign in starts] == ["'"] * len(starts)
    assert guarded("深圳") == "深圳"


def test_organisation_on_both_sides_sees_both(db: None, at: datetime) -> None:
    market = cast.market(at)
    both = make.member(
        make.organisation(
            at=at, capacities=("vendor", "buyer"), country="CN", foreign_controlled=False
        ),
        "owner",
        "trader",
        at=at,
    )
    cast.money(both.organisation_id, at)
    cast.place(market, actor=both, buyer_id=both.organisation_id)
    client = browser(both)

    for address in ("/orders?side=buyer", "/orders?side=vendor", "/trades", "/trades?side=vendor"):
        response = client.get(address)
        assert response.status_code == 200
    trades_page = client.get("/trades").content.decode()
    assert ">bought<" in trades_page
    assert "Yangtze" not in client.get("/trades?side=vendor").content.decode()
    orders = client.get("/orders").content.decode()
    for side in ("buyer", "vendor"):
        assert f'href="/orders?side={side}"' in orders
    menu = client.get("/").content.decode()
    for entry in ("Products", "Orders", "Demands", "Statement"):
        assert f">{entry}</a>" in menu


def test_rejected_quote_keeps_the_note_and_the_same_click_quotes_once(
    db: None, at: datetime
) -> None:
    market = cast.market(at, plans=[cast.NEGOTIATED])
    order = cast.place(market)["id"]
    vendor = browser(market.vendor)
    address = f"/orders/{order}/quote"
    typed: dict[str, Any] = {"price": "nine", "note": "with support"}

    refused = vendor.post(address, typed)
    page = refused.content.decode()
    assert (refused.status_code, "with support" in page, 'value="nine"' in page) == (
        200,
        True,
        True,
    )
    good = {**typed, "price": "900", "key": "a-click"}
    first, second = vendor.post(address, good), vendor.post(address, good)

    assert first["Location"] == second["Location"] == f"/orders/{order}/negotiation"
    thread = text_of(vendor.get(first["Location"]).content.decode())
    assert thread.count(f"{YEN}900.00") == 1
    late = vendor.post(address, {**good, "key": "another", "note": "and once more"})
    assert "It is the other side&#x27;s turn" in late.content.decode()
    assert Quote.objects.count() == 1

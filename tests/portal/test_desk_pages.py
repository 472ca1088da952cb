"""The review desk on pages: views with counts, cases, notes, absences and differences."""

import html
import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from compliance import services
from compliance.models import Absence, Review, ReviewNote
from core.models import Event
from listings import services as listings
from listings.models import Version
from tests.compliance import cast as desk
from tests.exchange import cast
from tests.portal.test_views import browser, counted, text_of

pytestmark = pytest.mark.django_db
SECRET = "we doubt the contract"


def shown(page: Any) -> str:
    return re.sub(r"\s+", " ", text_of(page.content.decode()))


def next_draft(market: cast.Market, **changes: Any) -> Version:
    """The next version of what is on the market, with what it says otherwise."""
    made = listings.draft_version(
        product_id=market.version.product_id, actor=market.vendor, at=market.at
    )
    plans = changes.pop("plans", [cast.STANDING])
    listings.save_draft(
        version_id=made.pk,
        content=made.content | changes,
        plans=plans,
        actor=market.vendor,
        at=market.at,
    )
    return Version.objects.get(pk=made.pk)


def test_queue_shows_views_with_their_counts(at: datetime) -> None:
    market = cast.market(at)
    first, second = (desk.queued(market.vendor, at) for _ in range(2))
    services.take_review(review_id=first.pk, actor=market.desk.maker, at=at)
    maker = browser(market.desk.maker)

    page = maker.get("/reviews").content.decode()
    mine = maker.get("/reviews?view=mine").content.decode()
    free = maker.get("/reviews?view=free").content.decode()

    chips = re.findall(r'class="chip" href="([^"]+)"[^>]*>([^<]+)(?:<|\s)', page)
    assert [html.unescape(name).strip() for _url, name in chips] == [
        "All", "Mine", "Nobody's", "To propose", "To confirm", "Overdue", "Of who is away",
    ]  # fmt: skip
    assert re.findall(r'<span class="count">(\d+)</span>', page) == ["2", "1", "1", "2"]
    assert (f"/reviews/{first.pk}" in mine, f"/reviews/{second.pk}" in mine) == (True, False)
    assert (f"/reviews/{first.pk}" in free, f"/reviews/{second.pk}" in free) == (False, True)
    assert "No open review is in this view." in shown(maker.get("/reviews?view=overdue"))
    assert maker.get("/reviews?view=%00").status_code == 200


def test_late_review_says_by_how_many_working_days(at: datetime) -> None:
    market = cast.market(at)
    review = desk.queued(market.vendor, at)
    desk.aged(review, at - timedelta(days=30))
    maker = browser(market.desk.maker)

    assert re.search(r"\d+ working days overdue", shown(maker.get("/reviews")))
    assert re.search(r"\d+ working days overdue", shown(maker.get(f"/reviews/{review.pk}")))
    assert f"/reviews/{review.pk}" in maker.get("/reviews?view=overdue").content.decode()
    assert "个工作日" in text_of(
        browser(market.desk.maker, "zh-hans").get("/reviews").content.decode()
    )


def test_case_is_taken_handed_over_and_reassigned_on_its_page(at: datetime) -> None:
    market = cast.market(at)
    review = desk.queued(market.vendor, at)
    maker, senior = browser(market.desk.maker), browser(market.desk.senior)
    address = f"/reviews/{review.pk}"
    assert "Nobody has it yet" in shown(maker.get(address))

    maker.post(f"{address}/take")
    held = shown(browser(market.desk.checker).get(address))
    maker.post(
        f"{address}/delegate",
        {"to": str(market.desk.checker.membership_id), "reason": "on other work"},
    )
    after = Review.objects.get(pk=review.pk).assigned_id
    senior.post(
        f"{address}/reassign", {"to": str(market.desk.senior.membership_id), "reason": "late"}
    )

    assert f"{market.desk.maker.name} has it." in held
    assert "This case is with another reviewer" in held
    assert "Propose approval" not in held
    assert after == market.desk.checker.user_id
    assert Review.objects.get(pk=review.pk).assigned_id == market.desk.senior.user_id
    told = shown(senior.get(address))
    for said in ("Taken by a reviewer", "Handed to a colleague", "Reassigned by a senior reviewer"):
        assert said in told
    assert told.index("Reassigned by") < told.index("Handed to a") < told.index("Taken by a rev")


def test_wrong_hand_over_is_told_beside_the_field_and_keeps_what_was_typed(at: datetime) -> None:
    market = cast.market(at)
    review = desk.queued(market.vendor, at)
    desk.away(market.desk.checker, market.desk.senior, at)
    maker, address = browser(market.desk.maker), f"/reviews/{review.pk}/delegate"
    to = str(market.desk.checker.membership_id)

    away = maker.post(address, {"to": to, "reason": "a reason of mine"})
    nobody = maker.post(address, {"to": "somebody", "reason": "a\x00b"})

    assert away.status_code == 200
    assert "stands in" in shown(away)
    assert "a reason of mine" in away.content.decode()
    assert nobody.status_code == 200
    assert Review.objects.get(pk=review.pk).assigned_id is None
    assert not Event.objects.filter(verb="delegate").exists()


def test_internal_note_is_on_no_page_of_the_vendor(at: datetime) -> None:
    market = cast.market(at)
    review = desk.queued(market.vendor, at)
    maker, checker = browser(market.desk.maker), browser(market.desk.checker)
    vendor, address = browser(market.vendor), f"/reviews/{review.pk}"

    maker.post(f"{address}/return", {"note": "state the volume", "internal_note": SECRET})
    before = shown(vendor.get(f"/versions/{review.version_id}"))
    maker.post(f"{address}/notes", {"audience": "venue", "text": f"{SECRET}, again"})
    maker.post(f"{address}/notes", {"audience": "vendor", "text": "call us"})
    checker.post(f"{address}/confirm")

    assert "state the volume" not in before
    page = shown(vendor.get(f"/versions/{review.version_id}"))
    assert "The reviewers ask for changes. state the volume" in page
    assert "From the reviewers" in page
    assert "call us" in page
    assert market.desk.maker.name not in page
    for place in ("/products", f"/versions/{review.version_id}", "/orders?side=vendor"):
        assert SECRET not in vendor.get(place).content.decode()
    assert vendor.get(address).status_code == 403
    assert SECRET in shown(checker.get(address))
    assert sorted(ReviewNote.objects.values_list("audience", flat=True)) == [
        "vendor", "vendor", "venue", "venue",
    ]  # fmt: skip


def test_refused_proposal_keeps_what_was_typed(at: datetime) -> None:
    market = cast.market(at)
    review = desk.queued(market.vendor, at)
    maker = browser(market.desk.maker)

    page = maker.post(f"/reviews/{review.pk}/refuse", {"note": " ", "internal_note": SECRET})

    assert page.status_code == 200
    assert SECRET in page.content.decode()
    assert "say what the vendor has to know" in shown(page)
    assert Review.objects.get(pk=review.pk).state == "QUEUED"
    assert not ReviewNote.objects.exists()


def test_differences_are_told_field_by_field(at: datetime) -> None:
    market = cast.market(at)
    content = market.version.content
    use = content["permitted_use"]
    dictionary = [
        {**content["dictionary"][0], "type": "integer"},
        {"name": "flow", "type": "decimal", "meaning": "m3/s", "sensitivity": "none"},
    ]
    plans = [
        {**cast.STANDING, "price_minor": 130_000},
        {**cast.STANDING, "code": "P9", "title": "For a year"},
    ]
    draft = next_draft(
        market,
        dictionary=dictionary,
        permitted_use={
            **use,
            "purposes": [*use["purposes"][1:], "public_governance"],
            "territories": ["*"],
            "redistribution": True,
        },
        plans=plans,
    )
    desk.submit(draft, market.vendor, at)
    review = Review.objects.filter(version=draft).first()
    assert review is not None, desk.said(Version.objects.get(pk=draft.pk))

    page = browser(market.desk.maker).get(f"/reviews/{review.pk}").content.decode()
    table = page[page.index('id="differences"') :].partition("</table>")[0]
    rows = [
        [re.sub(r"\s+", " ", text_of(cell)).strip() for cell in re.findall(
            r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2], re.DOTALL)
    ]  # fmt: skip
    said = {(row[0], row[1]): row[2:] for row in rows}

    station, level = (field["name"] for field in content["dictionary"])
    assert said[f"Field “{station}” · Type", "changed"] == ["Text", "Whole number"]
    assert said["Field “flow”", "added"][0] == "–"
    assert said[f"Field “{level}”", "removed"][1] == "–"
    assert said[f"Plan “{cast.STANDING['code']}” · Price", "changed"] == [
        "¥ 1,200.00",
        "¥ 1,300.00",
    ]
    assert ("Plan “P9”", "added") in said
    assert ("Territories", "widened") in said
    assert ("Purposes", "narrowed") in said
    assert ("Purposes", "widened") in said
    assert ("Passing on permitted", "widened") in said


def test_absence_is_noted_and_cancelled_on_its_page(at: datetime) -> None:
    market = cast.market(at)
    review = desk.queued(market.vendor, at)
    services.take_review(review_id=review.pk, actor=market.desk.maker, at=at)
    maker, senior = browser(market.desk.maker), browser(market.desk.senior)
    day = at.date()
    form = {
        "first_day": (day - timedelta(days=1)).isoformat(),
        "last_day": (day + timedelta(days=3)).isoformat(),
        "stand_in": str(market.desk.checker.membership_id),
        "note": "",
    }

    wrong = maker.post("/absences/note", {**form, "last_day": "2025-01-01"})
    assert wrong.status_code == 200
    assert "must not be before the first day" in shown(wrong)
    assert not Absence.objects.exists()
    maker.post("/absences/note", form)

    page = shown(senior.get("/absences"))
    assert "1 case is with a reviewer who is away." in page
    assert f"/reviews/{review.pk}" in senior.get("/reviews?view=absent").content.decode()
    assert "stands in" in shown(senior.get(f"/reviews/{review.pk}"))
    absence = Absence.objects.get()
    browser(market.desk.checker).post(f"/absences/{absence.pk}/cancel")
    assert Absence.objects.get().state == "NOTED"
    maker.post(f"/absences/{absence.pk}/cancel")
    assert Absence.objects.get().state == "CANCELLED"


def test_desk_is_the_reviewers_alone(at: datetime) -> None:
    market = cast.market(at)
    for member in (market.vendor, market.buyer, market.desk.author):
        for address in ("/reviews", "/absences"):
            assert browser(member).get(address).status_code == 403


@pytest.mark.parametrize("address", ["/reviews", "/reviews?view=mine", "/absences"])
def test_desk_takes_as_many_queries_for_one_case_as_for_many(at: datetime, address: str) -> None:
    market = cast.market(at)

    def more() -> None:
        review = desk.queued(market.vendor, at)
        services.take_review(review_id=review.pk, actor=market.desk.maker, at=at)

    more()
    client = browser(market.desk.maker)
    few = counted(client, address)
    for _ in range(4):
        more()

    assert few == counted(client, address) <= 14


def test_review_takes_as_many_queries_however_much_is_written(at: datetime) -> None:
    market = cast.market(at)
    review = desk.queued(market.vendor, at)
    address, client = f"/reviews/{review.pk}", browser(market.desk.maker)
    services.note_review(
        review_id=review.pk, audience="venue", text="one", actor=market.desk.maker, at=at
    )
    few = counted(client, address)
    for number in range(5):
        services.note_review(
            review_id=review.pk, audience="venue", text=f"{number}", actor=market.desk.senior, at=at
        )
        desk.queued(market.vendor, at)

    assert few == counted(client, address) <= 34

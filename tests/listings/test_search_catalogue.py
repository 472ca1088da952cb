"""The catalogue: found in both languages, paged by key, capped; nothing hidden is found."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.actors import SYSTEM, Member
from core.errors import Malformed, NotFound
from core.models import Capacity
from listings import selectors, services
from listings.errors import VersionNotListed
from listings.models import CatalogueEntry, Version
from listings.selectors import CatalogueQuery, catalogue
from listings.terms import question_terms, text_terms
from tests import make
from tests.conftest import AT
from tests.listings import cast


def found(at: datetime = AT, **asked: Any) -> list[str]:
    page = selectors.catalogue_page(CatalogueQuery(**asked), at=at)
    return [card.title_zh or card.title_en for card in page.cards]


def entry(vendor: Member, zh: str = "", en: str = "", minutes: int = 0, **changes: Any) -> Any:
    return cast.shown(
        vendor,
        AT + timedelta(minutes=minutes),
        title={"zh": zh, "en": en},
        summary={"zh": zh, "en": en or "x"},
        description={},
        dictionary=[{"name": "f", "type": "text"}],
        topic=None,
        industry=changes.pop("industry", None),
        **changes,
    )


def test_text_is_cut_into_characters_bigrams_and_words() -> None:
    assert text_terms(["数据集 Datasets 5G网络", None, "数据"]) == [
        "数",
        "据",
        "集",
        "数据",
        "据集",
        "dataset",
        "5g",
        "网",
        "络",
        "网络",
    ]


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("气象", ["气象"]),
        ("气", ["气"]),
        ("气象站", ["气象", "象站"]),
        ("Company  CREDIT", ["company", "credit"]),
        ("companies", ["company"]),
        ("％（）''&|!:*", []),
        ("ＡＰＩ", ["api"]),
        ("it's", ["it", "s"]),
    ],
)
def test_question_is_cut_in_the_same_way(question: str, terms: list[str]) -> None:
    assert question_terms(question) == terms


def test_two_characters_and_two_words_find_newest_first(db: None) -> None:
    vendor = make.vendor(AT)
    entry(vendor, zh="气象站日报", minutes=1)
    entry(vendor, zh="气象预警", minutes=2)
    entry(vendor, zh="企业信用", en="Company credit scores", minutes=3)
    entry(vendor, zh="象棋气氛", minutes=4)

    assert found(q="气象") == ["气象预警", "气象站日报"]
    assert found(q="象") == ["象棋气氛", "气象预警", "气象站日报"]
    assert found(q="credit companies") == ["企业信用"]
    assert found(q="企业 credit") == ["企业信用"]
    assert found(q="credit weather") == []
    assert found(q="''&!") == []
    assert len(found()) == 4


def test_filters_narrow_what_is_found(db: None) -> None:
    vendor, other = make.vendor(AT), make.vendor(AT)
    entry(vendor, zh="甲", industry="J66", form="api", minutes=1)
    entry(vendor, zh="乙", industry="N", plans=[{**cast.CONFIRM, "price_minor": 9_999}], minutes=2)
    entry(
        other,
        zh="丙",
        plans=[{"code": "F", "kind": "free", "offer_mode": "standing"}],
        permitted_use={**cast.content(None)["permitted_use"], "territories": ["CN-SH", "HK"]},
        minutes=3,
    )

    assert found(section="J") == ["甲"]
    assert found(form="api") == ["甲"]
    assert found(offer_mode="confirm") == ["乙"]
    assert found(price_band="under_100") == ["乙"]
    assert found(price_band="free") == ["丙"]
    assert found(purpose="research") == ["丙", "乙", "甲"]
    assert found(purpose="marketing") == []
    assert found(vendor=other.organisation_id) == ["丙"]
    assert found(territory="CN-SH") == ["丙", "乙", "甲"]
    assert found(territory="CN-BJ") == ["乙", "甲"]
    assert found(territory="CN-HK") == ["丙"]


def hide_by_suspending(made: CatalogueEntry, vendor: Member) -> None:
    cast.suspend(vendor)


def hide_by_capacity(made: CatalogueEntry, vendor: Member) -> None:
    rows = Capacity.objects.filter(organisation=vendor.organisation_id, kind="vendor")
    rows.update(state="SUSPENDED")


def hide_by_delisting(made: CatalogueEntry, vendor: Member) -> None:
    services.delist_version(version_id=made.version_id, reason="", actor=vendor, at=AT)


def hide_by_withdrawing(made: CatalogueEntry, vendor: Member) -> None:
    assert services.withdraw_entry(version_ids=[made.version_id]) == 1


def hide_by_suspending_the_version(made: CatalogueEntry, vendor: Member) -> None:
    services.suspend_version(version_id=made.version_id, reason="", actor=SYSTEM, at=AT)


def hide_by_time(made: CatalogueEntry, vendor: Member) -> None:
    services.publish_entry(version_id=made.version_id, live_until=AT, at=AT)


@pytest.mark.parametrize(
    "hide",
    [
        hide_by_suspending,
        hide_by_capacity,
        hide_by_delisting,
        hide_by_withdrawing,
        hide_by_suspending_the_version,
        hide_by_time,
    ],
)
def test_what_a_visitor_may_not_see_is_neither_found_nor_counted(db: None, hide: Any) -> None:
    vendor = make.vendor(AT)
    made = entry(vendor, zh="隐藏数据")
    assert found(q="隐藏") == ["隐藏数据"]

    hide(made, vendor)

    assert found(q="隐藏") == found() == []
    count = selectors.catalogue_count(CatalogueQuery(), AT)
    assert (count.count, count.capped) == (0, False)
    assert all(facet == () for facet in count.facets.values())
    with pytest.raises(NotFound):
        selectors.visible_product(made.product_id, AT)
    with pytest.raises(NotFound):
        selectors.visible_sample(made.product_id, AT)


def test_draft_has_no_entry_and_can_be_given_none(db: None) -> None:
    vendor = make.vendor(AT)
    version = cast.in_review(vendor, AT)
    shown = entry(vendor, zh="已上架")

    with cast.refused(VersionNotListed):
        services.publish_entry(version_id=version.pk, live_until=AT + timedelta(days=1), at=AT)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE listings_catalogueentry SET version_id = %s WHERE version_id = %s",
            [version.pk, shown.pk],
        )

    assert found() == ["已上架"]


def test_published_again_the_entry_is_the_same_one(db: None) -> None:
    made = entry(make.vendor(AT), zh="气象")
    later = AT + timedelta(days=400)

    services.publish_entry(version_id=made.version_id, live_until=later, at=AT)

    assert CatalogueEntry.objects.values_list("live_until", flat=True).get() == later


def test_pages_follow_each_other_by_key(db: None) -> None:
    vendor = make.vendor(AT)
    for minute in range(5):
        entry(vendor, zh=f"第{minute}号", minutes=minute)

    seen, after = [], ""
    for _page in range(3):
        page = selectors.catalogue_page(CatalogueQuery(q="号"), at=AT, after=after, size=2)
        seen.append([card.title_zh for card in page.cards])
        after = page.after or ""

    assert seen == [["第4号", "第3号"], ["第2号", "第1号"], ["第0号"]]
    assert after == ""


@pytest.mark.parametrize("after", ["x", "eA==", "MjAyNi0wMS0wMXx4", "数", "\x00"])
def test_place_that_no_page_gave_out_is_refused(db: None, after: str) -> None:
    with pytest.raises(Malformed):
        selectors.catalogue_page(CatalogueQuery(), at=AT, after=after)


def test_counts_stop_at_the_cap(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "CAP", 2)
    vendor = make.vendor(AT)
    for form in ("api", "dataset"):
        entry(vendor, zh="气象", form=form)

    whole = selectors.catalogue_count(CatalogueQuery(q="气象"), AT)
    entry(vendor, zh="气象", minutes=1, form="report")
    capped = selectors.catalogue_count(CatalogueQuery(q="气象"), AT)

    assert (whole.count, whole.capped) == (2, False)
    assert [(f.value, f.count) for f in whole.facets["form"]] == [("api", 1), ("dataset", 1)]
    assert (capped.count, capped.capped) == (2, True)
    assert [f.value for f in capped.facets["price_band"]] == ["under_10000"]


def test_page_takes_two_statements_whatever_it_shows(db: None) -> None:
    vendor = make.vendor(AT)
    statements = []
    for minute in range(3):
        entry(vendor, zh=f"气象{minute}", minutes=minute)
        with CaptureQueriesContext(connection) as queries:
            selectors.catalogue_page(CatalogueQuery(q="气象"), at=AT)
        statements.append(len(queries))

    assert statements == [2, 2, 2]


def test_offer_takes_three_statements_whatever_it_holds(db: None) -> None:
    made = entry(make.vendor(AT), zh="气象", plans=[cast.STANDING, {**cast.STANDING, "code": "B"}])

    with CaptureQueriesContext(connection) as queries:
        offer = selectors.visible_product(made.product_id, AT)
        plans = [plan.code for plan in offer.version.plans.all()]

    assert plans == ["B", "P1"]
    assert len(queries) == 3


@pytest.mark.parametrize(
    ("plans", "price", "band"),
    [
        ([cast.STANDING], 120_000, "under_10000"),
        ([cast.STANDING, {"code": "F", "kind": "free", "offer_mode": "standing"}], 0, "free"),
        ([{"code": "N", "kind": "negotiated", "offer_mode": "negotiated"}], None, "negotiated"),
        (
            [{**cast.STANDING, "kind": "per_call", "price_minor": 1, "per_count": 1_000}],
            1,
            "under_100",
        ),
        ([{**cast.STANDING, "price_minor": 10_000_000}], 10_000_000, "over"),
        ([{**cast.STANDING, "currency": "JPY", "price_minor": 99}], 99, "under_100"),
    ],
)
def test_lowest_price_is_shown_and_a_priced_plan_is_never_free(
    db: None, plans: list, price: int | None, band: str
) -> None:
    made = entry(make.vendor(AT), zh="气象", plans=plans)

    assert (made.price_from_minor, made.price_band) == (price, band)


def test_lowest_price_is_kept_with_what_it_is_for(db: None) -> None:
    records = {**cast.STANDING, "kind": "per_call", "unit": "record", "per_count": 1_000}
    monthly = {**cast.STANDING, "code": "M", "kind": "subscription", "period_days": 30}
    negotiated = {"code": "N", "kind": "negotiated", "offer_mode": "negotiated"}
    vendor = make.vendor(AT)

    per_records = entry(vendor, zh="气象", plans=[negotiated, monthly, records])
    none = entry(vendor, zh="水位", plans=[negotiated])

    assert per_records.price_terms == {
        "kind": "per_call",
        "price_minor": 120_000,
        "unit": "record",
        "per_count": 1_000,
        "period_days": None,
    }
    assert none.price_terms == {}


def test_terms_column_has_its_statistics(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attstattarget FROM pg_attribute "
            "WHERE attrelid = 'listings_catalogueentry'::regclass AND attname = 'terms'"
        )
        assert cursor.fetchone() == (2000,)


def test_search_uses_the_index(db: None) -> None:
    entry(make.vendor(AT), zh="气象")
    rows = selectors.found_entries(CatalogueQuery(q="气象"), AT)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        plan = rows.explain()

    assert "entry_terms" in plan


def test_entry_goes_when_its_version_is_superseded(db: None) -> None:
    vendor = make.vendor(AT)
    first = entry(vendor, zh="旧版")
    second = services.draft_version(product_id=first.product_id, actor=vendor, at=AT)
    services.submit_version(version_id=second.pk, actor=vendor, at=AT)
    services.mark_screened(version_ids=[second.pk], verdict="screen", actor=SYSTEM, at=AT)
    services.list_version(version_id=second.pk, actor=SYSTEM, at=AT)

    assert found() == []
    assert Version.objects.get(pk=first.pk).state == "DELISTED"

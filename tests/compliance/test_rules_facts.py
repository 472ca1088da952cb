"""Facts: what a content document and its sample say, with unknown kept unknown."""

from typing import Any

import pytest

from compliance.facts import (
    ListingFacts,
    ScanFacts,
    facts_from_content,
    listing_from_document,
    outside_mainland,
    reaches_abroad,
    to_context,
    to_document,
)

NO_FILE = ScanFacts(state="no_file")
SOURCE = {
    "name": "own sensors",
    "data_class": "enterprise",
    "origin": "generated",
    "legal_basis": "own_generation",
    "disputed": False,
    "resale_forbidden": False,
}


def facts(scan: ScanFacts | None = NO_FILE, **content: Any) -> ListingFacts:
    return facts_from_content({"sources": [SOURCE], **content}, scan=scan)


def source(**changed: Any) -> dict[str, Any]:
    return {**SOURCE, **changed}


def test_an_empty_document_is_known_to_say_nothing() -> None:
    empty = facts_from_content({})

    context = to_context(empty)

    assert context["special"] == {}
    assert context["sources"] == {"count": 0}
    assert empty.product.data_class is None
    assert empty.personal.present is None


@pytest.mark.parametrize(
    ("grade", "known", "pending"),
    [("core", "core", False), ("pending", None, True), (None, None, False), ("odd", None, False)],
)
def test_a_pending_grade_is_unknown(grade: Any, known: str | None, pending: bool) -> None:
    product = facts(grade=grade).product

    assert (product.grade, product.grade_pending) == (known, pending)


@pytest.mark.parametrize(
    ("classes", "strictest"),
    [
        (["public"], "public"),
        (["public", "enterprise"], "enterprise"),
        (["enterprise", "personal", None], "personal"),
        (["public", None], None),
        ([], None),
    ],
)
def test_the_strictest_class_wins_and_a_missing_one_could_be_stricter(
    classes: list[str | None], strictest: str | None
) -> None:
    sources = [source(data_class=one) for one in classes]

    assert facts(sources=sources).product.data_class == strictest


def test_one_source_is_enough_and_one_silent_source_is_not_a_no() -> None:
    crawled = facts(sources=[source(), source(origin="scraped")])
    silent = facts(sources=[source(), source(origin=None)])

    assert crawled.sources.any_scraped is True
    assert silent.sources.any_scraped is None
    assert facts().sources.any_scraped is False


@pytest.mark.parametrize(
    ("changed", "outside"),
    [
        ({"opened": True}, False),
        ({"opened": False}, True),
        ({"opened": None}, None),
        ({"opened": False, "origin": "authorised_operation"}, False),
        ({"opened": False, "legal_basis": "authorised_operation"}, False),
        ({"opened": False, "origin": "open"}, False),
        ({"opened": False, "data_class": "enterprise"}, False),
        ({"opened": False, "data_class": None}, None),
    ],
)
def test_public_data_have_two_lawful_channels(changed: dict[str, Any], outside: Any) -> None:
    sources = [source(**{"data_class": "public", **changed})]

    assert facts(sources=sources).sources.any_public_outside_channels is outside


@pytest.mark.parametrize(
    ("content", "scan"),
    [
        ({"personal": {"contains": True}}, NO_FILE),
        ({"personal": {"contains": False, "categories": ["contact"]}}, NO_FILE),
        ({"sources": [source(data_class="personal")]}, NO_FILE),
        ({"dictionary": [{"name": "a", "sensitivity": "personal"}]}, NO_FILE),
        ({}, ScanFacts(state="done", rows=10, kinds=("mobile",))),
    ],
)
def test_personal_information_shows_in_many_ways(content: dict[str, Any], scan: ScanFacts) -> None:
    assert facts(scan, **content).personal.present is True


@pytest.mark.parametrize(
    ("content", "scan", "present"),
    [
        ({"personal": {"contains": False}}, NO_FILE, False),
        ({"personal": {"contains": False}}, None, None),
        ({"personal": {"contains": False}}, ScanFacts(state="failed"), None),
        ({"personal": {"contains": False}, "sources": [source(data_class=None)]}, NO_FILE, None),
        ({}, ScanFacts(state="done", rows=10, kinds=("landline", "social_credit_code")), False),
    ],
)
def test_a_bare_no_does_not_make_personal_information_absent(
    content: dict[str, Any], scan: ScanFacts | None, present: bool | None
) -> None:
    assert facts(scan, **content).personal.present is present


def test_sensitive_kinds_follow_from_categories_scan_and_age() -> None:
    stated = {"contains": True, "categories": ["health", "whereabouts", "contact"]}
    scan = ScanFacts(state="done", rows=5, kinds=("bank_card",))

    personal = facts(scan, personal={**stated, "minors": True}).personal

    assert personal.sensitive_kinds == (
        "health",
        "financial_account",
        "whereabouts",
        "minor_under_14",
    )
    assert (personal.sensitive, personal.minors) == (True, True)
    assert facts(personal={"contains": True}).personal.sensitive is None
    contacts = facts(personal={"contains": True, "categories": ["contact"]}).personal
    assert (contacts.sensitive_kinds, contacts.sensitive) == ((), False)


@pytest.mark.parametrize(
    ("categories", "counts"),
    [
        (["whereabouts"], (700, 0, 700)),
        (["health"], (0, 700, 700)),
        (["contact"], (0, 0, 700)),
        (["credit", "transactions"], (700, 700, 700)),
        ([], (None, None, 700)),
    ],
)
def test_records_are_counted_for_the_groups_of_the_criminal_law(
    categories: list[str], counts: tuple[int | None, ...]
) -> None:
    stated = {"contains": True, "categories": categories, "subjects_count": 500}

    personal = facts(personal=stated, volume={"records": 700}).personal

    assert (personal.grave_count, personal.serious_count, personal.other_count) == counts


@pytest.mark.parametrize(
    ("stated", "valid"),
    [
        ({"consent_basis": "none"}, False),
        ({"consent_basis": "separate_consent"}, True),
        ({"consent_basis": None}, None),
        ({"consent_basis": "none", "anonymised": True}, None),
        ({"consent_basis": "none", "anonymised": False}, False),
    ],
)
def test_a_basis_is_stated_denied_or_not_needed(stated: dict[str, Any], valid: Any) -> None:
    assert facts(personal={"contains": True, **stated}).personal.basis_valid is valid


@pytest.mark.parametrize(
    ("content", "scan", "contradiction"),
    [
        ({}, ScanFacts(state="done", rows=9, kinds=("mobile",)), "scan_finds_personal"),
        ({}, ScanFacts(state="done", rows=9, kinds=("resident_id",)), "scan_finds_identity"),
        (
            {"personal": {"contains": True, "anonymised": True}},
            ScanFacts(state="done", rows=9, kinds=("bank_card",)),
            "scan_finds_identifier_in_anonymised",
        ),
        (
            {"dictionary": [{"name": "x", "sensitivity": "sensitive"}]},
            NO_FILE,
            "dictionary_has_personal",
        ),
        ({"sources": [source(data_class="personal")]}, NO_FILE, "source_class_is_personal"),
        ({"dictionary": [{"name": "联系电话"}]}, NO_FILE, "names_look_personal"),
        ({"summary": {"zh": "含用户身份证信息"}}, NO_FILE, "text_names_identifiers"),
        ({"grade": "general", "title": {"zh": "国家核心数据集"}}, NO_FILE, "text_says_core"),
        (
            {"grade": "general", "title": {"zh": "已列为重要数据"}},
            NO_FILE,
            "text_says_important",
        ),
        ({"title": {"en": "Web crawl of shops"}}, NO_FILE, "text_says_scraped"),
        ({"title": {"zh": "政务数据集合"}}, NO_FILE, "text_says_public"),
        (
            {"title": {"zh": "基因测序结果"}, "special": {"human_genetic": False}},
            NO_FILE,
            "text_says_genetic",
        ),
        (
            {"title": {"zh": "个人征信评分"}, "special": {"credit_reporting": False}},
            NO_FILE,
            "text_says_personal_credit",
        ),
        (
            {"title": {"zh": "城市街景"}, "special": {"public_place_images": False}},
            NO_FILE,
            "text_says_public_images",
        ),
        (
            {
                "title": {"zh": "客户名单"},
                "special": {"trade_secret": False, "third_party_ip": False},
            },
            NO_FILE,
            "text_says_third_party",
        ),
    ],
)
def test_what_is_stated_and_what_shows_are_compared(
    content: dict[str, Any], scan: ScanFacts, contradiction: str
) -> None:
    stated = {"personal": {"contains": False}, **content}

    assert contradiction in (facts(scan, **stated).text.contradictions or ())


@pytest.mark.parametrize(
    ("territory", "outside"),
    [
        ("CN", False),
        ("CN-SH", False),
        ("CN-HK", True),
        ("HK", True),
        ("MO", True),
        ("TW", True),
        ("SG", True),
        ("*", True),
    ],
)
def test_the_mainland_is_cn_without_hong_kong_macao_and_taiwan(
    territory: str, outside: bool
) -> None:
    assert outside_mainland(territory) is outside


@pytest.mark.parametrize(
    ("territory", "country", "abroad"),
    [
        ("CN", "CN", False),
        ("CN", "SG", True),
        ("HK", "CN", True),
        ("HK", None, True),
        ("CN", None, None),
        (None, "CN", None),
    ],
)
def test_an_order_reaches_abroad_by_its_territory_or_its_buyer(
    territory: str | None, country: str | None, abroad: bool | None
) -> None:
    assert reaches_abroad(territory, country) is abroad


@pytest.mark.parametrize("wrong", [5, "yes", [], {}, None, [None], 1.5, {"contains": "no"}])
def test_a_value_of_the_wrong_type_is_unknown_and_no_crash(wrong: Any) -> None:
    names = ("title", "personal", "special", "sources", "dictionary", "permitted_use", "volume")
    names += ("grade", "industry", "form", "delivery_modes")

    known = facts_from_content(dict.fromkeys(names, wrong), scan=NO_FILE)

    assert known.personal.declared is None
    assert known.product.grade is None
    assert listing_from_document(to_document(known)) == known

"""The gate: an order is refused for everything that is not known to be permitted."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import compliance
from compliance.facts import BuyerFacts, ClearedFacts, OrderFacts, TermsFacts
from compliance.gate import Exporter, facts_of_order, judge
from compliance.rules import ORDINARY_ORDER, Checklist, compile_checklist, verdict
from listings.content import inside

MOMENT = datetime(2026, 11, 23, 4, tzinfo=UTC)
PATH = Path(compliance.__file__).parent / "checklists" / "2026.3.json"

PERSONAL: dict[str, Any] = {
    "personal": True,
    "data_class": "personal",
    "consent_basis": "separate_consent",
    "subjects_count": 500,
}
DOMESTIC = Exporter()
KNOWN = Exporter(
    critical_operator=False,
    zone="",
    greater_bay=False,
    overseas_origin_only=False,
    persons=0,
    sensitive_persons=0,
)
ABROAD: dict[str, Any] = {
    "cleared": {"territories": ("*",)},
    "order": {"territory": "SG", "foreign_judicial_request": False},
}


@pytest.fixture(scope="module")
def checklist() -> Checklist:
    return compile_checklist(json.loads(PATH.read_text(encoding="utf-8")))


def order(
    *,
    cleared: dict[str, Any] | None = None,
    order: dict[str, Any] | None = None,
    buyer: dict[str, Any] | None = None,
    exporter: Exporter = DOMESTIC,
) -> OrderFacts:
    """The ordinary order with some facts changed and the rest derived anew."""
    return facts_of_order(
        cleared=replace(ORDINARY_ORDER.cleared, **(cleared or {})),
        order=replace(ORDINARY_ORDER.order, **(order or {})),
        buyer=replace(ORDINARY_ORDER.buyer, **(buyer or {})),
        exporters=(exporter,),
        together=ORDINARY_ORDER.together,
        at=MOMENT,
    )


def refusals(facts: OrderFacts, checklist: Checklist, *evidence: str) -> list[str]:
    findings = judge(facts, checklist, at=MOMENT, evidence_keys=evidence)
    return sorted({one.refusal for one in findings if one.blocks})


def test_the_ordinary_order_passes(checklist: Checklist) -> None:
    facts = order()

    assert judge(facts, checklist, at=MOMENT) == ()
    assert facts == replace(ORDINARY_ORDER, export=replace(facts.export))


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"order": {"purpose": "marketing"}}, "use-not-permitted"),
        ({"order": {"territory": "HK"}}, "territory-not-permitted"),
        ({"order": {"term_days": 366}}, "term-too-long"),
        ({"order": {"redistribution": True}}, "redistribution-not-permitted"),
        (
            {"order": {"derivation": True}, "cleared": {"derivation": False}},
            "derivation-not-permitted",
        ),
        ({"cleared": {"buyer_types": ("government",)}}, "buyer-not-permitted"),
        ({"buyer": {"is_venue": True}}, "venue-cannot-trade"),
        ({"buyer": {"is_vendor": True}}, "self-dealing"),
        ({"buyer": {"is_supplier": True}}, "self-dealing"),
        ({"buyer": {"active": False}}, "buyer-not-admitted"),
        ({"cleared": PERSONAL}, "confirmation-needed"),
        ({"cleared": {"grade": "important"}}, "confirmation-needed"),
        ({"order": {"price_differs": True}}, "price-not-equal"),
    ],
)
def test_what_is_not_permitted_is_refused_with_its_code(
    checklist: Checklist, changed: dict[str, Any], refusal: str
) -> None:
    assert refusal in refusals(order(**changed), checklist)


@pytest.mark.parametrize(
    "changed",
    [
        {"cleared": {"purposes": None}},
        {"cleared": {"territories": None}},
        {"cleared": {"term_days": None}},
        {"cleared": {"grade": None}},
        {"cleared": {"personal": None}},
        {"order": {"redistribution": None}},
        {"order": {"derivation": None}, "cleared": {"derivation": None}},
        {"buyer": {"kind": None}, "cleared": {"buyer_types": ("enterprise",)}},
        {"buyer": {"is_venue": None}},
        {"buyer": {"active": None}},
        {"buyer": {"country": None}},
        {"order": {"price_differs": None}},
    ],
)
def test_what_is_not_known_is_refused_as_unknown(
    checklist: Checklist, changed: dict[str, Any]
) -> None:
    assert refusals(order(**changed), checklist) == ["unknown-fact"]


def test_several_reasons_are_all_told(checklist: Checklist) -> None:
    facts = order(order={"purpose": "marketing", "term_days": 999}, buyer={"is_venue": True})

    assert refusals(facts, checklist) == [
        "term-too-long",
        "use-not-permitted",
        "venue-cannot-trade",
    ]


@pytest.mark.parametrize(
    ("territory", "permitted", "expected"),
    [
        ("CN", "CN", True),
        ("CN-SH", "CN", True),
        ("CN", "CN-SH", False),
        ("CN-SH", "CN-SH", True),
        ("CN-SH", "CN-GD", False),
        ("HK", "CN", False),
        ("CN-HK", "CN", False),
        ("MO", "CN", False),
        ("TW", "CN", False),
        ("CN-TW", "CN", False),
        ("HK", "HK", True),
        ("CN-HK", "HK", True),
        ("HK", "CN-HK", True),
        ("SG", "CN", False),
        ("US-CA", "US", True),
        ("CN", "*", True),
        ("SG", "*", True),
        ("*", "*", True),
        ("*", "CN", False),
        ("CNX", "CN", False),
    ],
)
def test_a_territory_lies_inside_the_one_that_covers_it(
    territory: str, permitted: str, expected: bool
) -> None:
    assert inside(territory, permitted) is expected


def test_resale_is_passing_on_even_if_the_buyer_does_not_say_so(checklist: Checklist) -> None:
    resale = {"purposes": ("resale",), "redistribution": False}

    refused = order(cleared=resale, order={"purpose": "resale"})
    permitted = order(cleared={**resale, "redistribution": True}, order={"purpose": "resale"})

    assert refusals(refused, checklist) == ["redistribution-not-permitted"]
    assert refusals(permitted, checklist) == []


def test_personal_information_is_not_sold_for_resale(checklist: Checklist) -> None:
    facts = order(
        cleared={**PERSONAL, "purposes": ("resale",), "redistribution": True},
        order={"purpose": "resale", "offer_mode": "confirm"},
    )

    assert refusals(facts, checklist) == ["personal-data-resale"]


@pytest.mark.parametrize("purpose", ["public_governance", "public_welfare"])
def test_public_data_are_free_for_governance_and_welfare(
    checklist: Checklist, purpose: str
) -> None:
    public = {"public": True, "purposes": (purpose,)}

    charged = order(cleared=public, order={"purpose": purpose, "total_minor": 1})
    free = order(cleared=public, order={"purpose": purpose, "total_minor": 0})
    enterprise = order(cleared={"purposes": (purpose,)}, order={"purpose": purpose})

    assert refusals(charged, checklist) == ["public-data-must-be-free"]
    assert refusals(free, checklist) == []
    assert refusals(enterprise, checklist) == []


def test_a_recorded_reason_lifts_a_different_price(checklist: Checklist) -> None:
    facts = order(order={"price_differs": True, "price_reason": "actual_need_custom"})

    assert refusals(facts, checklist) == []


def test_any_kind_of_buyer_is_permitted_where_none_is_named(checklist: Checklist) -> None:
    assert refusals(order(buyer={"kind": None}), checklist) == []


def test_enterprise_data_go_abroad_where_the_listing_permits_it(checklist: Checklist) -> None:
    facts = order(**ABROAD, exporter=KNOWN)

    assert (facts.export.outbound, facts.export.path) == (True, "free")
    assert refusals(facts, checklist) == []


def test_enterprise_data_need_no_facts_of_the_exporter(checklist: Checklist) -> None:
    assert refusals(order(**ABROAD), checklist) == []


def test_a_foreign_buyer_takes_the_data_abroad_wherever_he_says(checklist: Checklist) -> None:
    facts = order(
        cleared={"export_controlled": True},
        buyer={"country": "SG", "foreign_controlled": True},
        exporter=KNOWN,
    )

    assert facts.export.outbound is True
    assert refusals(facts, checklist) == ["export-not-cleared"]
    assert refusals(facts, checklist, "export_licence") == []


@pytest.mark.parametrize(
    ("subjects", "sensitive", "so_far", "path"),
    [
        (99_999, False, (0, 0), "free_with_duties"),
        (100_000, False, (0, 0), "standard_contract_or_certification"),
        (1, False, (99_999, 0), "standard_contract_or_certification"),
        (1, False, (999_999, 0), "security_assessment"),
        (1, True, (0, 0), "standard_contract_or_certification"),
        (1, True, (0, 9_999), "security_assessment"),
    ],
)
def test_the_order_is_added_to_the_exporters_year(
    subjects: int, sensitive: bool, so_far: tuple[int, int], path: str
) -> None:
    exporter = replace(KNOWN, persons=so_far[0], sensitive_persons=so_far[1])
    cleared = {**PERSONAL, "subjects_count": subjects, "sensitive": sensitive}

    facts = order(
        cleared={**cleared, "territories": ("*",)}, order=ABROAD["order"], exporter=exporter
    )

    assert facts.export.path == path


def test_personal_information_abroad_with_an_unknown_count_is_held(checklist: Checklist) -> None:
    facts = order(
        cleared={**PERSONAL, "territories": ("*",)},
        order={**ABROAD["order"], "offer_mode": "confirm"},
        exporter=replace(KNOWN, persons=None),
    )

    assert facts.export.path is None
    assert facts.export.missing == ("persons",)
    assert refusals(facts, checklist) == ["unknown-fact"]


def test_each_path_abroad_is_opened_by_its_own_evidence(checklist: Checklist) -> None:
    facts = order(
        cleared={**PERSONAL, "subjects_count": 200_000, "territories": ("*",)},
        order={**ABROAD["order"], "offer_mode": "confirm"},
        exporter=KNOWN,
    )

    assert refusals(facts, checklist) == ["export-not-cleared"]
    assert refusals(facts, checklist, "cac_security_assessment") == ["export-not-cleared"]
    assert refusals(facts, checklist, "standard_contract_filed") == []
    assert refusals(facts, checklist, "certification") == []


def test_important_data_abroad_need_the_assessment_whatever_else_is_filed(
    checklist: Checklist,
) -> None:
    facts = order(
        cleared={"grade": "important", "territories": ("*",)},
        order={**ABROAD["order"], "offer_mode": "confirm"},
        exporter=KNOWN,
    )

    assert refusals(facts, checklist, "standard_contract_filed") == ["export-not-cleared"]
    assert refusals(facts, checklist, "cac_security_assessment") == []


def test_an_operator_may_use_but_not_redevelop_what_it_delivered(checklist: Checklist) -> None:
    public = {"public": True}
    operator = {"public_data_operator": True}

    use = order(cleared=public, buyer=operator)
    redevelop = order(cleared=public, buyer=operator, order={"purpose": "product_development"})

    assert refusals(use, checklist) == []
    assert refusals(redevelop, checklist) == ["operator-redevelopment"]


def test_nothing_known_at_all_is_refused(checklist: Checklist) -> None:
    facts = facts_of_order(
        cleared=ClearedFacts(), order=TermsFacts(), buyer=BuyerFacts(), at=MOMENT
    )

    findings = judge(facts, checklist, at=MOMENT)

    assert verdict(findings) == "unknown"
    assert {one.status for one in findings} == {"unknown"}


def test_an_order_is_judged_in_well_under_a_millisecond(checklist: Checklist) -> None:
    """A guard against a change of kind, not a measure: the bound is ten times what it takes."""
    best = 1.0
    for _ in range(20):
        before = time.process_time()
        for _ in range(20):
            judge(order(), checklist, at=MOMENT)
        best = min(best, (time.process_time() - before) / 20)

    assert best < 0.001

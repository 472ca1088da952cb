"""The cross-border table: what each flow has to do first, and that unknown never sets one free."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from compliance.cross_border import (
    DUTIES,
    Exemption,
    FlowFacts,
    NoTable,
    Path,
    ZoneFacts,
    decide,
    table_on,
)
from compliance.facts.vocabulary import EXPORT_PATHS

DAY = date(2026, 11, 23)
# A flow abroad of data that are nothing in particular, from an exporter who is nobody special.
PLAIN = FlowFacts(
    outbound=True,
    state_secret=False,
    core_data=False,
    export_controlled=False,
    foreign_judicial_request=False,
    regimes=frozenset(),
    recipient_listed=False,
    important_data=False,
    personal=False,
    overseas_origin_only=False,
    exemption=Exemption.NONE,
    critical_operator=False,
    zone=None,
    greater_bay_pair=False,
    persons=0,
    sensitive_persons=0,
)
PERSONAL = replace(PLAIN, personal=True)
ZONE = ZoneFacts("CN-SH", registered=True, field_covered=True, data_in_list=False)


@pytest.mark.parametrize(
    ("flow", "path"),
    [
        (replace(PLAIN, outbound=False), Path.NOT_EXPORT),
        (replace(PLAIN, important_data=True), Path.SECURITY_ASSESSMENT),
        (replace(PLAIN, critical_operator=True), Path.FREE),
        (replace(PERSONAL, critical_operator=True, persons=1), Path.SECURITY_ASSESSMENT),
        (
            replace(
                PERSONAL, critical_operator=True, exemption=Exemption.HR_MANAGEMENT, persons=500
            ),
            Path.FREE_WITH_DUTIES,
        ),
        (replace(PERSONAL, persons=99_999), Path.FREE_WITH_DUTIES),
        (replace(PERSONAL, persons=100_000), Path.STANDARD_CONTRACT_OR_CERTIFICATION),
        (replace(PERSONAL, persons=999_999), Path.STANDARD_CONTRACT_OR_CERTIFICATION),
        (replace(PERSONAL, persons=1_000_000), Path.SECURITY_ASSESSMENT),
        (replace(PERSONAL, sensitive_persons=1), Path.STANDARD_CONTRACT_OR_CERTIFICATION),
        (
            replace(PERSONAL, persons=99_999, sensitive_persons=9_999),
            Path.STANDARD_CONTRACT_OR_CERTIFICATION,
        ),
        (replace(PERSONAL, sensitive_persons=10_000), Path.SECURITY_ASSESSMENT),
        (replace(PERSONAL, overseas_origin_only=True, persons=5_000_000), Path.FREE),
        (replace(PLAIN, core_data=True), Path.BLOCK),
        (replace(PLAIN, important_data=None), Path.NEEDS_INFO),
        (replace(PERSONAL, persons=200_000, zone=ZONE), Path.FREE_FTZ),
    ],
)
def test_each_of_the_sixteen_flows_takes_its_path(flow: FlowFacts, path: Path) -> None:
    assert decide(flow, on=DAY).path is path


@pytest.mark.parametrize(
    ("persons", "sensitive", "path"),
    [
        (99_999, 0, Path.FREE_WITH_DUTIES),
        (99_999, 1, Path.STANDARD_CONTRACT_OR_CERTIFICATION),
        (99_999, 10_000, Path.SECURITY_ASSESSMENT),
        (100_000, 0, Path.STANDARD_CONTRACT_OR_CERTIFICATION),
        (999_999, 9_999, Path.STANDARD_CONTRACT_OR_CERTIFICATION),
        (100_000, 10_000, Path.SECURITY_ASSESSMENT),
        (1_000_000, 0, Path.SECURITY_ASSESSMENT),
        (1_000_000, 1, Path.SECURITY_ASSESSMENT),
        (1_000_000, 10_000, Path.SECURITY_ASSESSMENT),
    ],
)
def test_numbers_of_persons_decide_at_their_exact_bounds(
    persons: int, sensitive: int, path: Path
) -> None:
    flow = replace(PERSONAL, persons=persons, sensitive_persons=sensitive)

    assert decide(flow, on=DAY).path is path


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        ({"outbound": None}, ("outbound",)),
        ({"state_secret": None}, ("state_secret",)),
        ({"recipient_listed": None}, ("recipient_listed",)),
        ({"overseas_origin_only": None}, ("overseas_origin_only",)),
        ({"exemption": None}, ("exemption",)),
        ({"critical_operator": None}, ("critical_operator",)),
        ({"greater_bay_pair": None}, ("greater_bay_pair",)),
        ({"persons": None}, ("persons",)),
        ({"sensitive_persons": None}, ("sensitive_persons",)),
        ({"export_controlled": None}, ("export_controlled",)),
        ({"regimes": None}, ("regimes",)),
        (
            {"zone": replace(ZONE, data_in_list=None)},
            ("zone.data_in_list", "zone.list_route"),
        ),
        ({"zone": replace(ZONE, data_in_list=True)}, ("zone.list_route",)),
    ],
)
def test_an_unknown_input_holds_the_flow_and_is_named(
    changed: dict[str, Any], missing: tuple[str, ...]
) -> None:
    outcome = decide(replace(PERSONAL, **changed), on=DAY)

    assert (outcome.path, outcome.missing, outcome.free) == (Path.NEEDS_INFO, missing, False)


def test_counts_above_the_highest_bound_need_no_other_count() -> None:
    flow = replace(PERSONAL, persons=1_000_000, sensitive_persons=None)

    assert decide(flow, on=DAY).path is Path.SECURITY_ASSESSMENT


def test_a_flow_that_stays_at_home_needs_no_other_fact() -> None:
    outcome = decide(FlowFacts(outbound=False), on=DAY)

    assert (outcome.path, outcome.missing) == (Path.NOT_EXPORT, ())


def test_core_data_are_blocked_whatever_else_is_unknown() -> None:
    assert decide(FlowFacts(outbound=True, core_data=True), on=DAY).path is Path.BLOCK


def test_a_listed_recipient_is_blocked_for_personal_information_only() -> None:
    listed = replace(PERSONAL, recipient_listed=True)

    assert decide(listed, on=DAY).path is Path.BLOCK
    assert decide(replace(listed, personal=False), on=DAY).path is Path.FREE


def test_important_data_are_assessed_even_where_an_exemption_or_a_zone_would_free_others() -> None:
    flow = replace(PERSONAL, important_data=True, exemption=Exemption.EMERGENCY, zone=ZONE)

    assert decide(flow, on=DAY).path is Path.SECURITY_ASSESSMENT


def test_a_critical_operator_gains_nothing_from_a_zone() -> None:
    flow = replace(PERSONAL, zone=ZONE, critical_operator=True, persons=1)

    assert decide(flow, on=DAY).path is Path.SECURITY_ASSESSMENT


def test_data_on_a_zones_list_take_the_route_the_list_names() -> None:
    route = Path.STANDARD_CONTRACT_OR_CERTIFICATION
    flow = replace(PERSONAL, zone=replace(ZONE, data_in_list=True, list_route=route))

    assert decide(flow, on=DAY).path is route


def test_a_zones_list_says_nothing_to_exporters_outside_it() -> None:
    outside = replace(ZONE, registered=False, data_in_list=True)
    flow = replace(PERSONAL, zone=outside, persons=200_000)

    assert decide(flow, on=DAY).path is Path.STANDARD_CONTRACT_OR_CERTIFICATION


def test_the_greater_bay_area_has_a_contract_of_its_own() -> None:
    flow = replace(PERSONAL, greater_bay_pair=True, persons=5_000_000)

    assert decide(flow, on=DAY).path is Path.GBA_STANDARD_CONTRACT
    assert decide(replace(flow, personal=False), on=DAY).path is Path.FREE


def test_requirements_are_kept_beside_any_path() -> None:
    flow = replace(
        PERSONAL,
        export_controlled=True,
        foreign_judicial_request=True,
        regimes=frozenset({"automotive"}),
    )

    outcome = decide(flow, on=DAY)

    assert outcome.path is Path.FREE_WITH_DUTIES
    assert outcome.requirements == (
        "competent_authority_approval",
        "export_licence",
        "sector_approval",
    )
    assert not outcome.free


def test_duties_stay_where_personal_information_goes_free() -> None:
    assert decide(replace(PERSONAL, persons=10), on=DAY).duties == DUTIES
    assert decide(PLAIN, on=DAY).duties == ()


def test_the_table_is_that_of_the_day() -> None:
    assert table_on(date(2025, 12, 31)).version == "2024-03-22"
    assert table_on(date(2026, 1, 1)).version == "2026-01-01"
    with pytest.raises(NoTable):
        table_on(date(2024, 3, 21))


def test_the_facts_of_an_order_know_every_path() -> None:
    assert set(EXPORT_PATHS) == {path.value for path in Path} - {"needs_info"}

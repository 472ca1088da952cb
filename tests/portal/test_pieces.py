"""The pieces of pages, rendered with made-up contents."""

from dataclasses import replace

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from core.money import Money
from exchange.portal import look
from exchange.portal.examples import trading
from exchange.portal.examples.vessel_calls import AT, badge, prohibited
from exchange.portal.gallery import PAGES
from exchange.portal.pieces import (
    Action,
    Deadline,
    GateStep,
    GateStrip,
    Shell,
    Total,
    split_bar,
)
from tests.portal.cast import part
from tests.portal.test_views import text_of


@given(st.lists(st.integers(min_value=0, max_value=2**50), min_size=1, max_size=12))
def test_split_bar_parts_touch_and_fill_the_bar(amounts: list[int]) -> None:
    bar = split_bar([("party", "holding", Money(minor, "CNY"), None) for minor in amounts])

    ends = [line.start + line.width for line in bar.lines]
    assert bar.total.minor == sum(amounts)
    assert [line.start for line in bar.lines] == [0, *ends[:-1]]
    assert ends[-1] == (10_000 if sum(amounts) else 0)


def test_split_bar_shows_the_fee_apart_and_the_same_numbers_as_a_table() -> None:
    bar = split_bar(
        [
            ("Venue", "venue_fee", Money(12_500, "CNY"), 250),
            ("Supplier", "holding", Money(487_500, "CNY"), None),
        ]
    )

    shown = part("_split.html", split=bar)

    assert [(line.start, line.width, line.tone) for line in bar.lines] == [
        (0, 250, 0),
        (250, 9_750, 1),
    ]
    assert 'data-line="2" x="250" y="0" width="9750"' in shown
    assert "4,875.00" in shown
    assert "fixed" in shown


def test_unknown_fact_is_said_to_be_unknown() -> None:
    shown = part("_finding.html", finding=prohibited())

    assert "not stated" in shown
    assert "None" not in shown


def test_finding_names_item_law_and_way_out() -> None:
    shown = part("_finding.html", "zh-hans", finding=prohibited())

    for text in ("PI-04", "禁止", "第 13 条", "怎样才能改变", "由谁办理"):
        assert text in shown


def test_gate_tells_the_reason_of_the_step_that_fails() -> None:
    gate = GateStrip((GateStep("clearance", "passed"), GateStep("funds", "failed", "¥ 3 short.")))

    shown = part("_gate.html", gate=gate)

    assert gate.state == "failed"
    assert "¥ 3 short." in shown
    assert "Every check passes" not in shown


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        (("passed", "passed"), "passed"),
        (("passed", "waiting"), "waiting"),
        (("failed", "waiting"), "failed"),
    ],
)
def test_gate_is_as_good_as_its_worst_step(states: tuple[str, ...], whole: str) -> None:
    assert GateStrip(tuple(GateStep("price", state) for state in states)).state == whole


@pytest.mark.parametrize(
    ("days", "tone"),
    [(4, "info"), (3, "caution"), (2, "caution"), (1, "restricted"), (-1, "restricted")],
)
def test_deadline_warns_as_it_nears(days: int, tone: str) -> None:
    assert Deadline("confirm", AT, days).tone == tone


def test_action_with_a_consequence_asks_first() -> None:
    action = Action("order", "confirm", "/o/1/confirm", consequence="It binds.", key="k-1")

    shown = part("_action.html", action=action)

    assert shown.index("<summary") < shown.index("It binds.") < shown.index("<button")
    assert '<input type="hidden" name="key" value="k-1">' in shown
    assert "Confirm buyer" in shown


def test_clearance_badge_says_why_a_version_cannot_be_ordered() -> None:
    shown = part("_clearance.html", badge=badge())
    ended = part("_catalogue_row.html", row=PAGES["catalogue"][1]()["page"].rows[2])

    assert "checklist 2026.3" in shown
    assert "Declaration expired" in ended


@pytest.mark.parametrize(
    ("available", "short"), [(500_000, None), (499_999, Money(1, "CNY")), (None, None)]
)
def test_total_says_what_the_balance_lacks(available: int | None, short: Money | None) -> None:
    balance = None if available is None else Money(available, "CNY")

    assert Total((), Money(500_000, "CNY"), balance).short == short


def test_negotiated_plan_has_no_price_to_check_yet() -> None:
    gate = look.gate([], priced=False)

    states = {step.name: step.state for step in gate.steps}
    assert (states["price"], states["funds"], states["purpose"]) == ("later", "later", "passed")
    assert gate.state == "later"
    said = text_of(part("_gate.html", gate=gate))
    assert "once agreed" in said
    assert "Price and funds are checked once a price is agreed." in said
    assert look.gate([]).state == "passed"


def test_long_reference_of_a_statement_is_shortened_and_can_be_copied_whole() -> None:
    shown, reference = trading.statement(), "0192f3a4" * 4
    line = replace(shown.lines[0], reference=reference, url="")

    page = render_to_string(
        "statement.html", {"shell": Shell(at=AT), "page": replace(shown, lines=(line,))}
    )

    assert f'<code title="{reference}">0192f3a4…92f3a4</code>' in page
    assert f'data-copy="{reference}"' in page
    assert "Copy the whole reference" in page

"""The language of items: what CEL answers with a silent false is refused before it can be saved."""

from dataclasses import replace
from typing import Any

import cel
import pytest

from compliance.rules import Item, Source, read_item, validate_item
from compliance.rules.item import Example
from compliance.rules.language import flattened, parse

ITEM = Item(
    code="TST-01",
    list="negative",
    category="source",
    severity="restricted",
    scope="listing",
    title_en="Title",
    title_zh="标题",
    when="product.grade == 'important'",
    lift="evidence.risk_assessment",
    exit_path_en="Change it",
    exit_path_zh="修改",
    sources=(Source("数据安全法", "2021-06-10", "21"),),
    evidence=("risk_assessment",),
    rests_on=("vendor",),
    examples=(
        Example("hit", "hit", {"product.grade": "important"}),
        Example("clear", "clear", {}),
        Example("unknown", "unknown", {"product.grade": None}),
        Example("lifted", "lifted", {"product.grade": "important"}, ("risk_assessment",)),
    ),
)


def codes(expression: str) -> list[str]:
    return [fault.code for fault in parse(expression, evidence=["risk_assessment"]).faults]


def test_an_item_without_faults_has_no_problem() -> None:
    assert validate_item(ITEM) == []


@pytest.mark.parametrize(
    "expression",
    [
        "personal.present",
        "!personal.present && product.grade != 'general'",
        "personal.grave_count * 100 + personal.serious_count - 1 >= 5000",
        "product.section in ['J', 'Q']",
        "size(use.purposes) > 2",
        "use.purposes.size() == 0",
        "use.purposes.exists(p, p == 'resale' || p in ['marketing', 'research'])",
        "use.territories.all(t, t == 'CN')",
        '(((personal.present == true))) || product.form == "api"',
    ],
)
def test_the_language_has_what_items_need(expression: str) -> None:
    assert codes(expression) == []


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("has(personal.present)", "function"),
        ("'resale' in use.purposes", "in-on-facts"),
        ("'present' in personal", "in-on-facts"),
        ("product.grade in use.purposes", "in-on-facts"),
        ("product.grade in [product.form]", "in-on-facts"),
        ("personal.present == 'yes'", "types-differ"),
        ("personal.grave_count == '50'", "types-differ"),
        ("personal.present == 1", "types-differ"),
        ("personal.grave_count > 50.5", "syntax"),
        ("product.grade == 'imporant'", "word"),
        ("use.purposes.exists(p, p == 'reselling')", "word"),
        ("product.section + product.form == 'Japi'", "arithmetic"),
        ("use.purposes == use.purposes", "not-comparable"),
        ("product.grade > 'core'", "not-comparable"),
        ("[].exists(x, x == personal.present)", "syntax"),
        ("use.purposes.exists(p, personal.present)", "fact-in-macro"),
        ("use.purposes.exists(p, use.territories.exists(t, t == 'CN'))", "fact-in-macro"),
        (
            "use.purposes.exists(p, p == 'resale') && use.territories.exists(t, t == 'CN')",
            "macros",
        ),
        ("use.purposes.exists(use, use == 'resale')", "variable"),
        ("use.purposes.map(p, p)", "function"),
        ("use.purposes.filter(p, p == 'resale')", "function"),
        ("product.topic.matches('(a+)+')", "fact"),
        ("product.grade.matches('(a+)+')", "function"),
        ("timestamp('2026-01-01')", "function"),
        ("personal", "name"),
        ("personal.nothing", "fact"),
        ("nothing.present", "fact"),
        ("evidence.unheard_of", "evidence"),
        ("personal.grave_count", "type"),
        ("personal.present ? true : false", "syntax"),
        ("personal['present']", "name"),
        ("true", "constant"),
        ("1 == 1", "literals"),
        ("personal.present &&", "syntax"),
        ("", "syntax"),
        ("personal.grave_count > 99999999999999999999", "number"),
        ("(" * 13 + "personal.present" + ")" * 13, "too-deep"),
        ("!" * 13 + "personal.present", "too-deep"),
        ("(" * 900, "too-deep"),
        (" && ".join(["personal.present"] * 13), "too-deep"),
        ("personal.present || " * 60 + "true", "too-long"),
    ],
)
def test_a_trap_is_refused_by_name(expression: str, code: str) -> None:
    assert code in codes(expression)


def test_cel_alone_would_have_answered_the_traps_with_a_silent_false() -> None:
    """The reason for a language of our own: each of these hides an unknown fact."""
    known = {"personal": {}, "use": {"purposes": []}, "product": {"grade": "core"}}
    for trap in (
        "has(personal.present)",
        "'present' in personal",
        "use.purposes.exists(p, personal.present)",
        "product.grade == 5",
    ):
        assert cel.evaluate(trap, known) is False


def test_flattening_touches_facts_and_evidence_but_no_text() -> None:
    source = "use.purposes.exists(p, p == 'use.purposes') && evidence.risk_assessment"

    assert flattened(source) == (
        "use__purposes . exists ( p , p == 'use.purposes' ) && evidence__risk_assessment "
    )


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"severity": "prohibited"}, "not-liftable"),
        ({"lift": "", "evidence": ()}, "needed"),
        ({"lift": "evidence.other"}, "evidence"),
        ({"evidence": ("risk_assessment", "another")}, "unused"),
        (
            {"lift": "evidence.risk_assessment || !evidence.risk_assessment"},
            "lifts-without-evidence",
        ),
        ({"lift": "evidence.risk_assessment && order.price_differs"}, "stage"),
        ({"when": "product.grade == 'important' && order.price_differs"}, "stage"),
        ({"asks": ("personal.contains",)}, "rests"),
        ({"rests_on": ("scan",)}, "rests"),
        ({"scope": "everything"}, "choice"),
        ({"list": "export"}, "needed"),
        ({"zone": "Shanghai"}, "pattern"),
        ({"code": "test"}, "pattern"),
        ({"title_zh": " "}, "needed"),
        ({"sources": ()}, "needed"),
        ({"refusal": "Not Permitted"}, "pattern"),
        ({"examples": ITEM.examples[:1]}, "example-missing"),
        ({"examples": (Example("odd", "maybe", {}), *ITEM.examples)}, "choice"),
    ],
)
def test_a_fault_of_an_item_is_told_with_what_to_do(changed: dict[str, Any], code: str) -> None:
    problems = validate_item(replace(ITEM, **changed))

    assert code in [problem.code for problem in problems]
    assert all(str(problem) and problem.remedy for problem in problems)


def test_an_item_reads_back_from_its_document() -> None:
    from_document = read_item(
        {
            "code": "TST-01",
            "list": "negative",
            "category": "source",
            "severity": "restricted",
            "scope": "listing",
            "title_en": "Title",
            "title_zh": "标题",
            "when": "product.grade == 'important'",
            "lift": "evidence.risk_assessment",
            "exit_path_en": "Change it",
            "exit_path_zh": "修改",
            "sources": [{"instrument": "数据安全法", "version": "2021-06-10", "article": "21"}],
            "evidence": ["risk_assessment"],
            "rests_on": ["vendor"],
            "examples": [
                {"name": "hit", "expect": "hit", "facts": {"product.grade": "important"}},
                {"name": "clear", "expect": "clear", "facts": {}},
                {"name": "unknown", "expect": "unknown", "facts": {"product.grade": None}},
                {
                    "name": "lifted",
                    "expect": "lifted",
                    "facts": {"product.grade": "important"},
                    "evidence": ["risk_assessment"],
                },
            ],
        }
    )

    assert from_document == ITEM

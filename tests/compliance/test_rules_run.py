"""Running items: all of them, three-valued, with unknown as a finding that blocks."""

import copy
import json
import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import compliance
from compliance.facts import ListingFacts
from compliance.rules import (
    ORDINARY_LISTING,
    Checklist,
    ChecklistUnusable,
    Finding,
    compile_checklist,
    explain,
    finding_document,
    finding_from_document,
    run,
    validate_document,
    validate_in_child,
    verdict,
)
from compliance.rules.evaluation import compiled, context_of, from_engine

MOMENT = datetime(2026, 11, 23, 4, tzinfo=UTC)
PATH = Path(compliance.__file__).parent / "checklists" / "2026.3.json"


@pytest.fixture
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture
def checklist(document: dict[str, Any]) -> Checklist:
    return compile_checklist(document)


def listing(**changed: dict[str, Any]) -> ListingFacts:
    """The ordinary listing with some facts of some topics changed."""
    topics = {
        name: replace(getattr(ORDINARY_LISTING, name), **facts) for name, facts in changed.items()
    }
    return replace(ORDINARY_LISTING, **topics)


def found(findings: tuple[Finding, ...]) -> dict[str, str]:
    return {one.code: one.status for one in findings}


def finding(status: Any, severity: str) -> Finding:
    return Finding("TST-01", severity, "listing", status, "some-refusal")


def test_the_ordinary_listing_has_no_finding(checklist: Checklist) -> None:
    assert run(checklist, ORDINARY_LISTING, (), at=MOMENT) == ()


def test_all_items_are_run_and_not_only_up_to_the_first_hit(checklist: Checklist) -> None:
    facts = listing(
        product={"grade": "core"},
        special={"state_secret": True, "work_secret": True},
        sources={"any_disputed": True},
    )

    findings = run(checklist, facts, (), at=MOMENT)

    assert found(findings) == {"NS-03": "hit", "SS-01": "hit", "SS-04": "hit", "SRC-03": "hit"}


def test_an_unknown_fact_is_a_finding_that_blocks_and_is_named(checklist: Checklist) -> None:
    facts = listing(special={"state_secret": None})

    (one,) = run(checklist, facts, (), at=MOMENT)

    assert (one.status, one.refusal, one.blocks) == ("unknown", "unknown-fact", True)
    assert (one.missing, one.facts) == (("special.state_secret",), ())


def test_a_fact_that_settles_the_matter_needs_no_other(checklist: Checklist) -> None:
    facts = listing(
        sources={"any_disputed": None}, parties={"source_disputes": 1}, special={"map_public": None}
    )

    assert found(run(checklist, facts, (), at=MOMENT)) == {"SRC-03": "hit"}


def test_evidence_lifts_and_the_finding_stays(checklist: Checklist) -> None:
    facts = listing(sources={"any_entrusted": True})

    (open_one,) = run(checklist, facts, (), at=MOMENT)
    (lifted,) = run(checklist, facts, ("principal_contract",), at=MOMENT)

    assert (open_one.status, open_one.lacking) == ("hit", ("principal_contract",))
    assert (lifted.status, lifted.blocks) == ("lifted", False)
    assert (lifted.lifted_by, lifted.lacking) == (("principal_contract",), ())
    assert verdict([lifted]) == "cleared"


def test_missing_evidence_does_not_lift_and_other_evidence_does_not_either(
    checklist: Checklist,
) -> None:
    facts = listing(sources={"any_scraped": True})

    for given in ((), ("lawful_collection",), ("principal_contract", "non_substitution")):
        (one,) = run(checklist, facts, given, at=MOMENT)
        assert (one.code, one.status) == ("SRC-05", "hit")


def test_no_evidence_lifts_a_prohibited_item(
    checklist: Checklist, document: dict[str, Any]
) -> None:
    every_key = tuple(document["evidence"])

    (one,) = run(checklist, listing(product={"grade": "core"}), every_key, at=MOMENT)

    assert (one.code, one.status, verdict([one])) == ("NS-03", "hit", "blocked_prohibited")


def test_an_item_is_run_from_its_first_to_its_last_day_in_china(document: dict[str, Any]) -> None:
    (item,) = [one for one in document["items"] if one["code"] == "SS-01"]
    item["valid_from"], item["valid_to"] = "2026-11-23", "2026-11-24"
    checklist = compile_checklist(document)
    secret = listing(special={"state_secret": True})

    def on(*moment: int) -> bool:
        at = datetime(*moment, tzinfo=UTC)  # type: ignore[misc, arg-type]
        return "SS-01" in found(run(checklist, secret, (), at=at))

    assert not on(2026, 11, 22, 15, 59)
    assert on(2026, 11, 22, 16)
    assert on(2026, 11, 24, 15, 59)
    assert not on(2026, 11, 24, 16)


def test_the_verdict_is_the_worst_of_the_findings() -> None:
    prohibited = finding("hit", "prohibited")
    unknown = finding("unknown", "restricted")
    restricted = finding("hit", "restricted")
    caution = finding("hit", "caution")

    assert verdict([]) == "cleared"
    assert verdict([finding("lifted", "restricted")]) == "cleared"
    assert verdict([caution]) == "caution"
    assert verdict([caution, restricted]) == "needs_evidence"
    assert verdict([caution, restricted, unknown]) == "unknown"
    assert verdict([caution, restricted, unknown, prohibited]) == "blocked_prohibited"


def test_a_caution_warns_and_does_not_block() -> None:
    assert [finding(status, "caution").blocks for status in ("hit", "unknown")] == [False, False]
    assert verdict([finding("unknown", "caution")]) == "caution"


def test_findings_survive_being_stored(checklist: Checklist) -> None:
    facts = listing(
        personal={"present": True, "sensitive_kinds": ("health",), "sensitive": None},
        product={"grade": None},
    )
    findings = run(checklist, facts, ("separate_consent",), at=MOMENT)

    stored = json.loads(json.dumps([finding_document(one) for one in findings]))

    assert tuple(finding_from_document(one) for one in stored) == findings
    assert len(findings) > 5


def test_a_document_is_compiled_once_however_many_threads_ask(document: dict[str, Any]) -> None:
    document["code"] = "threads"
    seen: list[Checklist] = []
    threads = [
        threading.Thread(target=lambda: seen.append(compile_checklist(document))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    again = compile_checklist(copy.deepcopy(document))

    assert len(seen) == 8
    assert all(one.hash == again.hash for one in seen)
    assert compile_checklist(document) is again


def test_threads_share_a_checklist_without_mixing_their_findings(checklist: Checklist) -> None:
    cases = [listing(special={"state_secret": True}), listing(product={"grade": "core"})] * 8
    results: dict[int, set[str]] = {}

    def work(number: int, facts: ListingFacts) -> None:
        results[number] = {
            code for _ in range(50) for code in found(run(checklist, facts, (), at=MOMENT))
        }

    threads = [threading.Thread(target=work, args=case) for case in enumerate(cases)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [results[number] for number in range(16)] == [{"SS-01"}, {"NS-03"}] * 8


def test_a_document_with_a_trap_is_not_compiled(document: dict[str, Any]) -> None:
    document["items"][0]["when"] = "has(special.state_secret)"

    with pytest.raises(ChecklistUnusable, match="NS-01"):
        compile_checklist(document)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda d: d.pop("items"), "shape"),
        (lambda d: d.update(items=[]), "refusal-missing"),
        (lambda d: d.update(extra=1), "shape"),
        (lambda d: d["items"][0].update(extra=1), "shape"),
        (lambda d: d["items"][0].pop("when"), "needed"),
        (lambda d: d["items"][0].update(valid_from="soon"), "shape"),
        (lambda d: d["items"].append(copy.deepcopy(d["items"][0])), "duplicate"),
        (lambda d: d["items"][0]["examples"][0].update(expect="clear"), "example-fails"),
        (lambda d: d["items"][0]["examples"][0].update(facts={"no.such": 1}), "shape"),
        (lambda d: d["items"][0]["examples"][0].update(facts={"product.grade": 5}), "shape"),
        (lambda d: d.update(facts_version="1999.1"), "facts-version"),
        (lambda d: d["evidence"].pop("pipia_report"), "evidence"),
        (lambda d: d["evidence"]["pipia_report"].update(by="anybody"), "choice"),
        (
            lambda d: (
                d.update(items=[one for one in d["items"] if one["asks"] or one["refusal"]])
                if all("refusal" in one for one in d["items"])
                else d.update(items=[one for one in d["items"] if one["asks"]])
            ),
            "too-many-asking",
        ),
    ],
)
def test_a_document_that_cannot_be_relied_on_is_told_why(
    document: dict[str, Any], spoil: Any, code: str
) -> None:
    spoil(document)

    assert code in [problem.code for problem in validate_document(document)]


def test_a_list_without_the_items_the_house_needs_cannot_take_force(
    document: dict[str, Any],
) -> None:
    document["items"] = [
        one for one in document["items"] if one.get("refusal") != "use-not-permitted"
    ]

    (problem,) = validate_document(document)

    assert (problem.code, dict(problem.values)) == (
        "refusal-missing",
        {"refusal": "use-not-permitted"},
    )


def test_a_child_process_gives_the_same_problems(document: dict[str, Any]) -> None:
    document["items"][0]["examples"][0]["expect"] = "clear"

    assert validate_in_child(document, seconds=60) == validate_document(document)


def test_a_child_process_that_takes_too_long_is_a_problem(document: dict[str, Any]) -> None:
    (problem,) = validate_in_child(document, seconds=0.01)

    assert problem.code == "too-slow"


class PanicException(BaseException):  # noqa: N818, RUF100
    """Of the name by which a panic is known: the engine's class cannot be imported."""


@pytest.mark.parametrize(
    "error", [PanicException(), KeyError(), RuntimeError(), OverflowError(), ZeroDivisionError()]
)
def test_what_the_engine_raises_is_told_from_an_order_to_stop(error: BaseException) -> None:
    assert from_engine(error)
    assert not from_engine(KeyboardInterrupt())
    assert not from_engine(SystemExit())


@pytest.mark.parametrize("source", ["a / 0 > 1", "a + 9223372036854775807 > 0", "a > 'text'", "b"])
def test_whatever_the_engine_raises_is_unknown(source: str) -> None:
    assert compiled(source)(context_of({"a": 1})) is None


def test_an_answer_that_is_neither_true_nor_false_is_unknown() -> None:
    assert compiled("a")(context_of({"a": True})) is True
    assert compiled("a && b")(context_of({"a": True, "b": False})) is False
    assert compiled("a && b")(context_of({"a": True})) is None
    assert compiled("a")(context_of({"a": 5})) is None


@pytest.mark.parametrize("language", ["en", "zh", "zh-hans", "fr"])
def test_an_explanation_says_what_why_what_would_change_it_and_who(
    checklist: Checklist, language: str
) -> None:
    facts = listing(personal={"present": True, "declared": True}, price={"any_standing": False})
    told = [one for one in run(checklist, facts, (), at=MOMENT) if one.code == "PI-02"]

    explanation = explain(told[0], checklist, language)

    if language.startswith("zh"):
        assert explanation.what == "未通过：PI-02 向其他处理者提供个人信息。"
        assert "《个人信息保护法》第 23 条：“并取得个人的单独同意”" in explanation.why
        assert "声明含个人信息：是" in explanation.why
        assert explanation.change.startswith("提交证据：（每个人在知悉接收方")
        assert explanation.who == "数据商"
    else:
        assert (
            explanation.what == "Not cleared: PI-02 Personal information goes to another processor."
        )
        assert "个人信息保护法 art. 23: “并取得个人的单独同意”" in explanation.why
        assert "personal information declared: yes" in explanation.why
        assert explanation.change.startswith("Give evidence: (the separate consent of each person")
        assert explanation.who == "the vendor"
    assert [key for key, _, _ in explanation.evidence] == [
        "separate_consent",
        "pipia_report",
        "recipient_contract",
        "anonymised",
    ]


def test_every_item_can_be_explained_in_every_state(checklist: Checklist) -> None:
    for prepared in (*checklist.listing.items, *checklist.order.items):
        for status in ("hit", "unknown", "lifted"):
            missing = prepared.facts if status == "unknown" else ()
            given = prepared.item.evidence if status == "lifted" else ()
            one = Finding(
                prepared.item.code,
                prepared.item.severity,
                prepared.item.scope,
                status,  # type: ignore[arg-type]
                "code",
                facts=() if missing else tuple((path, True) for path in prepared.facts),
                missing=missing,
                lifted_by=given,
                lacking=() if given else prepared.item.evidence,
            )
            for language in ("en", "zh"):
                told = explain(one, checklist, language)
                assert told.what
                assert told.why
                assert told.change
                assert told.who
                assert "{" not in told.what + told.why + told.change


def test_items_in_force_follow_the_dates_of_their_law(checklist: Checklist) -> None:
    (certified,) = [one for one in checklist.document.items if one.code == "GBT-02"]

    assert not certified.in_force_on(date(2026, 6, 30))
    assert certified.in_force_on(date(2026, 7, 1))

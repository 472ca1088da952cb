"""The rows of the field's reference list: each is answered, by an item under its own code."""

import json
from collections import Counter
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from compliance.cross_border import FlowFacts, FlowRefused, flow_from_document, tried
from compliance.management.commands.check_checklist import CHECKLIST, FOLDER
from compliance.rules import read_document
from compliance.rules.coverage import Fate, fates, read_rows

TODAY = date(2026, 11, 23)
DOCUMENT: dict[str, Any] = json.loads(CHECKLIST.read_text(encoding="utf-8"))
ROWS = read_rows(json.loads((FOLDER / "rows.json").read_text(encoding="utf-8")))
FLOWS: dict[str, Any] = json.loads((FOLDER / "flows.json").read_text(encoding="utf-8"))


def answered(document: dict[str, Any] = DOCUMENT) -> tuple[Fate, ...]:
    return fates(ROWS, read_document(document), on=TODAY)


def checked(*arguments: str) -> tuple[int, dict[str, Any], str]:
    """Exit status, counts and what is wrong."""
    said, wrong, status = StringIO(), StringIO(), 0
    try:
        call_command("check_checklist", "--json", *arguments, stdout=said, stderr=wrong)
    except SystemExit as ended:
        status = int(str(ended.code))
    return status, json.loads(said.getvalue()), wrong.getvalue()


def test_the_check_finds_every_row_example_and_flow_in_order() -> None:
    items = DOCUMENT["items"]

    status, counts, wrong = checked()

    assert (status, wrong) == (0, "")
    assert counts == {
        "rows": 99,
        "rows_unaccounted": 0,
        "items": len(items),
        "examples": sum(len(item["examples"]) for item in items),
        "examples_failed": 0,
        "cross_border": "16/16",
    }


def test_every_row_has_an_item_under_its_own_code() -> None:
    assert [one.row for one in answered() if one.own is None] == []
    assert len(set(ROWS)) == 99


def test_rows_come_to_what_they_are() -> None:
    counted = Counter(one.fate for one in answered())

    assert counted == {"item": 62, "zone-list": 22, "venue": 10, "reviewer": 4, "not-in-force": 1}
    (historic,) = [one.row for one in answered() if one.fate == "not-in-force"]
    assert historic == "HIST-01"


def test_a_dropped_row_and_a_failing_example_are_told_and_end_with_1(tmp_path: Path) -> None:
    document = json.loads(json.dumps(DOCUMENT))
    document["items"] = [item for item in document["items"] if item["code"] != "STA-01"]
    document["items"][0]["examples"][0]["expect"] = "clear"
    file = tmp_path / "list.json"
    file.write_text(json.dumps(document), encoding="utf-8")

    status, counts, wrong = checked("--file", str(file))

    assert status == 1
    assert (counts["rows_unaccounted"], counts["examples_failed"]) == (1, 1)
    assert "STA-01: nothing became of this row" in wrong
    assert "NS-01.examples.0" in wrong


def test_a_row_that_other_items_cover_is_not_lost_while_one_of_them_is_in_force() -> None:
    document = json.loads(json.dumps(DOCUMENT))
    document["items"] = [item for item in document["items"] if item["code"] != "IMP-03"]

    (row,) = [one for one in answered(document) if one.row == "IMP-03"]

    assert (row.fate, [item.code for item in row.others]) == ("covered", ["XB-01", "XB-11"])


def test_rows_are_those_of_the_reference(cases: Path) -> None:
    file = cases.parent / "reference" / "negative_checklist.json"
    if not file.exists():
        pytest.skip(f"{file} is not there: the rows are not compared with the reference")

    reference = json.loads(file.read_text(encoding="utf-8"))["items"]

    assert [row["code"] for row in reference] == list(ROWS)


def test_no_sentence_of_the_reference_was_taken_over(cases: Path) -> None:
    file = cases.parent / "reference" / "negative_checklist.json"
    if not file.exists():
        pytest.skip(f"{file} is not there: the words are not compared with the reference")
    reference = json.loads(file.read_text(encoding="utf-8"))["items"]
    words = {row["text"].casefold().rstrip(".") for row in reference}

    ours = CHECKLIST.read_text(encoding="utf-8").casefold()

    assert [text for text in words if text in ours] == []


# What the inputs and paths of the reference are called here.
INPUTS = {
    "is_outbound": "outbound",
    "has_state_secret": "state_secret",
    "has_core_data": "core_data",
    "is_export_controlled": "export_controlled",
    "special_regime": "regimes",
    "recipient_on_cac_list": "recipient_listed",
    "has_pi": "personal",
    "is_ciio": "critical_operator",
    "ftz": "zone",
    "gba_pair": "greater_bay_pair",
    "N": "persons",
    "S": "sensitive_persons",
}
IMPORTANT = {"yes": True, "no": False, "unknown": None}


def ours(inputs: dict[str, Any]) -> FlowFacts:
    named = {INPUTS.get(name, name): value for name, value in inputs.items()}
    return flow_from_document(named | {"important_data": IMPORTANT[named["important_data"]]})


def test_flows_are_those_of_the_reference(cases: Path) -> None:
    file = cases.parent / "reference" / "cross_border.json"
    if not file.exists():
        pytest.skip(f"{file} is not there: the flows are not compared with the reference")
    reference = json.loads(file.read_text(encoding="utf-8"))
    defaults = reference["test_defaults"]

    theirs = [
        (ours({**defaults, **row["i"]}), row["o"].lower().replace(" ", "_"))
        for row in reference["test_vectors"]
    ]

    assert theirs == [
        (flow_from_document({**FLOWS["ordinary"], **row["flow"]}), row["path"])
        for row in FLOWS["flows"]
    ]


def test_a_flow_that_takes_another_path_is_told() -> None:
    flows = {**FLOWS, "flows": [{**FLOWS["flows"][0], "path": "free"}]}

    (one,) = tried(flows, on=TODAY)

    assert (one.holds, one.got) == (False, "not_export")


@pytest.mark.parametrize(
    "flow",
    [{"outward": True}, {"persons": "many"}, {"exemption": "luck"}, {"zone": {"place": 1}}],
)
def test_a_flow_that_says_something_else_is_refused(flow: dict[str, Any]) -> None:
    with pytest.raises(FlowRefused):
        flow_from_document(flow)

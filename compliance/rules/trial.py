"""Running drafts and trials in a process of its own. Invariant: none can hang or end the caller.

A child that does not answer in time, or dies, is an answer too: the list or the item is at fault.
"""

import json
import math
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from compliance.rules.check import Answered, Case, ItemCheck, Tried
from compliance.rules.findings import Finding, finding_from_document
from compliance.rules.problems import Problem, problem

_ROOT = Path(__file__).resolve().parents[2]
# An author waits for it while typing.
ITEM_SECONDS = 10.0


class ChildFailed(Exception):
    """The child did not answer; `problem` says whether it was too slow or crashed."""

    def __init__(self, found: Problem) -> None:
        super().__init__(str(found))
        self.problem = found


@dataclass(frozen=True, slots=True)
class VersionCase:
    """What is known of one version: its facts as a document, its evidence, a reviewer's answers.

    What a reviewer is asked is left out where `answers` is None.
    """

    facts: Mapping[str, Any]
    evidence: tuple[str, ...]
    answers: Mapping[str, bool] | None


def validate_in_child(document: Mapping[str, Any], *, seconds: float = 30) -> list[Problem]:
    """Return every problem of the checklist `document`, tried in a child process.

    A child that does not answer within `seconds`, or dies, is a problem too.
    """
    try:
        rows = _asked({"ask": "document", "document": document}, seconds)
    except ChildFailed as failed:
        return [failed.problem]
    return [_problem(row) for row in rows]


def check_in_child(
    item: Mapping[str, Any],
    evidence: Mapping[str, Any],
    case: Case | None = None,
    *,
    seconds: float = ITEM_SECONDS,
) -> ItemCheck:
    """Return what can be said of one item while it is written, tried in a child process.

    `evidence` is the evidence table of its list, `case` a listing to try it on.
    """
    asked = {
        "ask": "item",
        "item": item,
        "evidence": evidence,
        "case": None if case is None else asdict(case),
    }
    try:
        answer = _asked(asked, seconds)
    except ChildFailed as failed:
        return ItemCheck((failed.problem,), (), None)
    tried = answer["tried"]
    return ItemCheck(
        tuple(_problem(row) for row in answer["problems"]),
        tuple(Answered(**row) for row in answer["examples"]),
        None
        if tried is None
        else Tried(
            **{
                **tried,
                "facts": tuple((path, value) for path, value in tried["facts"]),
                "missing": tuple(tried["missing"]),
                "lifted_by": tuple(tried["lifted_by"]),
                "lacking": tuple(tried["lacking"]),
            }
        ),
    )


def run_in_child(
    document: Mapping[str, Any],
    cases: Sequence[VersionCase],
    *,
    at: datetime,
    seconds: float = 120,
) -> list[tuple[Finding, ...]]:
    """Return what the list `document` says at `at` of each of `cases`, in their order.

    Raises:
        ChildFailed: the child did not answer within `seconds`, or died.

    """
    if not cases:
        return []
    asked = {
        "ask": "versions",
        "document": document,
        "at": at.isoformat(),
        "cases": [asdict(case) for case in cases],
    }
    return [
        tuple(finding_from_document(one) for one in findings) for findings in _asked(asked, seconds)
    ]


def _asked(request: Mapping[str, Any], seconds: float) -> Any:
    command = [sys.executable, "-m", "compliance.rules", str(math.ceil(seconds) + 1)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(_ROOT), *sys.path])}
    try:
        child = subprocess.run(
            command,
            input=json.dumps(request),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            cwd=_ROOT,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        raise ChildFailed(problem("", "items", "too-slow", seconds=f"{seconds:g}")) from None
    if child.returncode:
        raise ChildFailed(problem("", "items", "crashed", status=child.returncode))
    return json.loads(child.stdout)


def _problem(row: Mapping[str, Any]) -> Problem:
    return Problem(**{**row, "values": tuple(map(tuple, row["values"]))})

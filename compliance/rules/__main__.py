"""The child process that runs drafts and trials: a request on standard input, its answer on output.

Invariant: it ends, by its own limits of CPU and memory, whatever it is asked.
"""

import json
import resource
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from compliance.facts import listing_from_document
from compliance.rules.check import Case, check_item
from compliance.rules.checklist import compile_checklist
from compliance.rules.findings import finding_document
from compliance.rules.run import run, run_attestations
from compliance.rules.validate import validate_document

MOST_BYTES = 2 * 1024**3


def _document(asked: Mapping[str, Any]) -> Any:
    return [asdict(one) for one in validate_document(asked["document"])]


def _item(asked: Mapping[str, Any]) -> Any:
    case = asked["case"]
    return asdict(
        check_item(asked["item"], asked["evidence"], None if case is None else Case(**case))
    )


def _versions(asked: Mapping[str, Any]) -> Any:
    checklist = compile_checklist(asked["document"])
    at = datetime.fromisoformat(asked["at"])
    answers = []
    for case in asked["cases"]:
        facts = listing_from_document(case["facts"])
        found = run(checklist, facts, case["evidence"], at=at)
        if case["answers"] is not None:
            found += run_attestations(checklist, facts, case["evidence"], case["answers"], at=at)
        answers.append([finding_document(one) for one in found])
    return answers


ANSWERS: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "document": _document,
    "item": _item,
    "versions": _versions,
}


def main() -> None:
    """Answer the request on standard input; the one argument is the limit of CPU seconds."""
    seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    asked = json.load(sys.stdin)
    json.dump(ANSWERS[asked["ask"]](asked), sys.stdout)


if __name__ == "__main__":
    main()

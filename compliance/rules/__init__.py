"""The checklist: items as dated data, compiled and run. Invariant: unknown blocks, and is told.

Pure: facts and evidence keys go in, findings come out.
"""

from compliance.rules.check import Answered, Case, ItemCheck, Tried
from compliance.rules.checklist import (
    Checklist,
    ChecklistUnusable,
    PreparedItem,
    compile_checklist,
    prepare,
)
from compliance.rules.differences import (
    Differences,
    FieldChange,
    ItemChange,
    KindChange,
    Piece,
    compare,
)
from compliance.rules.evaluation import NotCel
from compliance.rules.examples import ORDINARY_LISTING, ORDINARY_ORDER, Outcome, try_example
from compliance.rules.explain import Explanation, explain
from compliance.rules.findings import (
    BLOCKING,
    UNKNOWN_FACT,
    VERDICTS,
    Finding,
    Verdict,
    finding_document,
    finding_from_document,
    verdict,
)
from compliance.rules.item import (
    LISTS,
    SCOPES,
    SEVERITIES,
    ChecklistDocument,
    EvidenceKind,
    Example,
    Item,
    ItemUnreadable,
    Source,
    item_document,
    read_document,
    read_item,
)
from compliance.rules.problems import Problem
from compliance.rules.run import (
    CHINA,
    Answers,
    attest_document,
    run,
    run_attestations,
    run_document,
)
from compliance.rules.sealed import (
    FORMAT,
    SealBroken,
    Sealed,
    line_of,
    open_sealed,
    sealed_bytes,
)
from compliance.rules.trial import (
    ChildFailed,
    VersionCase,
    check_in_child,
    run_in_child,
    validate_in_child,
)
from compliance.rules.validate import (
    NEEDED_REFUSALS,
    completed,
    rests_on_yes_or_no,
    validate_document,
    validate_item,
)

__all__ = [
    "BLOCKING",
    "CHINA",
    "FORMAT",
    "LISTS",
    "NEEDED_REFUSALS",
    "ORDINARY_LISTING",
    "ORDINARY_ORDER",
    "SCOPES",
    "SEVERITIES",
    "UNKNOWN_FACT",
    "VERDICTS",
    "Answered",
    "Answers",
    "Case",
    "Checklist",
    "ChecklistDocument",
    "ChecklistUnusable",
    "ChildFailed",
    "Differences",
    "EvidenceKind",
    "Example",
    "Explanation",
    "FieldChange",
    "Finding",
    "Item",
    "ItemChange",
    "ItemCheck",
    "ItemUnreadable",
    "KindChange",
    "NotCel",
    "Outcome",
    "Piece",
    "PreparedItem",
    "Problem",
    "SealBroken",
    "Sealed",
    "Source",
    "Tried",
    "Verdict",
    "VersionCase",
    "attest_document",
    "check_in_child",
    "compare",
    "compile_checklist",
    "completed",
    "explain",
    "finding_document",
    "finding_from_document",
    "item_document",
    "line_of",
    "open_sealed",
    "prepare",
    "read_document",
    "read_item",
    "rests_on_yes_or_no",
    "run",
    "run_attestations",
    "run_document",
    "run_in_child",
    "sealed_bytes",
    "try_example",
    "validate_document",
    "validate_in_child",
    "validate_item",
    "verdict",
]

"""Whether a checklist can be relied on. Invariant: what CEL would silently get wrong is refused.

`validate_item` looks at one item and runs nothing; `validate_document` looks at all of them and
tries their examples, so it belongs in a child process (`trial`).
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from compliance.facts import FACTS_VERSION, FactsRefused, fact_at
from compliance.rules.checklist import (
    ChecklistUnusable,
    facts_of_stage,
    guarded,
    prepare,
    run_at,
)
from compliance.rules.evaluation import NotCel, compiled, context_of
from compliance.rules.examples import try_example
from compliance.rules.item import (
    ANSWERS,
    ASKED_OF,
    BASES,
    EXPECTATIONS,
    KINDS,
    LAW_FORCES,
    LISTS,
    SCOPES,
    SEVERITIES,
    SUPPLIERS_OF_EVIDENCE,
    ChecklistDocument,
    Item,
    ItemUnreadable,
    read_document,
)
from compliance.rules.language import Expression, Fault, flattened, parse, stage_of, variable
from compliance.rules.problems import Problem, problem

_CODE = re.compile(r"[A-Z]{2,5}-([A-Z]{2}|([A-Z]{2}-)?[0-9]{2,3}[a-z]?)")
_REFUSAL = re.compile(r"[a-z]+(-[a-z]+)*")
_ZONE = re.compile(r"[A-Z]{2}-[A-Z]{2}")
_TERRITORY = re.compile(r"CN|CN-[A-Z]{2}( CN-[A-Z]{2})*")
_PAPER = re.compile(r"\bevidence\.([A-Za-z0-9_]+)")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")

# Without these an order could be matched that the law of the house forbids: a list that lacks one
# cannot take force.
NEEDED_REFUSALS = (
    "use-not-permitted",
    "territory-not-permitted",
    "term-too-long",
    "venue-cannot-trade",
    "self-dealing",
)
# At most a third of the items may rest on nothing but what a vendor answers with yes or no.
MOST_ASKING = 3


def validate_item(item: Item) -> list[Problem]:
    """Return everything that keeps `item` from being relied on; nothing is run."""
    problems = _words(item) + _asked(item)
    when = Expression()
    if item.when:
        when = parse(guarded(item) if _ZONE.fullmatch(item.zone) else item.when)
        problems += _faults(item, "when", when)
    elif item.kind == "rule":
        return [*problems, problem(item.code, "when", "needed")]
    stage = run_at(item, when)
    if not when.faults and not stage:
        problems.append(problem(item.code, "when", "stage"))
    problems += _lift(item, facts_of_stage(stage))
    if not when.faults:
        problems += _rests(item, when)
        problems += _examples(item)
        problems += _always_known(item, when)
    return problems


def validate_document(document: Mapping[str, Any], *, on: date | None = None) -> list[Problem]:
    """Return every problem of the checklist `document`, its examples tried.

    `on` is the day the examples are tried for: by default each item's first day in force.
    """
    try:
        checklist = read_document(document)
    except ItemUnreadable as unreadable:
        return [problem("", unreadable.path, "shape", what=unreadable.what)]
    problems = _together(checklist)
    for item in checklist.items:
        found = validate_item(item)
        problems += found or _tried(item, on or item.valid_from)
    return problems


def completed(item: Item) -> Item:
    """Return `item` with what its expressions say of themselves.

    The evidence that its lift names, whom its facts come from, and which answers it rests on.
    """
    keys = tuple(dict.fromkeys(_PAPER.findall(item.lift)))
    when = parse(guarded(item)) if item.when else Expression()
    asks, rests_on = _behind(item, when)
    return replace(item, evidence=keys, asks=tuple(sorted(asks)), rests_on=tuple(sorted(rests_on)))


def _words(item: Item) -> list[Problem]:
    closed = {
        "kind": (item.kind, KINDS),
        "basis": (item.basis, BASES),
        "list": (item.list, LISTS),
        "severity": (item.severity, SEVERITIES),
        "scope": (item.scope, SCOPES),
    }
    problems = [
        problem(item.code, name, "choice", allowed=", ".join(allowed))
        for name, (value, allowed) in closed.items()
        if value not in allowed
    ]
    for name in ("title_en", "title_zh", "exit_path_en", "exit_path_zh", "category"):
        if not getattr(item, name).strip():
            problems.append(problem(item.code, name, "needed"))
    if not _CODE.fullmatch(item.code):
        problems.append(problem(item.code, "code", "pattern", example="PI-04"))
    if item.refusal and not _REFUSAL.fullmatch(item.refusal):
        problems.append(problem(item.code, "refusal", "pattern", example="use-not-permitted"))
    if item.list == "export" and not item.zone:
        problems.append(problem(item.code, "zone", "needed"))
    if item.zone and not _ZONE.fullmatch(item.zone):
        problems.append(problem(item.code, "zone", "pattern", example="CN-SH"))
    if not _TERRITORY.fullmatch(item.territory):
        problems.append(problem(item.code, "territory", "pattern", example="CN-GD CN-SH"))
    if item.valid_to is not None and item.valid_to < item.valid_from:
        problems.append(problem(item.code, "valid_to", "order"))
    return problems + _sources(item)


def _sources(item: Item) -> list[Problem]:
    problems = [] if item.sources else [problem(item.code, "sources", "needed")]
    for number, source in enumerate(item.sources):
        where = f"sources.{number}"
        if not source.instrument.strip() or not source.article.strip():
            problems.append(problem(item.code, where, "needed"))
        if source.force not in LAW_FORCES:
            allowed = ", ".join(LAW_FORCES)
            problems.append(problem(item.code, f"{where}.force", "choice", allowed=allowed))
    return problems + _basis(item)


def _basis(item: Item) -> list[Problem]:
    """Return whether it is said, and said why, that no law in force stands behind the item."""
    lapsed = all(source.force == "venue_rule" for source in item.sources)
    if item.sources and (item.basis == "venue_rule") != lapsed:
        found = "venue_rule" if lapsed else "law"
        return [problem(item.code, "basis", "rests", found=found)]
    needed = item.basis == "venue_rule"
    return [
        problem(item.code, name, "needed")
        for name in ("note_en", "note_zh")
        if needed and not getattr(item, name).strip()
    ]


def _asked(item: Item) -> list[Problem]:
    """Return what is wrong with whom an item asks, and what."""
    asking = (item.asked_of, item.question_en, item.question_zh)
    if item.kind == "rule":
        return [problem(item.code, "asked_of", "not-asked")] if any(asking) else []
    problems = []
    if item.asked_of not in ASKED_OF:
        allowed = ", ".join(ASKED_OF)
        problems.append(problem(item.code, "asked_of", "choice", allowed=allowed))
    for name in ("question_en", "question_zh"):
        if not getattr(item, name).strip():
            problems.append(problem(item.code, name, "needed"))
    if (item.scope == "platform") != (item.asked_of == "venue"):
        problems.append(problem(item.code, "scope", "platform"))
    return problems


def _always_known(item: Item, when: Expression) -> list[Problem]:
    """Return whether an item whose facts may be unknown shows what follows, or says why none is."""
    shown = any(example.expect == "unknown" for example in item.examples)
    said = [name for name in ("always_known_en", "always_known_zh") if getattr(item, name).strip()]
    described = [fact for path in when.facts if (fact := fact_at(path)) is not None]
    if said and not (described and all(fact.always_known for fact in described)):
        return [problem(item.code, said[0], "may-be-unknown")]
    if shown == bool(said) or len(said) == 1:
        return [problem(item.code, "examples", "example-missing", expect="unknown")]
    return []


def _faults(item: Item, name: str, expression: Expression) -> list[Problem]:
    # The zone guard stands before the condition that the author sees.
    guard = len(guarded(item)) - len(item.when) - 1 if item.zone and name == "when" else 0
    problems = [_fault(item, name, fault, guard) for fault in expression.faults]
    if not problems:
        try:
            compiled(getattr(item, name))
        except NotCel as raised:
            problems.append(problem(item.code, name, "syntax", found=str(raised)[:200]))
    return problems


def _fault(item: Item, name: str, fault: Fault, guard: int) -> Problem:
    position = min(max(fault.position - guard, 0), len(getattr(item, name)))
    return problem(item.code, f"{name}:{position}", fault.code, **dict(fault.values))


def _lift(item: Item, stage: str) -> list[Problem]:
    if item.severity != "restricted":
        lifted = bool(item.lift or item.evidence)
        return [problem(item.code, "lift", "not-liftable")] if lifted else []
    if not item.lift:
        return [problem(item.code, "lift", "needed")]
    lift = parse(item.lift, evidence=item.evidence)
    problems = _faults(item, "lift", lift)
    if problems:
        return problems
    if lift.facts and stage_of(lift.topics) != stage:
        problems.append(problem(item.code, "lift", "stage"))
    if set(item.evidence) != set(lift.evidence):
        problems.append(problem(item.code, "evidence", "unused"))
    nothing = context_of({variable(f"evidence.{key}"): False for key in item.evidence})
    if compiled(flattened(item.lift))(nothing) is True:
        problems.append(problem(item.code, "lift", "lifts-without-evidence"))
    return problems


def _rests(item: Item, when: Expression) -> list[Problem]:
    asks, rests_on = _behind(item, when)
    problems = []
    if set(item.asks) != asks:
        problems.append(problem(item.code, "asks", "rests", found=", ".join(sorted(asks))))
    if set(item.rests_on) != rests_on:
        found = ", ".join(sorted(rests_on))
        problems.append(problem(item.code, "rests_on", "rests", found=found))
    return problems


def _behind(item: Item, when: Expression) -> tuple[set[str], set[str]]:
    """Return which yes-or-no answers a condition rests on, and everyone its facts come from."""
    described = [fact for path in when.facts if (fact := fact_at(path)) is not None]
    asks = {ask for fact in described for ask in fact.asks}
    rests_on: set[str] = {supplier for fact in described for supplier in fact.suppliers}
    if item.kind == "attestation":
        rests_on.add(item.asked_of)
    return asks, rests_on


def _examples(item: Item) -> list[Problem]:
    problems = []
    expected = Counter(example.expect for example in item.examples)
    for needed in ("hit", "clear", *(["lifted"] if item.severity == "restricted" else [])):
        if not expected[needed]:
            problems.append(problem(item.code, "examples", "example-missing", expect=needed))
    for number, example in enumerate(item.examples):
        where = f"examples.{number}"
        if example.expect not in EXPECTATIONS:
            allowed = ", ".join(EXPECTATIONS)
            problems.append(problem(item.code, f"{where}.expect", "choice", allowed=allowed))
        answers = ANSWERS if item.kind == "attestation" else ANSWERS[:1]
        if example.answer not in answers:
            allowed = ", ".join(ANSWERS[1:]) if len(answers) > 1 else "–"
            problems.append(problem(item.code, f"{where}.answer", "choice", allowed=allowed))
        for key in example.evidence:
            if key not in item.evidence:
                problems.append(problem(item.code, f"{where}.evidence", "evidence", name=key))
    return problems


def _tried(item: Item, on: date) -> list[Problem]:
    try:
        prepared = prepare(item)
    except (ChecklistUnusable, NotCel) as raised:
        return [problem(item.code, "when", "syntax", found=str(raised)[:200])]
    problems = []
    for number, example in enumerate(item.examples):
        where = f"examples.{number}"
        try:
            outcome = try_example(prepared, example, on=on)
        except FactsRefused as refused:
            problems.append(problem(item.code, where, "shape", what=str(refused)))
            continue
        if not outcome.holds:
            said = {"wanted": outcome.wanted, "got": outcome.got}
            problems.append(problem(item.code, where, "example-fails", **said))
    return problems


def _together(checklist: ChecklistDocument) -> list[Problem]:
    """Return what is wrong between the items, and between them and the evidence table."""
    problems = []
    for code, count in Counter(item.code for item in checklist.items).items():
        if count > 1:
            problems.append(problem(code, "code", "duplicate"))
    if checklist.facts_version != FACTS_VERSION:
        problems.append(problem("", "facts_version", "facts-version", wanted=FACTS_VERSION))
    refusals = {item.refusal for item in checklist.items if item.severity != "caution"}
    for refusal in NEEDED_REFUSALS:
        if refusal not in refusals:
            problems.append(problem("", "items", "refusal-missing", refusal=refusal))
    asking = sum(rests_on_yes_or_no(item) for item in checklist.items)
    if asking * MOST_ASKING > len(checklist.items):
        counts = {"asking": asking, "items": len(checklist.items)}
        problems.append(problem("", "items", "too-many-asking", **counts))
    return problems + _evidence(checklist)


def _evidence(checklist: ChecklistDocument) -> list[Problem]:
    problems = []
    known = {kind.key for kind in checklist.evidence}
    for kind in checklist.evidence:
        where = f"evidence.{kind.key}"
        if not _KEY.fullmatch(kind.key):
            problems.append(problem("", where, "pattern", example="separate_consent"))
        if not kind.en.strip() or not kind.zh.strip():
            problems.append(problem("", where, "needed"))
        if kind.by not in SUPPLIERS_OF_EVIDENCE:
            allowed = ", ".join(SUPPLIERS_OF_EVIDENCE)
            problems.append(problem("", f"{where}.by", "choice", allowed=allowed))
    for item in checklist.items:
        for key in item.evidence:
            if key not in known:
                problems.append(problem(item.code, "evidence", "evidence", name=key))
    return problems


def rests_on_yes_or_no(item: Item) -> bool:
    """Return whether `item` rests on a vendor's bare yes or no."""
    return bool(item.asks)

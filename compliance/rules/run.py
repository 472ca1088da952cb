"""Running all items over facts. Invariant: every item in force is run, and unknown is a finding.

An item that CEL cannot decide because a fact is missing is a finding "unknown"; evidence that is
not given does not lift; an item that evidence lifts stays in the findings as "lifted". A question
that nobody has answered is unknown too.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

import cel

from compliance.facts import Facts, ListingFacts
from compliance.rules.checklist import (
    Checklist,
    ItemsOfDay,
    PreparedItem,
    Stage,
    items_of_day,
)
from compliance.rules.evaluation import context_of
from compliance.rules.findings import DEFAULT_REFUSALS, UNKNOWN_FACT, Finding, Status
from compliance.rules.language import variable

# Items take force and lapse at midnight in China, wherever the server stands.
CHINA = timezone(timedelta(hours=8), "China")

# How many listings that look different to a list are kept with what it says of them.
MOST_ALIKE = 4096

Answers = Mapping[str, bool]
Document = Mapping[str, Any]


def run(
    checklist: Checklist, facts: Facts, evidence_keys: Collection[str], *, at: datetime
) -> tuple[Finding, ...]:
    """Return the findings of every item that is in force at `at` and made for such facts.

    Facts of a listing are run through the items whose facts are known at listing, facts of an
    order through the others. `evidence_keys` are the kinds of evidence given and in force.
    """
    stage = checklist.listing if isinstance(facts, ListingFacts) else checklist.order
    variables = {
        one.variable: value
        for one in stage.facts
        if (value := getattr(getattr(facts, one.topic), one.name)) is not None
    }
    day = items_of_day(stage, at.astimezone(CHINA).date())
    return _of_day(stage, day, variables, evidence_keys)


def run_document(
    checklist: Checklist, document: Document, evidence_keys: Collection[str], *, at: datetime
) -> tuple[Finding, ...]:
    """Return what `run` returns for the listing whose facts `document` stores.

    It is for running a list over many listings, most of which look alike to its items: what they
    say of the same values is worked out once.
    """
    stage = checklist.listing
    day = items_of_day(stage, at.astimezone(CHINA).date())
    return _of_values(stage, day, _looked_at(stage, document), frozenset(evidence_keys))


def attest_document(
    checklist: Checklist,
    document: Document,
    evidence_keys: Collection[str],
    answers: Answers,
    *,
    at: datetime,
) -> tuple[Finding, ...]:
    """Return what `run_attestations` returns for the listing whose facts `document` stores."""
    stage = checklist.review
    given, said = frozenset(evidence_keys), frozenset(answers.items())
    on = at.astimezone(CHINA).date()
    return _of_answers(stage, on, _looked_at(stage, document), given, said)


def _looked_at(stage: Stage, document: Document) -> tuple[Any, ...]:
    """Return the values of the facts that the items of a stage look at; None is unknown."""
    return tuple(
        tuple(value) if type(value := document[one.topic].get(one.name)) is list else value
        for one in stage.facts
    )


@lru_cache(maxsize=MOST_ALIKE)
def _of_values(
    stage: Stage, day: ItemsOfDay, values: tuple[Any, ...], given: frozenset[str]
) -> tuple[Finding, ...]:
    # Each place of `values` is one fact, of one type, so that equal values are the same value.
    pairs = zip(stage.facts, values, strict=True)
    variables = {one.variable: value for one, value in pairs if value is not None}
    return _of_day(stage, day, variables, given)


@lru_cache(maxsize=MOST_ALIKE)
def _of_answers(
    stage: Stage,
    on: date,
    values: tuple[Any, ...],
    given: frozenset[str],
    said: frozenset[tuple[str, bool]],
) -> tuple[Finding, ...]:
    pairs = zip(stage.facts, values, strict=True)
    known = {one.path: value for one, value in pairs if value is not None}
    return run_items(stage.items, known, given, on=on, answers=dict(said))


def _of_day(
    stage: Stage, day: ItemsOfDay, variables: Mapping[str, Any], evidence_keys: Collection[str]
) -> tuple[Finding, ...]:
    context = context_of(variables)
    if day.any_hits(context) is False:
        return ()
    known = {one.path: variables[one.variable] for one in stage.facts if one.variable in variables}
    return _findings(day.items, known, context, evidence_keys, {})


def run_attestations(
    checklist: Checklist,
    facts: ListingFacts,
    evidence_keys: Collection[str],
    answers: Answers,
    *,
    at: datetime,
) -> tuple[Finding, ...]:
    """Return the findings of what a reviewer is asked about a listing with `facts`.

    `answers` maps the code of a question to yes or no. A yes leaves no finding, a no is a hit, and
    no answer is unknown; a question that the facts rule out is not asked.
    """
    known = {
        one.path: value
        for one in checklist.review.facts
        if (value := getattr(getattr(facts, one.topic), one.name)) is not None
    }
    on = at.astimezone(CHINA).date()
    return run_items(checklist.review.items, known, evidence_keys, on=on, answers=answers)


def run_items(
    prepared: Collection[PreparedItem],
    known: Mapping[str, Any],
    evidence_keys: Collection[str],
    *,
    on: date,
    answers: Answers | None = None,
) -> tuple[Finding, ...]:
    """Return the findings of those of `prepared` that are in force on that day.

    `known` maps the path of each fact that is known to its value; any other is unknown.
    """
    in_force = [one for one in prepared if one.item.in_force_on(on)]
    context = context_of({variable(path): value for path, value in known.items()})
    return _findings(in_force, known, context, evidence_keys, answers or {})


def _findings(
    prepared: Collection[PreparedItem],
    known: Mapping[str, Any],
    context: cel.Context,
    evidence_keys: Collection[str],
    answers: Answers,
) -> tuple[Finding, ...]:
    given = frozenset(evidence_keys)
    findings = []
    for one in prepared:
        hit = one.when(context)
        if hit is not False and one.item.kind == "attestation":
            answer = answers.get(one.item.code)
            hit = None if answer is None else not answer
        if hit is not False:
            findings.append(_finding(one, hit, known, context, given))
    return tuple(findings)


def _finding(
    prepared: PreparedItem,
    hit: bool | None,
    known: Mapping[str, Any],
    context: cel.Context,
    given: frozenset[str],
) -> Finding:
    item = prepared.item
    status: Status = "unknown" if hit is None else "hit"
    if _lifted(prepared, context, given):
        status = "lifted"
    named = item.evidence
    return Finding(
        code=item.code,
        severity=item.severity,
        scope=item.scope,
        status=status,
        refusal=_refusal(prepared, status),
        facts=tuple((path, known[path]) for path in prepared.facts if path in known),
        missing=tuple(path for path in prepared.facts if path not in known),
        lifted_by=tuple(key for key in named if key in given) if status == "lifted" else (),
        lacking=() if status == "lifted" else tuple(key for key in named if key not in given),
    )


def _lifted(prepared: PreparedItem, context: cel.Context, given: frozenset[str]) -> bool:
    """Say whether the lift holds. Each key an item names is true or false, so none is missing."""
    if prepared.lift is None:
        return False
    for key in prepared.item.evidence:
        context.add_variable(variable(f"evidence.{key}"), key in given)
    return prepared.lift(context) is True


def _refusal(prepared: PreparedItem, status: Status) -> str:
    if status == "unknown":
        return UNKNOWN_FACT
    return prepared.item.refusal or DEFAULT_REFUSALS[prepared.item.severity]

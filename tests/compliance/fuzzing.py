"""Random expressions and random facts, in a process of its own: it ends by its own limits.

What may never happen is a silent pass: an item is clear while a fact is unknown, although some
value of that fact would make it hit. `python -m tests.compliance.fuzzing SEED COUNT` prints counts.
"""

import json
import random
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cel

import compliance
from compliance.facts import (
    LISTING_TOPICS,
    ORDER_TOPICS,
    TOPICS,
    Fact,
    Facts,
    FactsRefused,
    fact_at,
    facts_of,
    listing_from_document,
    order_from_document,
)
from compliance.rules import Checklist, Finding, NotCel, compile_checklist, run, run_attestations
from compliance.rules.evaluation import Answerer, compiled, context_of
from compliance.rules.language import Expression, flattened, parse, variable
from compliance.rules.run import run_items

CPU_SECONDS = 30
MOMENT = datetime(2026, 11, 23, 4, tzinfo=UTC)
LIST = Path(compliance.__file__).parent / "checklists" / "2026.3.json"
PATHS = [f"{topic}.{name}" for topic, kind in TOPICS.items() for name in facts_of(kind)]
COUNTS = (0, 1, 29, 30, 50, 500, 5_000, 10_000_000)
STRANGE = ("", "x", "CN", "CN-TJ", "US", "机密★", "' || true", "\\", "🜁")
JUNK = ("has(", "in", "[]", "size(", "'", '"', "&&", "||", "!", "(", ")", ".", "==", "null", "\0")


def any_value(chance: random.Random, fact: Fact) -> Any:
    """Return a value that the fact may have."""
    if fact.kind == "yes_no":
        return chance.random() < 0.5
    if fact.kind == "count":
        return chance.choice(COUNTS)
    words = fact.values or STRANGE
    if fact.kind == "word":
        return chance.choice(words)
    return tuple(chance.sample(words, chance.randint(0, min(3, len(words)))))


def values_of(fact: Fact, source: str) -> Iterator[Any]:
    """Yield values of a fact that could make `source` come out otherwise."""
    if fact.kind == "yes_no":
        yield from (True, False)
    elif fact.kind == "count":
        yield from COUNTS
    else:
        words = [word for word in fact.values or STRANGE if f"'{word}'" in source]
        words = [*words, (fact.values or STRANGE)[0]]
        yield from words if fact.kind == "word" else ((), *((one,) for one in words))


def expression(chance: random.Random, depth: int = 0) -> str:
    """Return an expression that is mostly of the language, over the names of facts."""
    roll = chance.random()
    if depth < 4 and roll < 0.45:
        left, right = expression(chance, depth + 1), expression(chance, depth + 1)
        return f"({left}) {chance.choice(['&&', '||'])} ({right})"
    if depth < 4 and roll < 0.55:
        return f"!({expression(chance, depth + 1)})"
    if roll < 0.57:
        return " ".join(chance.choice([*JUNK, *PATHS[:40]]) for _ in range(chance.randint(1, 8)))
    return comparison(chance)


def comparison(chance: random.Random) -> str:
    """Return a comparison of one fact, now and then with a value of another type."""
    path = chance.choice(PATHS)
    fact = fact_at(path)
    assert fact is not None
    if chance.random() < 0.03:
        fact = replace(fact, kind=chance.choice(["yes_no", "count", "word", "words"]))
    word = chance.choice(fact.values or STRANGE)
    if fact.kind == "yes_no":
        return chance.choice([path, f"!{path}", f"{path} == {chance.choice(['true', 'false'])}"])
    if fact.kind == "count":
        sign = chance.choice(["<", "<=", ">", ">=", "==", "!="])
        return f"{path} {chance.choice(['', '* 10 ', '+ 1 '])}{sign} {chance.choice(COUNTS)}"
    if fact.kind == "word":
        return chance.choice(
            [f"{path} == '{word}'", f"{path} in ['{word}']", f"{path} != '{word}'"]
        )
    macro = chance.choice(["exists", "all"])
    return chance.choice([f"{path}.{macro}(x, x == '{word}')", f"size({path}) > 0"])


def silent_passes(
    answer: Answerer, found: Expression, source: str, known: dict[str, Any]
) -> list[str]:
    """Return the facts that, left out, let `answer` say no although a value of them says yes."""
    passing = []
    for path in found.facts:
        rest = {variable(one): value for one, value in known.items() if one != path}
        if answer(context_of(rest)) is not False:
            continue
        fact = fact_at(path)
        assert fact is not None
        for value in values_of(fact, source):
            if answer(context_of({**rest, variable(path): value})) is True:
                passing.append(path)
                break
    return passing


def try_expressions(chance: random.Random, count: int) -> dict[str, Any]:
    """Parse, compile and run random expressions; only the parser may refuse them."""
    accepted, passing = 0, []
    for _ in range(count):
        source = expression(chance)
        found = parse(source)
        if found.faults:
            continue
        try:
            answer = compiled(flattened(source))
        except NotCel:
            continue
        accepted += 1
        known = {}
        for path in found.facts:
            fact = fact_at(path)
            assert fact is not None
            if chance.random() < 0.8:
                known[path] = any_value(chance, fact)
        passing += [f"{path}: {source}" for path in silent_passes(answer, found, source, known)]
    return {"expressions": count, "accepted": accepted, "silent_passes": passing}


def document(chance: random.Random, topics: Any, known: float) -> dict[str, Any]:
    """Return a document of facts, each known with that chance."""
    return {
        topic: {
            name: any_value(chance, fact) if chance.random() < known else None
            for name, fact in facts_of(kind).items()
        }
        for topic, kind in topics.items()
    }


def with_less(chance: random.Random, whole: dict[str, Any]) -> dict[str, Any]:
    """Return a document in which some of the facts of `whole` are unknown."""
    return {
        topic: {name: None if chance.random() < 0.3 else one for name, one in part.items()}
        for topic, part in whole.items()
    }


def spoiled(chance: random.Random, whole: dict[str, Any]) -> Any:
    """Return a document with something in it that no fact can be."""
    topic = chance.choice(list(whole))
    name = chance.choice(list(whole[topic]))
    wrong = chance.choice([-1, 2**70, 0.5, [], {}, "\ud800", ["x"] * 500, object, b"", "no word"])
    chance.choice(
        [
            lambda: whole[topic].update({name: wrong}),
            lambda: whole.update({topic: wrong}),
            lambda: whole.update({"strange": {}}),
            lambda: whole[topic].update({"strange": True}),
        ]
    )()
    return whole


def said(checklist: Checklist, facts: Facts) -> tuple[Finding, ...]:
    """Return every finding on `facts`, those of the reviewer's questions too."""
    found = run(checklist, facts, (), at=MOMENT)
    if hasattr(facts, "product"):
        found += run_attestations(checklist, facts, (), {}, at=MOMENT)  # type: ignore[arg-type]
    return found


def try_documents(chance: random.Random, count: int) -> dict[str, Any]:
    """Run the list over random facts and over less of the same: what blocked goes on blocking."""
    checklist = compile_checklist(json.loads(LIST.read_text(encoding="utf-8")))
    readers: list[tuple[Any, Callable[[Any], Facts]]] = [
        (LISTING_TOPICS, listing_from_document),
        (ORDER_TOPICS, order_from_document),
    ]
    refused, hits, passing = 0, 0, []
    for number in range(count):
        topics, read = readers[number % 2]
        whole = document(chance, topics, known=0.9)
        if number % 10 == 0:
            with suppress(FactsRefused):
                said(checklist, read(spoiled(chance, whole)))
                continue
            refused += 1
            continue
        facts, less = read(whole), read(with_less(chance, whole))
        blocking = {one.code for one in said(checklist, facts) if one.blocks}
        still = {one.code for one in said(checklist, less) if one.blocks}
        hits += len(blocking)
        passing += sorted(blocking - still)
    return {"documents": count, "refused": refused, "hits": hits, "silent_passes": passing}


def shortcut_differs(chance: random.Random, count: int) -> int:
    """Return how often asking all items at once says another thing than asking each."""
    checklist = compile_checklist(json.loads(LIST.read_text(encoding="utf-8")))
    differing = 0
    for _ in range(count):
        facts = order_from_document(document(chance, ORDER_TOPICS, known=0.97))
        known = {
            one.path: value
            for one in checklist.order.facts
            if (value := getattr(getattr(facts, one.topic), one.name)) is not None
        }
        each = run_items(checklist.order.items, known, (), on=MOMENT.date())
        differing += run(checklist, facts, (), at=MOMENT) != each
    return differing


def main() -> None:
    """Fuzz with the seed and the count given; print what came of it as one JSON object."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(seed)
    made = {
        "expressions": try_expressions(chance, count),
        "documents": try_documents(chance, count),
        "shortcut_differs": shortcut_differs(chance, count // 10),
        "engine": bool(cel.evaluate("true", {})),
    }
    json.dump(made, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()

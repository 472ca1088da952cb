"""manage.py make_docs: write the pages of docs/ that the code makes, or say which are stale."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from compliance.facts import (
    FACTS_VERSION,
    LISTING_TOPICS,
    ORDER_TOPICS,
    TOPICS,
    Fact,
    facts_of,
)
from compliance.facts.names import NAMES
from compliance.rules import (
    ChecklistDocument,
    Item,
    Source,
    compile_checklist,
    read_document,
)
from compliance.rules.coverage import FATES, Fate, fates, read_rows
from core.errors import DomainError
from core.machine import MACHINES, Machine
from exchange.demo.catalogue import answers
from exchange.settings import VARIABLES

DOCS = Path(settings.BASE_DIR) / "docs"
LISTS = Path(settings.BASE_DIR) / "compliance" / "checklists"
CHECKLIST, ROWS = LISTS / "2026.3.json", LISTS / "rows.json"
MADE = "<!-- Made by `manage.py make_docs`; a test fails when it is stale. -->"


class Command(BaseCommand):
    """States, errors, checklist, facts, settings and the stand-in, as the code has them."""

    help = "Write the pages of docs/ that the code makes; --check only compares."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare whether files are written."""
        parser.add_argument("--check", action="store_true", help="fail if one is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, or compare."""
        stale = []
        with translation.override("en"):
            for name, text in pages().items():
                file = DOCS / name
                if options["check"]:
                    if not file.exists() or file.read_text(encoding="utf-8") != text:
                        stale.append(name)
                else:
                    file.write_text(text, encoding="utf-8")
        if stale:
            raise CommandError(f"stale: {', '.join(stale)}; run manage.py make_docs")


def pages() -> dict[str, str]:
    """Return the text of each page that is made from the code."""
    return {
        "states.md": _states(),
        "errors.md": _errors(),
        "checklist.md": _checklist(),
        "facts.md": _facts(),
        "settings.md": _settings(),
        "stand_in.md": _stand_in(),
    }


def _page(title: str, *parts: str) -> str:
    return "\n\n".join((f"# {title}", MADE, *parts)).rstrip() + "\n"


def _states() -> str:
    intro = (
        "What may happen to each thing is one table: state → verb → next state. The same table "
        "makes the database guard, so that raw SQL cannot leave it either."
    )
    return _page("States", intro, *(_machine(MACHINES[name]) for name in sorted(MACHINES)))


def _machine(machine: Machine) -> str:
    arrows = [
        f"    {before} --> {after}: {verb}"
        for before, verbs in machine.table.items()
        for verb, after in verbs.items()
    ]
    births = [f"    [*] --> {state}" for state in machine.table if state in machine.born]
    ends = [f"    {state} --> [*]" for state, verbs in machine.table.items() if not verbs]
    rows = [
        f"| {before} | {', '.join(f'{verb} → {after}' for verb, after in verbs.items()) or '–'} |"
        for before, verbs in machine.table.items()
    ]
    diagram = ["```mermaid", "stateDiagram-v2", *births, *arrows, *ends, "```"]
    table = ["| state | verbs |", "|---|---|", *rows]
    return "\n".join([f"## {machine.subject}", "", *diagram, "", *table])


def _errors() -> str:
    kinds = sorted(set(_kinds(DomainError)), key=lambda kind: kind.code)
    rows = [
        f"| `{kind.code}` | {kind.status} | {kind.title} | {kind.way_out or '–'} | "
        f"{kind.__module__.split('.')[0]} |"
        for kind in kinds
    ]
    intro = (
        "Every refusal is a problem document (RFC 9457) whose `type` is `/problems/<code>`. "
        "Clients branch on the code; titles may be worded anew."
    )
    head = ["| code | status | title | what to do | app |", "|---|---|---|---|---|"]
    return _page("Errors", intro, "\n".join([*head, *rows]))


def _kinds(base: type[DomainError]) -> Iterator[type[DomainError]]:
    for kind in base.__subclasses__():
        if "code" in kind.__dict__:
            yield kind
        yield from _kinds(kind)


def _checklist() -> str:
    document = json.loads(CHECKLIST.read_text(encoding="utf-8"))
    checklist = read_document(document)
    rows = read_rows(json.loads(ROWS.read_text(encoding="utf-8")))
    items = checklist.items
    intro = (
        f"List {checklist.code}: {len(items)} items. A prohibited item has no way on; a "
        "restricted one is lifted by evidence; a caution asks for a senior reviewer. A fact that "
        "is not known blocks, and so does a question that nobody has answered."
    )
    kinds = (
        "A *rule* looks at facts ([facts.md](facts.md)). An *attestation* is what only a person "
        "can judge: the reviewer is asked of each version that the condition does not rule out, "
        "and the venue once a year; yes clears it. A *venue rule* rests on no instrument in force."
    )
    answered = (
        f"The field's reference list has {len(rows)} rows, national and local. Each has an item "
        "under its own code; others may cover part of it. `manage.py check_checklist` counts them."
    )
    table = ["| row | item | 条目 | what became of it | where |", "|---|---|---|---|---|"]
    # The end of the list's year, so that the page is the same on whatever day it is made.
    day = date(int(checklist.code[:4]), 12, 31)
    table += [_row(one) for one in fates(rows, checklist, on=day)]
    return _page(
        "Checklist",
        intro,
        kinds,
        "## Rows",
        answered,
        "\n".join(table),
        "## Items",
        *(_item(item, checklist) for item in items),
    )


def _row(one: Fate) -> str:
    fate = FATES[one.fate]
    own = one.own
    if own is not None and own.valid_to is not None:
        fate += f" since {own.valid_to + timedelta(days=1)}"
    if own is not None and own.basis == "venue_rule":
        fate += ", venue rule"
    places = [item.code for item in (own, *one.others) if item is not None]
    links = ", ".join(f"[{code}](#{code.lower()})" for code in places)
    title = (own.title_en, own.title_zh) if own is not None else ("–", "–")
    return f"| {one.row} | {title[0]} | {title[1]} | {fate} | {links} |"


def _item(item: Item, checklist: ChecklistDocument) -> str:
    asked = {"reviewer": " · asked of the reviewer", "venue": " · asked of the venue"}
    head = (
        f"**{item.title_en}** · {item.title_zh} · {item.list} list · **{item.severity}** · "
        f"{item.scope}{asked.get(item.asked_of, '')}"
    )
    lines = [f"### {item.code}", "", head, ""]
    if item.question_en:
        lines.append(f"- Asked: {item.question_en} · {item.question_zh}")
    lines.append(f"- When: {f'`{item.when}`' if item.when else 'always'}")
    if item.lift:
        lines.append(f"- Lifted by: `{item.lift}`")
        kinds = {kind.key: kind for kind in checklist.evidence}
        lines += [
            f"  - `{key}`, from the {kinds[key].by}: {kinds[key].en} · {kinds[key].zh}"
            for key in item.evidence
        ]
    lines += [f"- Way out: {item.exit_path_en} · {item.exit_path_zh}", f"- {_binds(item)}"]
    if item.note_en:
        lines.append(f"- Note: {item.note_en} · {item.note_zh}")
    if item.always_known_en:
        lines.append(f"- Never unknown: {item.always_known_en} · {item.always_known_zh}")
    lines += [f"- Source: {_source(source)}" for source in item.sources]
    examples = ", ".join(f"{one.name} → {one.expect}" for one in item.examples)
    lines.append(f"- Examples: {examples}")
    return "\n".join(lines)


def _binds(item: Item) -> str:
    zone = f", in the zone {item.zone} alone" if item.zone else ""
    until = f" to {item.valid_to}" if item.valid_to else ""
    return f"Binds in {item.territory}{zone}, from {item.valid_from}{until}"


def _source(source: Source) -> str:
    quote = f": “{source.quote}”" if source.quote else ""
    kept = " (kept as a venue rule)" if source.force == "venue_rule" else ""
    return f"{source.instrument} ({source.version}) art. {source.article}{quote}{kept}"


def _facts() -> str:
    document = json.loads(CHECKLIST.read_text(encoding="utf-8"))
    resting = _items_by_fact(document)
    count = sum(len(facts_of(topic)) for topic in TOPICS.values())
    intro = (
        f"Facts version {FACTS_VERSION}: {count} facts, the same for screening, gate, stored "
        "decisions and the language of items. The JSON Schema is `/api/v1/facts-schema`; both come "
        "from `compliance/facts/`. A fact that is not known is null, is left out of what items "
        "see, and blocks wherever an item depends on it."
    )
    parts = []
    for title, topics in (("listing", LISTING_TOPICS), ("order", ORDER_TOPICS)):
        parts.append(f"## Facts of {title}s")
        for name, topic in topics.items():
            parts.append(f"### {name}\n\n{(topic.__doc__ or '').strip()}")
            rows = [
                "| fact | 中文 | type | meaning | from | null means | items |",
                "|---|---|---|---|---|---|---|",
            ]
            rows += [_fact(f"{name}.{key}", one, resting) for key, one in facts_of(topic).items()]
            parts.append("\n".join(rows))
    return _page("Facts", intro, *parts)


def _fact(path: str, fact: Fact, resting: dict[str, list[str]]) -> str:
    kind = {"yes_no": "yes or no", "count": "whole number", "word": "word", "words": "words"}
    words = f": {', '.join(f'`{one}`' for one in fact.values)}" if fact.values else ""
    asked = ", a bare yes or no" if fact.asks else ""
    items = ", ".join(f"[{code}](checklist.md#{code.lower()})" for code in resting.get(path, ()))
    return (
        f"| `{path}` | {NAMES[path][1]} | {kind[fact.kind]}{words} | {fact.meaning} | "
        f"{', '.join(fact.suppliers)}{asked} | {fact.unknown} | {items or '–'} |"
    )


def _items_by_fact(document: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    checklist = compile_checklist(document)
    stages = (checklist.listing, checklist.review, checklist.order)
    for one in (one for stage in stages for one in stage.items):
        for path in dict.fromkeys((*one.facts, *one.lift_facts)):
            found.setdefault(path, []).append(one.item.code)
    return found


def _settings() -> str:
    rows = [f"| `{name}` | {text} |" for name, text in VARIABLES.items()]
    intro = "Every variable that the settings read; nothing else configures a venue."
    return _page("Settings", intro, "\n".join(["| variable | meaning |", "|---|---|", *rows]))


def _stand_in() -> str:
    intro = (
        "`manage.py trading_day --catalogue FILE` runs a trading day on the listings of real "
        "exchanges (JSON Lines as `import_catalogue` reads them). Everything about it is "
        "simulated: the organisations are pseudonyms, nobody can sign in as one, products and "
        "contracts say `simulated`, no certificate is issued, and the files are invented."
    )
    limits = (
        "What a listing states stays as it is, above all its grade: core data is blocked, "
        "important data waits for evidence that is not brought, and a grade that is said to be "
        "unfinished (待完善) is unknown. What it leaves open is answered as below, at random but "
        "always the same for the same listing, so no answer says anything about a real product. "
        f"One listing in {100 // answers.LEFT_PERCENT} leaves one of these questions open: "
        f"{', '.join(f'`{path}`' for path in answers.LEFT_OPEN)}."
    )
    kinds = (
        "A listing is about `persons` if its title or summary speaks of them and of no "
        "enterprise, or its class is stated to be personal; it is `public` if it speaks of public "
        "bodies or says so; else it is one of the `others`."
    )
    prices = (
        "A listing without a price is open to negotiation, never free. Plans of general data that "
        f"are not about persons are standing offers in {answers.STANDING_PERCENT} cases of 100, "
        "else the vendor confirms."
    )
    rows = ["| question | asked of | answers (weight of 100) |", "|---|---|---|"]
    for answer in answers.ANSWERS:
        given = ", ".join(f"{_told(value)} {weight}" for value, weight in answer.choices)
        rows.append(f"| `{answer.path}` | {answer.asked_of} | {given} |")
    brought = ["| when | evidence | of 100 |", "|---|---|---|"]
    for brings in answers.EVIDENCE:
        keys = ", ".join(f"`{key}`" for key in brings.keys)
        brought.append(f"| {brings.when.replace('_', ' ')} | {keys} | {brings.percent} |")
    return _page(
        "The stand-in",
        intro,
        limits,
        kinds,
        prices,
        "## Answers",
        "\n".join(rows),
        "## Evidence",
        "\n".join(brought),
    )


def _told(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)

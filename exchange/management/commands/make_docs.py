"""manage.py make_docs: write the pages of docs/ that the code makes, or say which are stale."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from core.errors import DomainError
from core.machine import MACHINES, Machine
from exchange.demo.catalogue import answers
from exchange.settings import VARIABLES

DOCS = Path(settings.BASE_DIR) / "docs"
CHECKLIST = Path(settings.BASE_DIR) / "compliance" / "checklists" / "2026.2.json"
MADE = "<!-- Made by `manage.py make_docs`; a test fails when it is stale. -->"


class Command(BaseCommand):
    """States, errors, checklist, settings and the stand-in's answers, as the code has them."""

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
    items = document["items"]
    intro = (
        f"List {document['code']}: {len(items)} items. A prohibited item has no way on; a "
        "restricted one is lifted by evidence; a caution asks for a senior reviewer. A fact that "
        "is not known blocks."
    )
    return _page("Checklist", intro, *(_item(item) for item in items))


def _item(item: dict[str, Any]) -> str:
    sources = "; ".join(
        f"{one['instrument']} ({one['version']}) art. {one['article']}" for one in item["sources"]
    )
    lines = [
        f"## {item['code']} {item['title_en']}",
        "",
        f"{item['title_zh']} · {item['list']} list · **{item['severity']}** · {item['scope']}",
        "",
        f"- When: `{item['when']}`",
    ]
    if item.get("lift"):
        lines.append(f"- Lifted by: `{item['lift']}`")
    lines += [
        f"- Way out: {item['exit_path_en']}",
        f"- Source: {sources}",
        f"- Examples: {', '.join(one['name'] for one in item['examples'])}",
    ]
    return "\n".join(lines)


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

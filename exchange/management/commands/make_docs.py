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
from exchange.settings import VARIABLES

DOCS = Path(settings.BASE_DIR) / "docs"
CHECKLIST = Path(settings.BASE_DIR) / "compliance" / "checklists" / "2026.1.json"
MADE = "<!-- Made by `manage.py make_docs`; a test fails when it is stale. -->"


class Command(BaseCommand):
    """States, errors, checklist and settings, as the code has them."""

    help = "Write docs/states.md, errors.md, checklist.md and settings.md; --check only compares."

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

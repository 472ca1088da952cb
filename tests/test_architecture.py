"""The house stands: foreign keys point down, states move in one place, file names are promises."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

from core.machine import MACHINES

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {
    "core": 0,
    "listings": 1,
    "compliance": 2,
    "settlement": 2,
    "delivery": 2,
    "exchange": 3,
}
# Rooms of every app, then those that only one app has.
ROOMS = {
    *(
        "__init__",
        "admin",
        "api",
        "apps",
        "errors",
        "management",
        "migrations",
        "models",
        "outside",
    ),
    *("selectors", "serializers", "services", "sql", "states", "tasks", "urls", "templatetags"),
}
OWN_ROOMS = {
    "core": {
        *(
            "actors",
            "canonical",
            "events",
            "fields",
            "files",
            "guards",
            "ids",
            "launcher",
            "machine",
        ),
        *("arrays", "merkle", "middleware", "money", "secrets", "service", "signing", "sqlfiles"),
    },
    "listings": {"catalogue_files", "content", "prices", "terms"},
    "compliance": {
        *("checklists", "cross_border", "facts", "gate", "grounds", "risk", "rules", "scan"),
        *("statements", "templates"),
    },
    "settlement": {"bank", "fees", "splits"},
    "delivery": {"links", "receipts", "representations"},
    "exchange": {
        *("celery", "contracts", "demo", "health", "judging", "matching", "middleware", "portal"),
        *("pricing", "reactions", "settings", "static", "templates", "wsgi"),
    },
}
# The queue's own rows, the other bank's books, and what the story remembers of the API.
NO_MACHINES = (
    "core/machine.py",
    "core/services/work.py",
    "settlement/management/sandbox/",
    "exchange/demo/",
    *(f"{app}/migrations/" for app in FLOORS),
)
MOVES = re.compile(r"^-- moves: ([\w-]+) (\w+) -(\w+)-> (\w+)$", re.MULTILINE)


def test_foreign_keys_point_down() -> None:
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in FLOORS
        for field in model._meta.get_fields()
        if field.many_to_one or (field.one_to_one and not field.auto_created)
        if (other := field.related_model) is not None
        and not isinstance(other, str)
        and other._meta.app_label in FLOORS
        and other is not model
        and other._meta.app_label != model._meta.app_label
        and FLOORS[other._meta.app_label] >= FLOORS[model._meta.app_label]
    ]

    assert wrong == []


@pytest.mark.parametrize("app", sorted(FLOORS))
def test_every_room_is_from_the_list(app: str) -> None:
    found = {
        path.stem
        for path in (ROOT / app).iterdir()
        if path.suffix == ".py" or (path.is_dir() and path.name != "__pycache__")
    }

    assert found - ROOMS - OWN_ROOMS[app] == set()


def test_states_move_in_the_machine_only() -> None:
    assert [
        f"{path.relative_to(ROOT)}:{line}"
        for app in FLOORS
        for path in (ROOT / app).rglob("*.py")
        if not path.relative_to(ROOT).as_posix().startswith(NO_MACHINES)
        for line in _moves_by_hand(path)
    ] == []


def _moves_by_hand(path: Path) -> list[int]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Attribute) and target.attr == "state" for target in node.targets
        ):
            found.append(node.lineno)
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "update"
            and any(word.arg == "state" for word in node.keywords)
        ):
            found.append(node.lineno)
    return found


def test_sql_declares_moves_of_the_tables() -> None:
    declared = [
        (path, move)
        for app in FLOORS
        for path in (ROOT / app).glob("sql/*.sql")
        for move in MOVES.findall(path.read_text(encoding="utf-8"))
    ]

    assert len(declared) >= 8
    for path, (subject, before, verb, after) in declared:
        assert MACHINES[subject].table[before][verb] == after, path


def test_sql_touches_its_own_tables_only() -> None:
    table = re.compile(
        r"\b(?:FROM|JOIN|INTO|UPDATE)\s+((?:core|listings|compliance|settlement|delivery|exchange)_"
        r"[a-z]+)\b(?!\s*\()"
    )
    for app in FLOORS:
        for path in (ROOT / app).glob("sql/*.sql"):
            text = re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
            for name in set(table.findall(text)):
                owner = name.split("_")[0]
                writes = re.search(rf"\b(INSERT INTO|UPDATE|DELETE FROM)\s+{name}\b", text)
                assert owner == app or not writes, f"{path.name} writes {name}"
                assert FLOORS[owner] <= FLOORS[app], f"{path.name} reads {name}"

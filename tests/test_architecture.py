"""The house stands: foreign keys point down, states move in one place, file names are promises."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from core.machine import MACHINES
from core.sqlfiles import together

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {
    "core": 0,
    "listings": 1,
    "compliance": 2,
    "settlement": 2,
    "delivery": 2,
    "exchange": 3,
}
# A row of the table of file names in docs/architecture.md.
ROOM = re.compile(r"^\| ((?:`\w+`(?:, )?)+) \| ([\w ,]+) \| .+ \|$", re.MULTILINE)
WITHOUT_PYTHON = {"sql", "checklists", "templates", "static"}
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"
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


def promised() -> dict[str, set[str]]:
    """Return the file names that docs/architecture.md promises, each with its apps."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = {}
    for names, where in ROOM.findall(text):
        apps_named = {word.strip(",") for word in where.split()} & set(FLOORS)
        every = where == "every app" or where.startswith("all but ")
        for name in re.findall(r"\w+", names):
            rooms[name] = set(FLOORS) - apps_named if every else apps_named
    return rooms


@pytest.mark.parametrize("app", sorted(FLOORS))
def test_every_app_has_the_rooms_that_are_promised(app: str) -> None:
    found = {
        path.stem
        for path in (ROOT / app).iterdir()
        if path.suffix == ".py" or (path.is_dir() and path.name != "__pycache__")
    }

    assert found - {"__init__"} == {name for name, where in promised().items() if app in where}


def test_every_promised_room_has_its_layer() -> None:
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    contracts = {one["name"]: one for one in lint["importlinter"]["contracts"]}
    layers = re.findall(r"\w+", " ".join(contracts["rooms"]["layers"]))

    assert sorted(layers) == sorted(set(promised()) - WITHOUT_PYTHON)
    assert contracts["rooms"]["containers"] == list(FLOORS)


def linted(house: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("file", "text", "refusal"),
    [
        ("listings/utils.py", "", "- listings.utils"),
        ("delivery/states.py", "import delivery.services\n", "delivery.states -> delivery.ser"),
        ("core/services/people.py", "import core.outside\n", "core.services.people -> core.outs"),
        ("exchange/services/orders.py", "import settlement.outside\n", "orders -> settlement.outs"),
        ("settlement/fees.py", "import settlement.splits\nimport django\n", "fees -> django"),
    ],
)
def test_what_breaks_the_layers_breaks_the_build(
    tmp_path: Path, file: str, text: str, refusal: str
) -> None:
    house = tmp_path / "house"
    for app in FLOORS:
        shutil.copytree(ROOT / app, house / app, ignore=shutil.ignore_patterns("static"))
    shutil.copy(ROOT / "pyproject.toml", house)
    before = linted(house)
    with (house / file).open("a", encoding="utf-8") as added:
        added.write(text)

    after = linted(house)

    assert (before.returncode, after.returncode) == (0, 1), before.stdout
    assert refusal in after.stdout


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


def test_migrations_do_their_additions_together() -> None:
    """Written `operations = together([…])`: else every venue and every test run waits for them."""
    apart = [
        str(migration)
        for (app, _name), migration in MigrationLoader(None).disk_migrations.items()
        if app in FLOORS and len(together(migration.operations)) < len(migration.operations)
    ]

    assert apart == []

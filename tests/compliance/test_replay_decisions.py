"""Replay: a decision comes out the same years later, and an altered one is named."""

import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from compliance import services
from compliance.models import ChecklistVersion, Decision
from core.actors import SYSTEM
from tests.compliance import cast
from tests.exchange import cast as market_cast

pytestmark = pytest.mark.django_db


def replayed() -> dict[str, Any]:
    """Return what the command says; it fails where a decision does not come out the same."""
    out = io.StringIO()
    try:
        call_command("replay_decisions", json=True, stdout=out, stderr=io.StringIO())
    except (CommandError, SystemExit):
        return {"failed": True, **json.loads(out.getvalue() or "{}")}
    found: dict[str, Any] = {"failed": False, **json.loads(out.getvalue())}
    return found


def day_with_a_newer_list(at: datetime) -> None:
    """Decisions on a listing, a blocked one and orders; then another list takes force."""
    market = market_cast.market(at)
    special = {**cast.content()["special"], "state_secret": True}
    cast.screened(market.vendor, at, special=special)
    market_cast.place(market)
    market_cast.place(market, purpose="marketing")
    former = ChecklistVersion.objects.get(state="IN_FORCE")
    cast.scheduled(
        market.desk, at, cast.no_reports("prohibited"), effective_at=at + timedelta(minutes=1)
    )
    later = at + timedelta(minutes=2)
    services.prepare_clearances(limit=100, actor=SYSTEM, at=later)
    services.enforce_checklist(actor=SYSTEM, at=later)
    former.refresh_from_db()
    assert former.state == "SUPERSEDED"


def test_decisions_come_out_the_same_under_the_list_of_their_time(at: datetime) -> None:
    day_with_a_newer_list(at)
    kinds = set(Decision.objects.values_list("kind", flat=True))

    found = replayed()

    assert {"listing", "order"} <= kinds
    assert found["failed"] is False
    assert found["replayed"] == Decision.objects.count() > 3


def test_altered_fact_is_named(at: datetime) -> None:
    day_with_a_newer_list(at)
    cleared = Decision.objects.filter(kind="listing", verdict="cleared").earliest("at", "id")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE compliance_decision SET facts = jsonb_set(facts, %s, 'true') WHERE id = %s",
            [["special", "state_secret"], cleared.pk],
        )
        assert cursor.rowcount == 1
        cursor.execute("SET LOCAL session_replication_role = origin")

    found = replayed()

    assert found["failed"] is True
    assert {one["decision_id"] for one in found["mismatches"]} == {str(cleared.pk)}
    assert {one["what"] for one in found["mismatches"]} >= {"findings", "verdict"}


def test_guard_refuses_to_alter_a_decision(at: datetime) -> None:
    market_cast.market(at)
    decision = Decision.objects.earliest("at", "id")
    before = decision.facts

    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(facts={})
    assert Decision.objects.get(pk=decision.pk).facts == before


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    """Return how the command ended, and what it printed."""
    out = io.StringIO()
    try:
        call_command("replay_decisions", "--json", *arguments, stdout=out, stderr=io.StringIO())
    except SystemExit as end:
        return int(str(end.code)), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_run_that_was_broken_off_goes_on_and_repeats_nothing(at: datetime, tmp_path: Path) -> None:
    day_with_a_newer_list(at)
    total, kept = Decision.objects.count(), tmp_path / "progress.json"
    until = (at + timedelta(days=1)).isoformat()
    same = ("--progress", str(kept), "--until", until)

    _, first = run(*same, "--most", "2")
    place = json.loads(kept.read_text())["after"]
    _, second = run(*same, "--most", "1")
    _, rest = run(*same)
    before = kept.read_text()
    _, again = run(*same)

    assert (first["replayed"], first["complete"]) == (2, False)
    assert (second["replayed"], second["complete"]) == (3, False)
    assert json.loads(kept.read_text())["after"] != place
    assert (rest["replayed"], rest["complete"], rest["mismatches"]) == (total, True, [])
    assert (again, kept.read_text()) == (rest, before)
    assert list(tmp_path.iterdir()) == [kept]


def test_period_is_from_its_first_moment_to_before_its_last(at: datetime) -> None:
    day_with_a_newer_list(at)
    later = Decision.objects.filter(at__gt=at).count()

    _, early = run("--from", at.isoformat(), "--until", (at + timedelta(seconds=1)).isoformat())
    _, late = run("--from", (at + timedelta(seconds=1)).isoformat())

    assert early["replayed"] == Decision.objects.filter(at=at).count() > 0
    assert late["replayed"] == later > 0


def test_progress_of_another_period_is_not_taken_up(at: datetime, tmp_path: Path) -> None:
    market_cast.market(at)
    kept = tmp_path / "progress.json"
    run("--progress", str(kept), "--most", "1")
    before = kept.read_text()

    for wrong in (("--from", "2020-01-01"), ("--until", "2020-01-01"), ("--most", "0")):
        with pytest.raises(CommandError):
            run("--progress", str(kept), *wrong)
    assert kept.read_text() == before
    for bad in ("", "[]", "{}", '{"after": [1, 2]}'):
        kept.write_text(bad)
        with pytest.raises(CommandError, match="keeps no progress"):
            run("--progress", str(kept))

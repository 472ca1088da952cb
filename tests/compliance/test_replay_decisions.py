"""Replay: a decision comes out the same years later, and an altered one is named."""

import io
import json
from datetime import datetime, timedelta
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

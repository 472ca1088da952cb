"""Trying a list: over the whole live catalogue, before it takes force, and changing nothing."""

from datetime import datetime, timedelta

from compliance import services
from compliance.models import Clearance, Trial, TrialFinding
from compliance.selectors import checklist_in_force
from core.errors import Conflict
from core.services.work import drain
from exchange.reactions import REACTIONS
from tests import make
from tests.compliance import cast
from tests.listings.cast import refused


def carry_out(at: datetime) -> dict[str, int]:
    return drain(
        reactions={"run_trials": REACTIONS["run_trials"]},
        limit=100,
        clock=lambda: at + timedelta(minutes=1),
    )


def test_trial_shows_what_would_be_blocked_and_changes_nothing(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    in_force = cast.in_force(at)
    clearance = cast.cleared(make.vendor(at), desk, at)
    stricter = cast.item(
        "TST-09",
        "product.form == 'dataset'",
        "prohibited",
        examples=[
            {"name": "hit", "expect": "hit", "facts": {"product.form": "dataset"}},
            {"name": "clear", "expect": "clear", "facts": {"product.form": "report"}},
            {"name": "not stated", "expect": "unknown", "facts": {"product.form": None}},
        ],
    )
    drafted = services.draft_checklist(
        document=cast.document("2026.2", stricter), actor=desk.author, at=at
    )
    services.try_checklist(checklist_id=drafted.pk, actor=desk.author, at=at)

    # The list in force was tried once too; it is in trial no more and left alone.
    assert carry_out(at) == {"run_trials": 2}
    assert carry_out(at) == {}

    trial = Trial.objects.get()
    assert trial.checklist_id == drafted.pk
    assert (trial.versions_count, trial.blocked_count) == (1, 1)
    assert list(TrialFinding.objects.values_list("version_id", "item", "blocks")) == [
        (clearance.version_id, "TST-09", True)
    ]
    assert Clearance.objects.get().state == "LIVE"
    assert checklist_in_force(at).code == in_force.code


def test_list_is_scheduled_only_after_its_trial_and_by_another(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    drafted = services.draft_checklist(
        document=cast.document("2026.2", cast.no_reports()), actor=desk.author, at=at
    )
    services.try_checklist(checklist_id=drafted.pk, actor=desk.author, at=at)
    wanted = {
        "checklist_id": drafted.pk,
        "effective_at": at + timedelta(days=1),
        "actor": desk.second_author,
        "at": at,
    }

    with refused(Conflict):
        services.schedule_checklist(**wanted)
    drafted.refresh_from_db()
    assert drafted.state == "TRIAL"

    carry_out(at)
    services.schedule_checklist(**wanted)
    drafted.refresh_from_db()
    assert drafted.state == "SCHEDULED"

"""Trying a list: over the whole live catalogue, before it takes force, and changing nothing."""

from datetime import datetime, timedelta

from compliance import services
from compliance.models import Clearance, Trial, TrialFinding
from compliance.selectors import checklist_in_force
from core.errors import Conflict
from tests import make
from tests.compliance import cast
from tests.listings.cast import refused


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

    assert cast.run_trials(at) == 1
    assert cast.run_trials(at) == 0

    trial = Trial.objects.get()
    assert trial.checklist_id == drafted.pk
    assert (trial.state, trial.total_count) == ("FINISHED", 1)
    assert (trial.versions_count, trial.blocked_count, trial.freed_count) == (1, 1, 0)
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

    cast.run_trials(at)
    services.schedule_checklist(**wanted)
    drafted.refresh_from_db()
    assert drafted.state == "SCHEDULED"

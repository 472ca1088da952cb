"""From draft to superseded: trials in batches, four eyes, the re-run, and what vendors are told."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction

from compliance import selectors, services
from compliance.errors import ChecklistAlreadyScheduled, ItemChanged
from compliance.models import (
    ChangeNotice,
    ChecklistVersion,
    Clearance,
    Decision,
    Trial,
    TrialFinding,
)
from core.actors import SYSTEM
from core.errors import Conflict, FourEyes, IllegalTransition, Malformed
from core.models import Event
from core.services.work import drain
from exchange.reactions import REACTIONS
from tests import make
from tests.compliance import cast
from tests.listings.cast import refused
from tests.races.serving import ROOT, environment, together


def no_datasets(severity: str = "prohibited", code: str = "TST-09") -> dict[str, Any]:
    changes: dict[str, Any] = {
        "examples": [
            {"name": "hit", "expect": "hit", "facts": {"product.form": "dataset"}},
            {"name": "clear", "expect": "clear", "facts": {"product.form": "report"}},
            {"name": "not stated", "expect": "unknown", "facts": {"product.form": None}},
        ]
    }
    if severity == "restricted":
        changes |= {"lift": "evidence.separate_consent", "evidence": ["separate_consent"]}
        lifted = {"name": "lifted", "expect": "lifted", "evidence": ["separate_consent"]}
        changes["examples"].append({**lifted, "facts": {"product.form": "dataset"}})
    return cast.item(code, "product.form == 'dataset'", severity, **changes)


def state_of(row: Any) -> str:
    return str(type(row).objects.get(pk=row.pk).state)


# Trials


def test_trial_shows_what_would_be_freed(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at, no_datasets())
    blocked = cast.screened(make.vendor(at), at)
    assert blocked.state == "BLOCKED"

    cast.tried(desk, at)

    trial = Trial.objects.get()
    assert (trial.versions_count, trial.blocked_count, trial.freed_count) == (1, 0, 1)
    row = TrialFinding.objects.get()
    assert (row.version_id, row.item, row.blocks, row.freed) == (
        blocked.pk,
        "TST-09",
        False,
        True,
    )
    assert state_of(blocked) == "BLOCKED"


def test_interrupted_trial_goes_on_where_it_stopped(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    vendor = make.vendor(at)
    cleared = [cast.cleared(vendor, desk, at).version_id for _ in range(3)]
    drafted = services.draft_checklist(
        document=cast.document("2026.2", no_datasets()), actor=desk.author, at=at
    )
    common: dict[str, Any] = {"checklist_id": drafted.pk, "actor": desk.author, "at": at}
    services.try_checklist(**common)
    trial = Trial.objects.get()

    services.run_trials(limit=2, actor=SYSTEM, at=at)
    services.interrupt_trial(trial_id=trial.pk, **common)
    stopped = services.run_trials(limit=2, actor=SYSTEM, at=at)
    done = Trial.objects.get()
    services.resume_trial(trial_id=trial.pk, **common)
    cast.run_trials(at, limit=2)

    assert stopped == 0
    assert (done.state, done.versions_count, done.total_count) == ("INTERRUPTED", 2, 3)
    trial.refresh_from_db()
    assert (trial.state, trial.versions_count) == ("FINISHED", 3)
    # Each version once: a second row of one would break the unique key.
    found = TrialFinding.objects.values_list("version_id", flat=True)
    assert sorted(found) == sorted(cleared)


def test_trial_is_begun_anew_when_another_list_takes_force_meanwhile(
    db: None, at: datetime
) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    vendor = make.vendor(at)
    for _ in range(2):
        cast.cleared(vendor, desk, at)
    waiting = cast.scheduled(desk, at, effective_at=at + timedelta(hours=1))
    drafted = services.draft_checklist(document=cast.document("2026.3"), actor=desk.author, at=at)
    services.try_checklist(checklist_id=drafted.pk, actor=desk.author, at=at)
    services.run_trials(limit=1, actor=SYSTEM, at=at)
    while services.prepare_clearances(limit=10, actor=SYSTEM, at=at):
        pass
    later = at + timedelta(hours=2)
    services.enforce_checklist(actor=SYSTEM, at=later)

    cast.run_trials(later)

    first, second = Trial.objects.filter(checklist=drafted).order_by("pk")
    assert (first.state, first.fault, first.versions_count) == ("ABANDONED", "superseded", 1)
    assert (second.state, second.versions_count) == ("FINISHED", 2)
    assert second.against_id == waiting.pk
    assert state_of(waiting) == "IN_FORCE"


def test_list_tried_against_a_former_list_has_to_be_tried_again(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    tried = cast.tried(desk, at, code="2026.3")
    cast.scheduled(desk, at, effective_at=at + timedelta(hours=1))
    later = at + timedelta(hours=2)
    while services.prepare_clearances(limit=10, actor=SYSTEM, at=at):
        pass
    services.enforce_checklist(actor=SYSTEM, at=later)
    wanted: dict[str, Any] = {
        "checklist_id": tried.pk,
        "effective_at": later + timedelta(days=1),
        "actor": desk.second_author,
        "at": later,
    }

    with refused(Conflict):
        services.schedule_checklist(**wanted)
    assert state_of(tried) == "TRIAL"

    services.begin_trial(checklist_id=tried.pk, actor=desk.author, at=later)
    cast.run_trials(later)
    services.schedule_checklist(**wanted)
    assert state_of(tried) == "SCHEDULED"


def test_revised_list_leaves_its_trial_behind(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    cast.cleared(make.vendor(at), desk, at)
    drafted = services.draft_checklist(document=cast.document("2026.2"), actor=desk.author, at=at)
    services.try_checklist(checklist_id=drafted.pk, actor=desk.author, at=at)
    services.revise_checklist(checklist_id=drafted.pk, actor=desk.author, at=at)

    assert services.run_trials(limit=10, actor=SYSTEM, at=at) == 0
    trial = Trial.objects.get()
    assert (trial.state, trial.fault, trial.versions_count) == ("ABANDONED", "revised", 0)


def test_trial_whose_child_dies_fails_with_its_reason(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    cast.cleared(make.vendor(at), desk, at)
    # Not valid, so never put on trial by a person: an item that the child cannot compile.
    broken = cast.document("2026.2", cast.item("TST-01", "product.form ==="))
    made = ChecklistVersion.objects.create(
        code="2026.2", items=broken, items_hash="0" * 64, created_at=at
    )
    ChecklistVersion.objects.filter(pk=made.pk).update(state="TRIAL")
    Trial.objects.create(
        checklist=made, against_id=selectors.in_force_id(at), items_hash="0" * 64, at=at
    )

    services.run_trials(limit=10, actor=SYSTEM, at=at)

    trial = Trial.objects.get()
    assert (trial.state, trial.fault) == ("FAILED", "crashed")
    assert not TrialFinding.objects.exists()
    assert desk.author.user_id is not None


# Four eyes


def test_who_wrote_any_item_cannot_schedule_the_list(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    third = make.staff(at, "author")
    drafted = services.draft_checklist(
        document=cast.document("2026.2", cast.no_reports()), actor=desk.author, at=at
    )
    item = drafted.items["items"][-1]
    services.save_item(
        checklist_id=drafted.pk,
        item_code="TST-01",
        item={**item, "title_en": "Worded by another"},
        seen_hash=selectors.item_hash(item),
        actor=desk.second_author,
        at=at,
    )
    services.try_checklist(checklist_id=drafted.pk, actor=third, at=at)
    cast.run_trials(at)
    wanted: dict[str, Any] = {
        "checklist_id": drafted.pk,
        "effective_at": at + timedelta(days=1),
        "at": at,
    }

    for writer in (desk.author, desk.second_author):
        with refused(FourEyes):
            services.schedule_checklist(**wanted, actor=writer)
    assert state_of(drafted) == "TRIAL"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE compliance_checklistversion SET scheduled_by_id = %s WHERE id = %s",
            [desk.second_author.user_id, drafted.pk],
        )

    services.schedule_checklist(**wanted, actor=third)
    assert state_of(drafted) == "SCHEDULED"


def test_who_puts_a_list_of_nobody_here_on_trial_cannot_schedule_it(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    drafted = services.draft_checklist(document=cast.document("2026.2"), actor=SYSTEM, at=at)
    services.try_checklist(checklist_id=drafted.pk, actor=desk.author, at=at)
    cast.run_trials(at)

    with refused(FourEyes):
        services.schedule_checklist(
            checklist_id=drafted.pk,
            effective_at=at + timedelta(days=1),
            actor=desk.author,
            at=at,
        )
    assert state_of(drafted) == "TRIAL"


def test_effective_date_is_bounded(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    tried = cast.tried(desk, at)

    for wrong in (at - timedelta(seconds=1), at.replace(year=9999)):
        with refused(Malformed):
            services.schedule_checklist(
                checklist_id=tried.pk, effective_at=wrong, actor=desk.second_author, at=at
            )
    assert state_of(tried) == "TRIAL"


# Items


def test_item_changed_meanwhile_is_not_overwritten(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    drafted = services.draft_checklist(
        document=cast.document("2026.2", cast.no_reports()), actor=desk.author, at=at
    )
    item = drafted.items["items"][-1]
    common: dict[str, Any] = {
        "checklist_id": drafted.pk,
        "item_code": "TST-01",
        "seen_hash": selectors.item_hash(item),
        "at": at,
    }
    services.save_item(**common, item={**item, "title_en": "First"}, actor=desk.author)
    kept = ChecklistVersion.objects.get(pk=drafted.pk).items_hash

    with refused(ItemChanged):
        services.save_item(**common, item={**item, "title_en": "Second"}, actor=desk.second_author)
    with refused(ItemChanged):
        services.remove_item(**common, actor=desk.second_author)

    now = ChecklistVersion.objects.get(pk=drafted.pk)
    assert (now.items_hash, now.written_by) == (kept, [desk.author.user_id])
    assert now.items["items"][-1]["title_en"] == "First"


def test_scheduled_list_cannot_be_changed(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    waiting = cast.scheduled(desk, at, cast.no_reports(), effective_at=at + timedelta(days=1))
    item = waiting.items["items"][-1]
    common: dict[str, Any] = {"checklist_id": waiting.pk, "actor": desk.author, "at": at}
    seen = {"item_code": "TST-01", "seen_hash": selectors.item_hash(item)}

    with refused(Conflict):
        services.save_item(**common, **seen, item={**item, "severity": "prohibited"})
    with refused(Conflict):
        services.remove_item(**common, **seen)
    with refused(Conflict):
        services.save_checklist(**common, document=waiting.items)
    with refused(Conflict):
        services.save_evidence_kind(**common, key="new_kind", en="a", zh="b", by="vendor")
    assert ChecklistVersion.objects.get(pk=waiting.pk).items_hash == waiting.items_hash


# Races


def test_two_reviewers_scheduling_at_once_schedule_once(live_database: str, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    tried = cast.tried(desk, at)

    def schedule(who: Any) -> str:
        try:
            services.schedule_checklist(
                checklist_id=tried.pk, effective_at=at + timedelta(days=1), actor=who, at=at
            )
        except IllegalTransition as refusal:
            return refusal.code
        return "done"

    answers = together([lambda who=who: schedule(who) for who in (desk.second_author, desk.senior)])

    assert sorted(answers) == ["done", "illegal-transition"]
    assert Event.objects.filter(subject="checklist", verb="schedule").count() == 2


def test_two_lists_scheduled_at_once_leave_one_waiting(live_database: str, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    tried = [cast.tried(desk, at, code=code) for code in ("2026.2", "2026.3")]

    def schedule(row: Any) -> str:
        try:
            services.schedule_checklist(
                checklist_id=row.pk,
                effective_at=at + timedelta(days=1),
                actor=desk.second_author,
                at=at,
            )
        except ChecklistAlreadyScheduled as refusal:
            return refusal.code
        return "done"

    answers = together([lambda row=row: schedule(row) for row in tried])

    assert sorted(answers) == ["checklist-already-scheduled", "done"]
    assert ChecklistVersion.objects.filter(state="SCHEDULED").count() == 1


def test_two_workers_run_each_clearance_again_once(live_database: str, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    vendor = make.vendor(at)
    cleared = [cast.cleared(vendor, desk, at).version_id for _ in range(4)]
    cast.scheduled(desk, at, effective_at=at + timedelta(days=1))

    def work() -> int:
        return int(services.prepare_clearances(limit=2, actor=SYSTEM, at=at))

    assert together([work, work]) == [2, 2]
    runs = Decision.objects.filter(kind="rerun").values_list("reference", flat=True)
    assert sorted(runs) == sorted(cleared)
    assert Clearance.objects.filter(state="PREPARED").count() == 4


WORKER = """
import django; django.setup()
import time
from django.utils import timezone
from compliance import services
from core.actors import SYSTEM
while services.prepare_clearances(limit=1, actor=SYSTEM, at=timezone.now()):
    print("batch", flush=True)
    time.sleep(0.2)
"""


def test_worker_killed_on_the_way_leaves_no_work_to_be_done_twice(
    live_database: str, at: datetime
) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    vendor = make.vendor(at)
    cleared = [cast.cleared(vendor, desk, at).version_id for _ in range(4)]
    effective = at + timedelta(days=1)
    cast.scheduled(desk, at, effective_at=effective)
    settings = {"DJANGO_SETTINGS_MODULE": "exchange.settings"}
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER],
        cwd=ROOT,
        env=environment(live_database) | settings,
        stdout=subprocess.PIPE,
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == b"batch\n"
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    time.sleep(0.2)
    before = Decision.objects.filter(kind="rerun").count()
    assert 1 <= before < 4

    batches = 0
    while services.prepare_clearances(limit=1, actor=SYSTEM, at=at):
        batches += 1

    assert batches == 4 - before
    runs = Counter(Decision.objects.filter(kind="rerun").values_list("reference", flat=True))
    assert runs == Counter(cleared)
    prepared = Clearance.objects.filter(state="PREPARED")
    assert {row.valid_from for row in prepared} == {effective}
    assert [selectors.standing(one, effective).cleared for one in cleared] == [True] * 4


# What vendors are told


def carry_out(at: datetime) -> None:
    reactions = {name: REACTIONS[name] for name in ("announce_changes", "tell_changes")}
    for names in (reactions, {"mail_changes": REACTIONS["mail_changes"]}):
        drain(reactions=names, limit=100, clock=lambda: at)


def test_vendor_is_told_once_ahead_and_once_in_force(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    touched, other = make.vendor(at), make.vendor(at)
    mine = cast.cleared(touched, desk, at).version_id
    cast.cleared(other, desk, at, form="report")
    effective = at + timedelta(days=1)
    cast.scheduled(desk, at, no_datasets("restricted"), effective_at=effective)
    mail.outbox.clear()

    for _ in range(3):
        services.prepare_clearances(limit=1, actor=SYSTEM, at=at)
    services.prepare_clearances(limit=1, actor=SYSTEM, at=at)
    carry_out(at)
    carry_out(at)

    letter = mail.outbox[0]
    assert len(mail.outbox) == 1
    assert "2026.2" in letter.subject
    assert "TST-09" in letter.body
    assert "new orders" in letter.body
    assert "届时失去交易准入" in letter.body
    assert f"/versions/{mine}" in letter.body
    ahead = selectors.change_ahead(mine, at, "en")
    assert ahead is not None
    assert (ahead.kept, ahead.in_force, [one.code for one in ahead.findings]) == (
        False,
        False,
        ["TST-09"],
    )

    services.enforce_checklist(actor=SYSTEM, at=effective)
    carry_out(effective)

    assert len(mail.outbox) == 2
    assert "已失去交易准入" in mail.outbox[1].body
    rows = ChangeNotice.objects.order_by("pk").values_list("organisation_id", "phase")
    assert list(rows) == [
        (touched.organisation_id, "ahead"),
        (touched.organisation_id, "in_force"),
    ]


def test_list_recalled_while_it_is_prepared_leaves_nothing_prepared(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    cast.cleared(make.vendor(at), desk, at)
    waiting = cast.scheduled(desk, at, effective_at=at + timedelta(days=1))
    services.prepare_clearances(limit=10, actor=SYSTEM, at=at)
    services.recall_checklist(checklist_id=waiting.pk, actor=desk.author, at=at)

    assert services.prepare_clearances(limit=10, actor=SYSTEM, at=at) == 0
    assert not Clearance.objects.filter(state="PREPARED").exists()
    assert not Event.objects.filter(verb="announce").exists()

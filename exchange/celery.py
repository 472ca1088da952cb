"""Celery: the wake-up and the schedule. Invariant: PostgreSQL is the queue; tasks hold no work."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exchange.settings")

app = Celery("databourse")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

SWEEP_SECONDS = 5
# What ends in a month, a week or a day is looked for every ten minutes.
WATCH_SECONDS = 600
SWEEPS = (
    "exchange.tasks.react",
    "exchange.tasks.settle",
    "exchange.tasks.expire_orders",
    "core.tasks.append_to_audit_tree",
    "core.tasks.mail_letters",
    "compliance.tasks.expire_declarations",
    "compliance.tasks.expire_evidence",
    "compliance.tasks.expire_records",
    "compliance.tasks.expire_clearances",
    "compliance.tasks.run_trials",
    "compliance.tasks.prepare_clearances",
    "compliance.tasks.enforce_checklist",
    "listings.tasks.expire_rights",
    "delivery.tasks.expire_grants",
    "delivery.tasks.end_inspections",
    "settlement.tasks.expire_holds",
    "settlement.tasks.read_statement",
    "settlement.tasks.send_payouts",
    "settlement.tasks.follow_payouts",
)
# A sweep that finds the one before it unfinished is dropped, not queued behind it.
app.conf.beat_schedule = {
    name: {"task": name, "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}}
    for name in SWEEPS
} | {
    "settlement.tasks.take_snapshots": {
        "task": "settlement.tasks.take_snapshots",
        "schedule": 60,
    },
    "exchange.tasks.tell_ends": {"task": "exchange.tasks.tell_ends", "schedule": WATCH_SECONDS},
    "core.tasks.purge_kept_answers": {
        "task": "core.tasks.purge_kept_answers",
        "schedule": crontab(hour=19, minute=30),
    },
    "settlement.tasks.check_books": {
        "task": "settlement.tasks.check_books",
        "schedule": crontab(hour=18, minute=30),
    },
    "exchange.tasks.check_trades": {
        "task": "exchange.tasks.check_trades",
        "schedule": crontab(hour=18, minute=40),
    },
}

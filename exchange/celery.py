"""Celery: the wake-up and the schedule. Invariant: PostgreSQL is the queue; a task holds no work."""  # noqa: E501

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exchange.settings")

app = Celery("databourse")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {}

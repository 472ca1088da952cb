"""The ground floor's registration with Django."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Users, organisations, states, events and the audit tree."""

    name = "core"
    default_auto_field = "django.db.models.BigAutoField"

"""The compliance app's registration with Django."""

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    """What is allowed: checklists, declarations, screening, reviews and clearances."""

    name = "compliance"
    default_auto_field = "django.db.models.BigAutoField"

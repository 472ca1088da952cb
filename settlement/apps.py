"""Who is paid: registration with Django."""

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    """The ledger, custody, fees, splits, settlement and payouts."""

    name = "settlement"
    default_auto_field = "django.db.models.BigAutoField"

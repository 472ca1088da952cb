"""The delivery floor's registration with Django."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """Grants, download links, meters and receipts."""

    name = "delivery"
    default_auto_field = "django.db.models.BigAutoField"

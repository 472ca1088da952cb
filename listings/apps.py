"""Registration of the listings with Django."""

from django.apps import AppConfig


class ListingsConfig(AppConfig):
    """Products, versions, plans, releases, rights records, sponsorships, the catalogue."""

    name = "listings"
    default_auto_field = "django.db.models.BigAutoField"

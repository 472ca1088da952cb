"""The roof: orders, matching, contracts, portal."""

from exchange.celery import app as celery_app

__all__ = ["celery_app"]

"""Addresses of delivery: `api_urls` under /api/v1/, `page_urls` beside it."""

from django.urls import path

from core.api import urls_for
from delivery.api import deletions, downloads, grants

__all__ = ["api_urls", "deletions", "grants", "page_urls"]
api_urls = urls_for("delivery")
page_urls = [path("download/<str:token>", downloads.download, name="download")]

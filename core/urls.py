"""Addresses of the ground floor."""

from core.api import market, urls_for

__all__ = ["api_urls", "market"]
api_urls = urls_for("core")

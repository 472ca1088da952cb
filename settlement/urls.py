"""Addresses of settlement."""

from core.api import urls_for
from settlement.api import accounts, bank, fees

__all__ = ["accounts", "api_urls", "bank", "fees"]
api_urls = urls_for("settlement")

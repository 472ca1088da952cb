"""Addresses of the listings."""

from core.api import urls_for
from listings.api import catalogue, products, rights

__all__ = ["api_urls", "catalogue", "products", "rights"]
api_urls = urls_for("listings")

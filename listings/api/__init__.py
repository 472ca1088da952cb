"""The edge of the listings."""

from listings.api import catalogue, products, rights

__all__ = ["catalogue", "products", "rights"]

"""Addresses of compliance."""

from compliance.api import attestations, checklists, declarations, exports, gradings, reviews
from core.api import urls_for

__all__ = [
    "api_urls",
    "attestations",
    "checklists",
    "declarations",
    "exports",
    "gradings",
    "reviews",
]
api_urls = urls_for("compliance")

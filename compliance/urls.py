"""Addresses of compliance."""

from compliance.api import attestations, checklists, declarations, personal, reviews
from core.api import urls_for

__all__ = ["api_urls", "attestations", "checklists", "declarations", "personal", "reviews"]
api_urls = urls_for("compliance")

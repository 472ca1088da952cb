"""Addresses of compliance."""

from compliance.api import attestations, checklists, declarations, exports, reviews
from core.api import urls_for

__all__ = ["api_urls", "attestations", "checklists", "declarations", "exports", "reviews"]
api_urls = urls_for("compliance")

"""Addresses of compliance."""

from compliance.api import checklists, declarations, reviews
from core.api import urls_for

__all__ = ["api_urls", "checklists", "declarations", "reviews"]
api_urls = urls_for("compliance")

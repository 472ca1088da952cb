"""Addresses of compliance."""

from compliance.api import (
    attestations,
    breaches,
    checklists,
    declarations,
    exports,
    gradings,
    personal,
    reports,
    reviews,
    signing_keys,
)
from core.api import urls_for

__all__ = [
    "api_urls",
    "attestations",
    "breaches",
    "checklists",
    "declarations",
    "exports",
    "gradings",
    "personal",
    "reports",
    "reviews",
    "signing_keys",
]
api_urls = urls_for("compliance")

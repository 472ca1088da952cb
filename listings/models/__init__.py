"""Tables of the listings."""

from listings.models.catalogue import CatalogueEntry
from listings.models.imports import CatalogueImport, ImportedRow
from listings.models.plans import Plan, PlanSeat
from listings.models.products import Product, Release, Version
from listings.models.rights import RightsRecord, Sponsorship

__all__ = [
    "CatalogueEntry",
    "CatalogueImport",
    "ImportedRow",
    "Plan",
    "PlanSeat",
    "Product",
    "Release",
    "RightsRecord",
    "Sponsorship",
    "Version",
]

"""Reads of catalogue imports. Invariant: an interrupted import is found by file and vendor."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet

from core.models import Organisation
from core.selectors import organisation_named
from listings.models import CatalogueImport, ImportedRow, Product
from listings.states import ImportState


def active_vendors() -> QuerySet[Organisation]:
    """Return the active organisations that are admitted as vendors, in the order of their codes."""
    return Organisation.objects.filter(
        state="ACTIVE", capacities__kind="vendor", capacities__state="ADMITTED"
    ).order_by("code", "country", "registry_number")


def vendor_by_code(code: str) -> Organisation:
    """Return the active vendor of a code that the venue gave, else of a registry number.

    Raises:
        NotFound: no active vendor has it; the detail says which codes there are.
        Conflict: vendors of several countries have this number; the detail says how to name each.

    """
    return organisation_named(code, active_vendors())


def open_import(vendor_id: UUID, file_sha256: str) -> CatalogueImport | None:
    """Return and lock the unfinished import of a file for a vendor."""
    return (
        CatalogueImport.objects.select_for_update(no_key=True)
        .filter(vendor=vendor_id, file_sha256=file_sha256, state=ImportState.OPEN)
        .first()
    )


def known_source_refs(vendor_id: UUID, refs: Iterable[str]) -> dict[str, UUID]:
    """Return source identity → product, for those that the vendor has imported already."""
    rows = Product.objects.filter(vendor=vendor_id, source_ref__in=list(refs))
    return dict(rows.values_list("source_ref", "pk"))


def next_product_codes(count: int) -> list[str]:
    """Return `count` product codes that nobody else gets."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('listings_product_code') FROM generate_series(1, %s)", [count]
        )
        return [f"DP-{number:06d}" for (number,) in cursor.fetchall()]


def import_report(import_id: UUID) -> dict[str, Any]:
    """Return `{"created", "duplicate", "refused": [{"line", "field", "reason"}]}` of an import."""
    rows = ImportedRow.objects.filter(catalogue_import=import_id)
    counts = dict(rows.values_list("outcome").annotate(Count("id")))
    refused = rows.filter(outcome="refused").order_by("number").values("line", "field", "reason")
    return {
        "created": counts.get("created", 0),
        "duplicate": counts.get("duplicate", 0),
        "refused": list(refused),
    }

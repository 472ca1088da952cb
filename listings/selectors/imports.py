"""Reads of catalogue imports. Invariant: an interrupted import is found by file and vendor."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from core.errors import Conflict, NotFound
from core.models import Organisation
from listings.models import CatalogueImport, ImportedRow, Product
from listings.states import ImportState

CODES_NAMED = 20


def active_vendors() -> QuerySet[Organisation]:
    """Return the active organisations that are admitted as vendors, in the order of their codes."""
    return Organisation.objects.filter(
        state="ACTIVE", capacities__kind="vendor", capacities__state="ADMITTED"
    ).order_by("code", "country", "registry_number")


def vendor_by_code(code: str) -> Organisation:
    """Return the active vendor of a code that the venue gave, else of a registry number.

    A number alone may be in the registers of two countries: `DE:HRB 1234` says which.

    Raises:
        NotFound: no active vendor has it; the detail says which codes there are.
        Conflict: vendors of several countries have this number; the detail says how to name each.

    """
    text = code.strip()
    country, _colon, number = text.partition(":")
    named = Q(code=text.upper()) & ~Q(code="")
    numbered = Q(registry_number=text) | Q(country=country.upper(), registry_number=number)
    found = list(active_vendors().filter(named)) or list(active_vendors().filter(numbered))
    if not found:
        raise NotFound(_no_vendor(text))
    if len(found) > 1:
        ways = ", ".join(f"{one.country}:{one.registry_number}" for one in found)
        raise Conflict(
            _("Several vendors have this number; name one as %(ways)s.") % {"ways": ways}
        )
    return found[0]


def _no_vendor(code: str) -> str:
    codes = [one.code or one.registry_number for one in active_vendors()[: CODES_NAMED + 1]]
    if not codes:
        return _("No vendor has the code %(code)s: no organisation is admitted as vendor.") % {
            "code": repr(code)
        }
    known = ", ".join(codes[:CODES_NAMED]) + (", …" if len(codes) > CODES_NAMED else "")
    return _("No active vendor has the code or registry number %(code)s; there are %(known)s.") % {
        "code": repr(code),
        "known": known,
    }


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

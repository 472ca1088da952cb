"""Importing other catalogues. Invariant: rows, their outcomes and the position commit together.

So an import that is interrupted anywhere goes on where it stopped, and nothing is made twice: the
identity of a row is its id in the source, per vendor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from core.actors import Member
from core.errors import Forbidden, NotFound
from core.events import record, record_many
from core.models import Organisation
from core.service import service
from listings import selectors
from listings.catalogue_files import Draft, Row
from listings.errors import CatalogueUnreadable
from listings.models import CatalogueImport, ImportedRow, Plan, Product, Version
from listings.services.products import columns, plan_row, read_offer
from listings.states import IMPORT


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """How many rows of a batch ended in which way."""

    created: int
    duplicate: int
    refused: int


@service(may="list")
def start_import(
    *, vendor_id: UUID, file_name: str, file_sha256: str, actor: Member, at: datetime
) -> CatalogueImport:
    """Begin to import a file for a vendor, or go on with the import of it that was interrupted.

    Raises:
        Forbidden: the actor imports for another organisation.

    """
    if not actor.system and actor.organisation_id != vendor_id:
        raise Forbidden(_("A vendor imports for itself."))
    _locked_vendor(vendor_id)
    begun = selectors.open_import(vendor_id, file_sha256)
    if begun is not None:
        return begun
    begun = CatalogueImport.objects.create(
        vendor_id=vendor_id, file_name=file_name[-255:], file_sha256=file_sha256, started_at=at
    )
    record("import", begun.pk, "start", after=begun.state, actor=actor, at=at)
    return begun


@service(may="list")
def import_rows(
    *, import_id: UUID, rows: Sequence[Row], actor: Member, at: datetime
) -> BatchOutcome:
    """Give each of `rows` its outcome: a draft product, a duplicate, or a refusal with its reason.

    Rows that an earlier run has done are passed over. The number of statements does not depend on
    the number of rows.

    Raises:
        NotFound: there is no such import, or it is finished.

    """
    begun = CatalogueImport.objects.filter(pk=import_id, state="OPEN").first()
    if begun is None or not (actor.system or actor.organisation_id == begun.vendor_id):
        raise NotFound
    vendor = _locked_vendor(begun.vendor_id)
    begun.refresh_from_db(fields=["position"])
    rows = [row for row in rows if row.number > begun.position]
    if not rows:
        return BatchOutcome(0, 0, 0)
    drafts = [row.draft for row in rows if row.draft]
    known = selectors.known_source_refs(vendor.pk, {draft.source_ref for draft in drafts})
    fresh = {draft.source_ref: draft for draft in drafts if draft.source_ref not in known}
    made = _create_products(vendor, list(fresh.values()), actor=actor, at=at)
    outcomes = [_outcome(import_id, row, known, made) for row in rows]
    ImportedRow.objects.bulk_create(outcomes)
    CatalogueImport.objects.filter(pk=import_id).update(position=rows[-1].number)
    counts = [row.outcome for row in outcomes]
    return BatchOutcome(*(counts.count(name) for name in ("created", "duplicate", "refused")))


@service(may="list")
def finish_import(*, import_id: UUID, actor: Member, at: datetime) -> CatalogueImport:
    """Close an import whose rows all have an outcome.

    Raises:
        NotFound: there is no such import.
        CatalogueUnreadable: no row of it has been read.
        IllegalTransition: it is finished.

    """
    begun = CatalogueImport.objects.filter(pk=import_id).first()
    if begun is None or not (actor.system or actor.organisation_id == begun.vendor_id):
        raise NotFound
    if not begun.position:
        raise CatalogueUnreadable(_("The file holds no rows."))
    return IMPORT.move(begun, "finish", actor=actor, at=at, finished_at=at)


def _locked_vendor(vendor_id: UUID) -> Organisation:
    """Return and lock the vendor: imports of one vendor run one after the other."""
    return Organisation.objects.select_for_update(no_key=True).get(pk=vendor_id)


def _create_products(
    vendor: Organisation, drafts: Sequence[Draft], *, actor: Member, at: datetime
) -> dict[str, Product]:
    """Create a product with its draft version and plans for each draft; source id → product."""
    products = Product.objects.bulk_create(
        Product(
            code=code,
            vendor=vendor,
            supplier=vendor,
            source_ref=draft.source_ref,
            simulated=vendor.simulated,
            created_at=at,
        )
        for code, draft in zip(selectors.next_product_codes(len(drafts)), drafts, strict=True)
    )
    offers = [read_offer(draft.content, draft.plans) for draft in drafts]
    versions = Version.objects.bulk_create(
        Version(product=product, number=1, created_at=at, **columns(content, plans, ()))
        for product, (content, plans) in zip(products, offers, strict=True)
    )
    Plan.objects.bulk_create(
        plan_row(version.pk, terms)
        for version, (_content, plans) in zip(versions, offers, strict=True)
        for terms in plans
    )
    record_many("product", [product.pk for product in products], "import", actor=actor, at=at)
    return {product.source_ref: product for product in products}


def _outcome(
    import_id: UUID, row: Row, known: dict[str, UUID], made: dict[str, Product]
) -> ImportedRow:
    """Return the outcome of one row. A product just made is taken, so that a repeat is one."""
    outcome = ImportedRow(catalogue_import_id=import_id, number=row.number, line=row.line)
    if row.draft is None:
        outcome.outcome, outcome.field = "refused", row.field[:100]
        outcome.reason = (_(row.reason) % dict(row.values))[:500]
        return outcome
    outcome.source_ref = row.draft.source_ref
    product = made.pop(row.draft.source_ref, None)
    outcome.outcome = "created" if product else "duplicate"
    if product:
        known[row.draft.source_ref] = product.pk
    outcome.product_id = known[row.draft.source_ref]
    return outcome

"""Reads of one's own offers. Invariant: what is not yours, or your supplier's, is not there."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from core.actors import Member
from core.errors import NotFound
from core.models import Capacity, Organisation, StoredFile
from listings.content import PlanTerms, Snapshot, Tier, content_digest, plan_document
from listings.models import Plan, Product, Release, RightsRecord, Sponsorship, Version
from listings.states import VersionState


def readable_products(reader: Member) -> QuerySet[Product]:
    """Return the products that the reader offers or supplies; all of them for the venue."""
    rows = Product.objects.select_related("vendor", "supplier")
    if reader.is_venue or reader.system:
        return rows
    return rows.filter(Q(vendor=reader.organisation_id) | Q(supplier=reader.organisation_id))


def own_product(product_id: UUID, reader: Member) -> Product:
    """Return a product that the reader may read.

    Raises:
        NotFound: there is none, or it is another organisation's.

    """
    product = readable_products(reader).filter(pk=product_id).first()
    if product is None:
        raise NotFound
    return product


def readable_versions(reader: Member) -> QuerySet[Version]:
    """Return the versions that the reader may read, with product, plans and releases."""
    rows = Version.objects.select_related("product__vendor", "product__supplier").prefetch_related(
        Prefetch("plans", Plan.objects.order_by("code")),
        Prefetch("releases", Release.objects.select_related("file").order_by("published_at", "id")),
    )
    if reader.is_venue or reader.system:
        return rows
    return rows.filter(
        Q(product__vendor=reader.organisation_id) | Q(product__supplier=reader.organisation_id)
    )


def own_version(version_id: UUID, reader: Member) -> Version:
    """Return a version that the reader may read, with all that belongs to it.

    Raises:
        NotFound: there is none, or it is another organisation's.

    """
    version = readable_versions(reader).filter(pk=version_id).first()
    if version is None:
        raise NotFound
    return version


def locked_own_product(product_id: UUID, vendor: Member) -> Product:
    """Return and lock a product that the vendor offers.

    Raises:
        NotFound: there is none, or another vendor offers it.

    """
    rows = Product.objects.select_for_update(of=("self",), no_key=True)
    product = rows.filter(pk=product_id, vendor=vendor.organisation_id).first()
    if product is None:
        raise NotFound
    return product


def locked_own_version(version_id: UUID, vendor: Member) -> Version:
    """Return and lock a version of a product that the vendor offers.

    Raises:
        NotFound: there is none, or another vendor offers it.

    """
    rows = Version.objects.select_related("product").select_for_update(of=("self",), no_key=True)
    version = rows.filter(pk=version_id, product__vendor=vendor.organisation_id).first()
    if version is None:
        raise NotFound
    return version


def locked_version(version_id: UUID) -> Version:
    """Return and lock any version, for the venue's decisions.

    Raises:
        NotFound: there is none.

    """
    rows = Version.objects.select_related("product").select_for_update(of=("self",), no_key=True)
    version = rows.filter(pk=version_id).first()
    if version is None:
        raise NotFound
    return version


def readable_release(release_id: UUID, reader: Member) -> Release:
    """Return a release of a version that the reader may read.

    Raises:
        NotFound: there is none, or it is another organisation's.

    """
    rows = Release.objects.select_related("file")
    if not (reader.is_venue or reader.system):
        rows = rows.filter(
            Q(version__product__vendor=reader.organisation_id)
            | Q(version__product__supplier=reader.organisation_id)
        )
    release = rows.filter(pk=release_id).first()
    if release is None:
        raise NotFound
    return release


def product_of_code(code: str) -> Product | None:
    """Return the product that has a code, in capitals or not; None if there is none."""
    return Product.objects.filter(code=code.strip().upper()).first()


def own_file(file_id: UUID, reader: Member) -> StoredFile:
    """Return a file that the reader's organisation handed in.

    Raises:
        NotFound: there is none, or another organisation handed it in.

    """
    file = StoredFile.objects.filter(pk=file_id, organisation=reader.organisation_id).first()
    if file is None:
        raise NotFound
    return file


def readable_sponsorships(reader: Member) -> QuerySet[Sponsorship]:
    """Return the sponsorships that the reader gives or receives; all of them for the venue."""
    rows = Sponsorship.objects.select_related("vendor", "supplier", "mandate")
    if reader.is_venue or reader.system:
        return rows
    return rows.filter(Q(vendor=reader.organisation_id) | Q(supplier=reader.organisation_id))


def own_sponsorship(sponsorship_id: UUID, reader: Member) -> Sponsorship:
    """Return a sponsorship that the reader gives or receives.

    Raises:
        NotFound: there is none, or it is between others.

    """
    sponsorship = readable_sponsorships(reader).filter(pk=sponsorship_id).first()
    if sponsorship is None:
        raise NotFound
    return sponsorship


def readable_rights(reader: Member, at: datetime) -> QuerySet[RightsRecord]:
    """Return the rights records in the reader's data, or its suppliers'; all for the venue."""
    rows = RightsRecord.objects.select_related("supplier", "holder")
    if reader.is_venue or reader.system:
        return rows
    return rows.filter(
        Q(supplier=reader.organisation_id)
        | Q(holder=reader.organisation_id)
        | Q(
            supplier__in=sponsorships_in_force(at)
            .filter(vendor=reader.organisation_id)
            .values("supplier")
        )
    )


def own_rights_record(rights_record_id: UUID, reader: Member, at: datetime) -> RightsRecord:
    """Return a rights record that the reader may read.

    Raises:
        NotFound: there is none, or it concerns others.

    """
    record = readable_rights(reader, at).filter(pk=rights_record_id).first()
    if record is None:
        raise NotFound
    return record


def sponsorships_in_force(at: datetime) -> QuerySet[Sponsorship]:
    """Return the sponsorships under which may be listed at `at`."""
    return Sponsorship.objects.filter(state="IN_FORCE", valid_until__gt=at)


def is_sponsored(vendor_id: UUID, supplier_id: UUID, at: datetime) -> bool:
    """Return whether the vendor may list for the supplier at `at`."""
    return (
        vendor_id == supplier_id
        or sponsorships_in_force(at).filter(vendor=vendor_id, supplier=supplier_id).exists()
    )


def usable_rights(supplier_id: UUID, at: datetime) -> QuerySet[RightsRecord]:
    """Return the rights records in a supplier's data that can be relied on at `at`."""
    return RightsRecord.objects.filter(
        supplier=supplier_id, state="RECORDED", valid_from__lte=at, valid_until__gt=at
    )


def is_admitted(organisation_id: UUID, capacity: str) -> bool:
    """Return whether the organisation is active and admitted in `capacity`."""
    return Capacity.objects.filter(
        organisation=organisation_id,
        kind=capacity,
        state="ADMITTED",
        organisation__state="ACTIVE",
    ).exists()


def active_organisations(ids: set[UUID]) -> set[UUID]:
    """Return those of `ids` that are active organisations."""
    rows = Organisation.objects.filter(pk__in=ids, state="ACTIVE")
    return set(rows.values_list("pk", flat=True))


def plan_terms(plan: Plan) -> PlanTerms:
    """Return the terms of a stored plan, as they were parsed."""
    return PlanTerms(
        code=plan.code,
        title=plan.title or None,
        kind=plan.kind,
        offer_mode=plan.offer_mode,
        price_minor=plan.price_minor,
        currency=plan.currency,
        unit=plan.unit,
        per_count=plan.per_count,
        minimum_count=plan.minimum_count,
        period_days=plan.period_days,
        tiers=tuple(Tier(**tier) for tier in plan.tiers),
        seats=plan.seats,
        exclusive=plan.exclusive,
    )


def version_plans(version_id: UUID) -> tuple[PlanTerms, ...]:
    """Return the terms of a version's plans, in the order of their codes."""
    return tuple(map(plan_terms, Plan.objects.filter(version=version_id).order_by("code")))


def version_digest(version: Version) -> str:
    """Return the hash of the version as it stands in the database: content, plans and files."""
    files = Release.objects.filter(version=version.pk).values_list("file__sha256", flat=True)
    plans = [plan_document(plan) for plan in version_plans(version.pk)]
    return content_digest(version.content, plans, files)


def version_before(version: Version) -> Version | None:
    """Return the last version of the same product before this one that was not abandoned."""
    rows = Version.objects.filter(product=version.product_id, number__lt=version.number)
    return rows.exclude(state=VersionState.ABANDONED).order_by("-number").first()


def snapshots(versions: Sequence[Version]) -> list[Snapshot]:
    """Return all that some versions say, in the order given; two statements."""
    ids = [version.pk for version in versions]
    plans: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for plan in Plan.objects.filter(version__in=ids).order_by("code"):
        plans[plan.version_id].append(plan_document(plan_terms(plan)))
    files: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    rows = Release.objects.filter(version__in=ids).order_by("published_at", "pk")
    for version_id, kind, name, sha256 in rows.values_list(
        "version", "kind", "file__name", "file__sha256"
    ):
        files[version_id].append({"name": name, "kind": kind, "sha256": sha256})
    return [Snapshot(one.content, plans[one.pk], files[one.pk]) for one in versions]


def count_versions() -> int:
    """Return how many versions were ever drafted."""
    return Version.objects.count()

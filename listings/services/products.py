"""Products and drafts of their versions. Invariant: what is stored was parsed and is hashed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _

from core.actors import Member
from core.events import record
from core.models import Organisation
from core.service import service
from listings import selectors
from listings.content import (
    ContentRefused,
    PlanTerms,
    VersionContent,
    content_digest,
    parse_content,
    parse_plans,
    part_digest,
    plan_document,
    strictest_class,
    to_document,
)
from listings.errors import (
    ContentNotValid,
    DraftChanged,
    OrganisationNotAdmitted,
    SupplierNotSponsored,
    VersionFrozen,
    VersionIncomplete,
    VersionInTheMaking,
    told,
)
from listings.models import Plan, Product, Version
from listings.states import IN_THE_MAKING, VERSION, VersionState


def require_standing(*, vendor_id: UUID, supplier_id: UUID, at: datetime) -> None:
    """Refuse unless the vendor may list the supplier's data at `at`.

    Raises:
        OrganisationNotAdmitted: one of the two is not active, or lacks its capacity.
        SupplierNotSponsored: the vendor lists for another without a sponsorship in force.

    """
    if not selectors.is_admitted(vendor_id, "vendor"):
        raise OrganisationNotAdmitted(_("The vendor is not admitted."), capacity="vendor")
    if vendor_id == supplier_id:
        return
    if not selectors.is_admitted(supplier_id, "supplier"):
        raise OrganisationNotAdmitted(_("The supplier is not admitted."), capacity="supplier")
    if not selectors.is_sponsored(vendor_id, supplier_id, at):
        raise SupplierNotSponsored


@service(may="list")
def create_product(*, supplier_id: UUID | None, actor: Member, at: datetime) -> Version:
    """Make a product with a first, empty draft; return the draft.

    `supplier_id` None means that the vendor lists its own data.

    Raises:
        OrganisationNotAdmitted, SupplierNotSponsored: the vendor may not list this supplier's data.

    """
    vendor_id = _own_organisation(actor)
    supplier_id = supplier_id or vendor_id
    require_standing(vendor_id=vendor_id, supplier_id=supplier_id, at=at)
    product = Product.objects.create(
        code=selectors.next_product_codes(1)[0],
        vendor_id=vendor_id,
        supplier_id=supplier_id,
        simulated=Organisation.objects.values_list("simulated", flat=True).get(pk=vendor_id),
        created_at=at,
    )
    record("product", product.pk, "create", actor=actor, at=at, detail={"code": product.code})
    return _first_draft(product, 1, parse_content({}), (), actor=actor, at=at)


@service(may="list")
def draft_version(*, product_id: UUID, actor: Member, at: datetime) -> Version:
    """Begin the next version of a product from the content and plans of the latest.

    Raises:
        VersionInTheMaking: a version of the product is in draft or in review.

    """
    product = selectors.locked_own_product(product_id, actor)
    latest = product.versions.order_by("-number").first()
    if product.versions.filter(state__in=IN_THE_MAKING).exists():
        raise VersionInTheMaking
    content = parse_content(latest.content if latest else {})
    plans = selectors.version_plans(latest.pk) if latest else ()
    number = latest.number + 1 if latest else 1
    return _first_draft(product, number, content, plans, actor=actor, at=at)


@service(may="list")
def save_draft(
    *,
    version_id: UUID,
    content: dict[str, Any],
    plans: Sequence[dict[str, Any]],
    actor: Member,
    at: datetime,
) -> Version:
    """Replace content and plans of a draft. It may be incomplete, but not malformed.

    Raises:
        ContentNotValid: with every fault at its path.
        VersionFrozen: the version is no draft any more.

    """
    parsed, terms = read_offer(content, plans)
    version = selectors.locked_own_version(version_id, actor)
    if version.state != VersionState.DRAFT:
        raise VersionFrozen(state=version.state)
    _check_rights(parsed, version.product)
    _store_plans(version, terms)
    files = version.releases.values_list("file__sha256", flat=True)
    stored = columns(parsed, terms, list(files))
    Version.objects.filter(pk=version.pk).update(**stored)
    detail = {"content_hash": stored["content_hash"]}
    record("version", version.pk, "save", actor=actor, at=at, detail=detail)
    return selectors.own_version(version_id, actor)


@service(may="list")
def save_section(
    *,
    version_id: UUID,
    parts: dict[str, Any],
    plans: Sequence[dict[str, Any]] | None,
    seen: str,
    actor: Member,
    at: datetime,
) -> Version:
    """Replace `parts` of a draft's content, and its plans unless None; the rest stays as it is.

    `seen` is the `part_digest` of these parts as they were shown: what a colleague has saved in
    them since is not overwritten unseen.

    Raises:
        ContentNotValid: with every fault at its path.
        DraftChanged: the parts are not those that were shown.
        VersionFrozen: the version is no draft any more.

    """
    version = selectors.locked_own_version(version_id, actor)
    if version.state != VersionState.DRAFT:
        raise VersionFrozen(state=version.state)
    stored = [plan_document(terms) for terms in selectors.version_plans(version.pk)]
    now = part_digest(version.content, parts, stored if plans is not None else None)
    if seen != now:
        raise DraftChanged(seen=now)
    return save_draft(
        version_id=version_id,
        content=version.content | parts,
        plans=stored if plans is None else plans,
        actor=actor,
        at=at,
    )


@service(may="list")
def submit_version(*, version_id: UUID, actor: Member, at: datetime) -> Version:
    """Hand a complete draft over to the venue; from now on its content is frozen.

    Raises:
        IllegalTransition: it is no draft.
        VersionIncomplete: with everything that is missing, at its path.
        OrganisationNotAdmitted, SupplierNotSponsored: the vendor may not list this supplier's data.

    """
    version = selectors.locked_own_version(version_id, actor)
    VERSION.after(version.state, "submit")
    product = version.product
    require_standing(vendor_id=product.vendor_id, supplier_id=product.supplier_id, at=at)
    missing = selectors.missing_parts([version], at)[version.pk]
    if missing:
        raise VersionIncomplete(fields=missing)
    VERSION.move(
        version,
        "submit",
        actor=actor,
        at=at,
        submitted_at=at,
        detail={"content_hash": version.content_hash},
    )
    return selectors.own_version(version_id, actor)


@service(may="list")
def revise_version(*, version_id: UUID, actor: Member, at: datetime) -> Version:
    """Take a blocked version back into draft.

    Raises:
        IllegalTransition: it is not blocked.

    """
    version = selectors.locked_own_version(version_id, actor)
    VERSION.move(version, "revise", actor=actor, at=at)
    return selectors.own_version(version_id, actor)


@service(may="list")
def abandon_version(*, version_id: UUID, actor: Member, at: datetime) -> Version:
    """Give a draft up, so that another can be begun.

    Raises:
        IllegalTransition: it is no draft.

    """
    version = selectors.locked_own_version(version_id, actor)
    VERSION.move(version, "abandon", actor=actor, at=at)
    return selectors.own_version(version_id, actor)


def read_offer(
    content: dict[str, Any], plans: Sequence[dict[str, Any]]
) -> tuple[VersionContent, tuple[PlanTerms, ...]]:
    """Return content and plans as parsed.

    Raises:
        ContentNotValid: with every fault of both, at its path.

    """
    terms, problems = parse_plans(plans)
    try:
        parsed = parse_content(content)
    except ContentRefused as refusal:
        problems = [*refusal.problems, *problems]
        raise ContentNotValid(fields=told(problems)) from None
    if problems:
        raise ContentNotValid(fields=told(problems))
    return parsed, terms


def columns(
    content: VersionContent, plans: Sequence[PlanTerms], files: Sequence[str]
) -> dict[str, Any]:
    """Return the columns of a version that its content, plans and files decide."""
    document = to_document(content)
    return {
        "content": document,
        "content_hash": content_digest(document, map(plan_document, plans), files),
        "title_zh": content.title.zh or "",
        "title_en": content.title.en or "",
        "industry": content.industry or "",
        "topic": content.topic or "",
        "data_class": strictest_class(content) or "",
        "grade": content.grade or "",
        "form": content.form or "",
    }


def plan_row(version_id: UUID, terms: PlanTerms) -> Plan:
    """Return the unsaved row of a plan."""
    document = plan_document(terms)
    document["title"] = terms.title or ""
    return Plan(version_id=version_id, **document)


def _own_organisation(actor: Member) -> UUID:
    if actor.organisation_id is None:
        raise OrganisationNotAdmitted(_("Only a vendor lists."), capacity="vendor")
    return actor.organisation_id


def _first_draft(
    product: Product,
    number: int,
    content: VersionContent,
    plans: Sequence[PlanTerms],
    *,
    actor: Member,
    at: datetime,
) -> Version:
    try:
        version = Version.objects.create(
            product=product, number=number, created_at=at, **columns(content, plans, ())
        )
    except IntegrityError:
        raise VersionInTheMaking from None
    Plan.objects.bulk_create(plan_row(version.pk, terms) for terms in plans)
    record("version", version.pk, "draft", after=version.state, actor=actor, at=at)
    return selectors.own_version(version.pk, actor)


def _store_plans(version: Version, plans: Sequence[PlanTerms]) -> None:
    """Bring the rows in line with `plans`; a plan of the same code keeps its id."""
    version.plans.exclude(code__in=[terms.code for terms in plans]).delete()
    changed = [item for item in plan_document(PlanTerms()) if item != "code"]
    Plan.objects.bulk_create(
        [plan_row(version.pk, terms) for terms in plans],
        update_conflicts=True,
        unique_fields=["version", "code"],
        update_fields=changed,
    )


def _check_rights(content: VersionContent, product: Product) -> None:
    """Refuse rights records that are not of this product's supplier."""
    known = set(
        product.supplier.rights_in_its_data.filter(pk__in=content.rights).values_list(
            "pk", flat=True
        )
    )
    unknown = [f"rights[{number}]" for number, key in enumerate(content.rights) if key not in known]
    if unknown:
        text = _("There is no such rights record of this supplier. Record the right first.")
        raise ContentNotValid(fields={path: [text] for path in unknown})

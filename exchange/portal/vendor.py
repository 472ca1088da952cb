"""The vendor's pages: products, and what stands in the way of a version."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from compliance import services as compliance
from compliance.statements import asked_of, codes, template_at
from exchange.portal import look
from exchange.portal.edge import act, language, page, said, show
from exchange.portal.pages.vendor import (
    Step,
    VendorProductRow,
    VendorProductsPage,
    VersionPage,
)
from exchange.portal.pieces import Action, EmptyState, Link, Row, Section
from exchange.selectors.vendor import newest_versions, version_sheet
from listings import services as listings
from listings.selectors.own import own_version

DECLARED_DAYS = 365
SHOWN = 100


@page()
def products(request: Any) -> HttpResponse:
    """List the vendor's products with the state of the newest version of each."""
    rows = tuple(
        VendorProductRow(
            code=version.product.code,
            title=said(version.title_zh, version.title_en) or version.product.code,
            url=f"/versions/{version.pk}",
            number=version.number,
            state=version.state,
            blocking=0,
            updated_at=version.listed_at or version.submitted_at or version.created_at,
        )
        for version in newest_versions(request.member)[:SHOWN]
    )
    empty = EmptyState(
        _("Nothing offered yet"),
        _("Products are drafted over the API or imported from a file."),
        ()
        if "vendor" in request.member.capacities
        else (Link(_("Ask the venue for the capacity"), "/organisation"),),
    )
    return show(
        request, "vendor_products.html", VendorProductsPage(rows, empty=None if rows else empty)
    )


@page()
def version(request: Any, version_id: UUID) -> HttpResponse:
    """Show what stands in the way of listing, and what would lift it."""
    sheet = version_sheet(version_id, request.member, request.at, language())
    found, screened = sheet.version, sheet.screened
    declared = screened.declared_until is not None
    content = found.content
    shown = VersionPage(
        code=found.product.code,
        title=said(found.title_zh, found.title_en) or found.product.code,
        number=found.number,
        state=found.state,
        steps=_steps(found.state, declared=declared, blocked=screened.blocked),
        findings=tuple(look.finding(one) for one in screened.findings),
        sections=(
            Section(
                _("What it is"),
                (
                    Row(_("Grade"), look.coded("grade", content.get("grade"))),
                    Row(_("Form"), look.coded("form", content.get("form"))),
                    Row(_("Fields"), str(len(content.get("dictionary") or ()))),
                    Row(_("Sources"), str(len(content.get("sources") or ()))),
                ),
            ),
        ),
        actions=_actions(found.pk, found.state, declared=declared),
        screened_at=screened.at if screened.decision_id else None,
        checklist=screened.checklist_code,
        badge=look.badge(sheet.clearance),
        files=tuple(look.file_link(release.file) for release in found.releases.all()),
        plans=tuple(look.plan_card(plan) for plan in found.plans.all()),
        timeline=look.history(sheet.history),
        content_hash=found.content_hash,
        public_url=f"/catalogue/{found.product_id}" if found.state == "LISTED" else "",
    )
    return show(request, "version.html", shown)


def _steps(state: str, *, declared: bool, blocked: bool) -> tuple[Step, ...]:
    drafted = state != "DRAFT"
    names = ("describe", "sources", "use", "files", "declaration", "split")
    done = dict.fromkeys(names, drafted) | {"declaration": declared}
    shown = []
    for name in names:
        look_ = "done" if done[name] else "current" if name == "declaration" else "ahead"
        shown.append(Step(name, "stopped" if blocked and name == "sources" else look_))
    return tuple(shown)


def _actions(version_id: UUID, state: str, *, declared: bool) -> tuple[Action, ...]:
    base = f"/versions/{version_id}"
    found = []
    if not declared and state not in {"REFUSED", "ABANDONED", "DELISTED"}:
        consequence = _(
            "Your organisation stands by every statement on source, rights, quality and use, for "
            "exactly this content, for a year."
        )
        found.append(look.button("declaration", "sign", f"{base}/sign", consequence=consequence))
    if state == "DRAFT":
        found.append(look.button("version", "submit", f"{base}/submit", primary=True))
    if state in {"BLOCKED"}:
        found.append(look.button("version", "revise", f"{base}/revise", primary=True))
    if state == "LISTED":
        found.append(
            look.button(
                "version",
                "delist",
                f"{base}/delist",
                danger=True,
                asks_reason=True,
                consequence=_("New orders stop at once; deliveries under way go on."),
            )
        )
    return tuple(found)


@page(methods=("POST",))
def act_on_version(request: Any, version_id: UUID, verb: str) -> HttpResponse:
    """Submit, revise, delist or sign for a version."""
    common = {"version_id": version_id, "actor": request.member, "at": request.at}
    reason = request.POST.get("reason", "")[:500]
    verbs = {
        "submit": lambda: listings.submit_version(**common),
        "revise": lambda: listings.revise_version(**common),
        "delist": lambda: listings.delist_version(**common, reason=reason),
        "sign": lambda: _sign(request, version_id),
    }
    return act(request, verbs[verb], f"/versions/{version_id}")


def _sign(request: Any, version_id: UUID) -> None:
    found = own_version(version_id, request.member)
    template = asked_of(template_at(request.at), found.content)
    compliance.sign_declaration(
        version_id=version_id,
        content_hash=found.content_hash,
        template=template.code,
        statements=codes(template),
        valid_until=request.at + timedelta(days=DECLARED_DAYS),
        actor=request.member,
        at=request.at,
    )

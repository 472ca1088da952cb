"""The vendor's list: its products, and what stands in the way of the newest version of each."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from core.actors import why_not
from exchange.portal import look
from exchange.portal.edge import keyset, page, said, show
from exchange.portal.pages.public import Price
from exchange.portal.pages.vendor import VendorProductRow, VendorProductsPage
from exchange.portal.pieces import EmptyState, Link
from exchange.selectors.vendor import ProductLines, newest_versions, product_lines
from listings.content import cheapest
from listings.selectors import plan_terms


@page()
def products(request: Any) -> HttpResponse:
    """List the vendor's products with the state of the newest version of each."""
    found, more = keyset(newest_versions(request.member), request)
    lines = product_lines(found, request.at)
    new = "/products/new" if not why_not(request.member, "list") else ""
    empty = EmptyState(
        _("Nothing offered yet"),
        _(
            "Begin with what is in the data and where it comes from. You see at once what is still "
            "needed."
        ),
        (Link(_("Describe a new product"), new),)
        if new
        else ()
        if "vendor" in request.member.capacities
        else (Link(_("Ask the venue for the capacity"), "/organisation"),),
    )
    shown = VendorProductsPage(
        rows=tuple(_row(request, version, lines) for version in found),
        new_url=new,
        more_url=f"/products?after={more}" if more else "",
        empty=None if found else empty,
    )
    return show(request, "vendor_products.html", shown)


def _row(request: Any, version: Any, lines: ProductLines) -> VendorProductRow:
    until = lines.cleared_until.get(version.pk)
    return VendorProductRow(
        code=version.product.code,
        title=said(version.title_zh, version.title_en) or version.product.code,
        url=f"/versions/{version.pk}",
        number=version.number,
        state=version.state,
        blocking=lines.blocking.get(version.pk),
        updated_at=lines.changed.get(version.pk, version.created_at),
        price=_price(version),
        orders=lines.orders.get(version.product_id, 0),
        deadline=look.deadline("clearance", until, request.at),
    )


def _price(version: Any) -> Price | None:
    plans = [plan_terms(plan) for plan in version.plans.all()]
    plan = cheapest(plans) or next(iter(plans), None)
    return look.price(plan) if plan else None

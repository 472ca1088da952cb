"""Endpoints of grants, links, receipts and deliveries outside the platform."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from core.api import endpoint, page_of
from delivery import selectors, serializers, services

GRANT = "grants/<uuid:grant_id>"


@endpoint(
    "GET",
    "grants",
    summary="Grants that you bought or sold",
    query=serializers.GrantQuery,
    response=serializers.GrantOut,
    many=True,
)
def list_grants(request: Any, body: dict[str, Any]) -> Any:
    """List the grants of your organisation, the newest first; all of them for the venue."""
    rows = selectors.readable_grants(request.member)
    chosen = {name: body[name] for name in ("reference", "state") if name in body}
    return page_of(rows.filter(**chosen), request, key=("-opened_at", "-id"))


@endpoint("GET", GRANT, summary="One grant and its files", response=serializers.GrantPageOut)
def read_grant(request: Any, body: Any, grant_id: UUID) -> Any:
    """Return a grant with the files it gives, each with its SHA-256."""
    return selectors.grant_page(grant_id, request.member, request.at)


def _url(request: Any, token: str) -> str:
    url: str = request.build_absolute_uri(reverse("download", args=[token]))
    return url


def _link_again(request: Any, kept: dict[str, Any]) -> dict[str, Any]:
    token = selectors.link_token(
        link_id=UUID(kept["id"]),
        grant_id=UUID(kept["grant"]),
        release_id=UUID(kept["release"]),
        expires_at=datetime.fromisoformat(kept["expires_at"]),
    )
    return kept | {"url": _url(request, token)}


@endpoint(
    "POST",
    f"{GRANT}/links",
    summary="Make a download link",
    request=serializers.LinkIn,
    response=serializers.LinkOut,
    status=201,
    unkept=("url",),
    completed=_link_again,
)
def make_link(request: Any, body: dict[str, Any], grant_id: UUID) -> Any:
    """Make a link to one file of a grant, good for a day; ask for a fresh one at any time."""
    made = services.make_link(
        grant_id=grant_id, release_id=body["release"], actor=request.member, at=request.at
    )
    return {
        "id": made.link.pk,
        "grant": made.link.grant_id,
        "release": made.link.release_id,
        "url": _url(request, made.token),
        "expires_at": made.link.expires_at,
        "name": made.release.file.name,
        "size_bytes": made.release.file.size_bytes,
        "sha256": made.release.file.sha256,
    }


@endpoint(
    "POST",
    f"{GRANT}/withdraw",
    summary="Withdraw a grant (venue)",
    request=serializers.WithdrawalIn,
    response=serializers.GrantOut,
)
def withdraw_grant(request: Any, body: dict[str, Any], grant_id: UUID) -> Any:
    """Withdraw a grant; its links stop at once."""
    return services.withdraw_grant(
        grant_id=grant_id, reason=body["reason"], actor=request.member, at=request.at
    )


@endpoint("GET", f"{GRANT}/meter", summary="What was fetched", response=serializers.MeterOut)
def read_meter(request: Any, body: Any, grant_id: UUID) -> Any:
    """Return the sums of the meter of one grant."""
    return selectors.meter(grant_id, request.member)


@endpoint(
    "GET",
    f"{GRANT}/receipts",
    summary="Receipts of one grant",
    response=serializers.ReceiptOut,
    many=True,
)
def list_receipts(request: Any, body: Any, grant_id: UUID) -> Any:
    """List the receipts of a grant, the newest first."""
    rows = selectors.readable_receipts(grant_id, request.member)
    return page_of(rows, request, key=("-at", "-id"))


@endpoint(
    "GET",
    "receipts/<uuid:receipt_id>",
    summary="One receipt",
    response=serializers.ReceiptOut,
)
def read_receipt(request: Any, body: Any, receipt_id: UUID) -> Any:
    """Return a receipt: the document and the venue's signature over it."""
    return selectors.own_receipt(receipt_id, request.member)


@endpoint(
    "GET",
    f"{GRANT}/outside-deliveries",
    summary="Deliveries outside the platform",
    response=serializers.OutsideDeliveryOut,
    many=True,
)
def list_outside_deliveries(request: Any, body: Any, grant_id: UUID) -> Any:
    """List what the vendor reported to have handed over by other means."""
    rows = selectors.readable_outside_deliveries(grant_id, request.member)
    return page_of(rows, request, key=("-reported_at", "-id"))


@endpoint(
    "POST",
    f"{GRANT}/outside-deliveries",
    summary="Report a delivery outside the platform (vendor)",
    request=serializers.OutsideDeliveryIn,
    response=serializers.OutsideDeliveryOut,
    status=201,
)
def report_outside_delivery(request: Any, body: dict[str, Any], grant_id: UUID) -> Any:
    """State that you handed the data over by other means; the buyer confirms or denies it."""
    return services.report_outside_delivery(
        grant_id=grant_id, **body, actor=request.member, at=request.at
    )


@endpoint(
    "POST",
    "outside-deliveries/<uuid:delivery_id>/confirm",
    summary="Confirm a delivery outside the platform (buyer)",
    response=serializers.OutsideDeliveryOut,
)
def confirm_outside_delivery(request: Any, body: Any, delivery_id: UUID) -> Any:
    """Confirm that the data arrived; the venue signs a receipt."""
    return services.confirm_outside_delivery(
        delivery_id=delivery_id, actor=request.member, at=request.at
    )


@endpoint(
    "POST",
    "outside-deliveries/<uuid:delivery_id>/deny",
    summary="Deny a delivery outside the platform (buyer)",
    request=serializers.DenialIn,
    response=serializers.OutsideDeliveryOut,
)
def deny_outside_delivery(request: Any, body: dict[str, Any], delivery_id: UUID) -> Any:
    """State that the data did not arrive."""
    return services.deny_outside_delivery(
        delivery_id=delivery_id, reason=body["reason"], actor=request.member, at=request.at
    )

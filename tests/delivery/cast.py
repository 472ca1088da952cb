"""Builders of delivery: a version with a data file on disk, sold to a buyer under a grant."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.test import Client

from core.actors import SYSTEM, Member
from core.canonical import digest
from core.errors import DomainError
from core.files import store_file
from core.models import Event
from core.services.people import make_token
from delivery import services
from delivery.models import Grant
from delivery.services import GrantRequest, MadeLink
from listings.models import Product, Release, Version
from tests import make

BODY = "时间,站点,读数\n".encode() + bytes(range(256)) * 40
_codes = count(1)


@dataclass(frozen=True)
class Sold:
    """One grant with both its sides."""

    vendor: Member
    buyer: Member
    version: Version
    release: Release
    grant: Grant

    def fresh(self) -> Grant:
        return Grant.objects.get(pk=self.grant.pk)


def version(vendor: Member, at: datetime) -> Version:
    product = Product.objects.create(
        code=f"DP-9{next(_codes):05d}",
        vendor_id=vendor.organisation_id,
        supplier_id=vendor.organisation_id,
        created_at=at,
    )
    return Version.objects.create(
        product=product, number=1, content={}, content_hash=digest({}), created_at=at
    )


def release(
    version: Version,
    at: datetime,
    *,
    body: bytes = BODY,
    name: str = "readings.csv",
    kind: str = "data",
    media_type: str = "text/csv",
) -> Release:
    file = store_file(
        io.BytesIO(body),
        name=name,
        media_type=media_type,
        organisation_id=version.product.vendor_id,
        at=at,
    )
    return Release.objects.create(version=version, kind=kind, file=file, published_at=at)


def request_for(sold_version: Version, buyer: Member, at: datetime, **terms: Any) -> GrantRequest:
    assert buyer.organisation_id is not None
    return GrantRequest(
        reference=terms.pop("reference", None) or uuid4(),
        buyer_id=buyer.organisation_id,
        vendor_id=sold_version.product.vendor_id,
        version_id=sold_version.pk,
        max_downloads=terms.pop("max_downloads", 3),
        expires_at=terms.pop("expires_at", at + timedelta(days=30)),
        inspect_until=terms.pop("inspect_until", at + timedelta(days=7)),
    )


def sold(at: datetime, *, body: bytes = BODY, name: str = "readings.csv", **terms: Any) -> Sold:
    vendor, buyer = make.vendor(at), make.buyer(at)
    sold_version = version(vendor, at)
    made = release(sold_version, at, body=body, name=name)
    asked = request_for(sold_version, buyer, at, **terms)
    [grant] = services.open_grants(grants=[asked], actor=SYSTEM, at=at)
    return Sold(vendor, buyer, sold_version, made, grant)


def link(sold: Sold, at: datetime) -> MadeLink:
    return services.make_link(
        grant_id=sold.grant.pk, release_id=sold.release.pk, actor=sold.buyer, at=at
    )


def fetch(token: str, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client().get(f"/download/{token}", headers=named)


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def verbs(subject: str, subject_id: UUID) -> list[str]:
    found = Event.objects.filter(subject=subject, subject_id=subject_id).order_by("id")
    return list(found.values_list("verb", flat=True))


@contextmanager
def refused(kind: type[DomainError]) -> Iterator[pytest.ExceptionInfo[DomainError]]:
    """Expect a refusal, and roll back what it left, as the edge of a real request does."""
    with pytest.raises(kind) as refusal, transaction.atomic():
        yield refusal


class Api:
    """The API as one member sees it, with a token of its own; None is a stranger."""

    def __init__(self, member: Member | None, at: datetime, *scopes: str) -> None:
        self.headers = {}
        if member is not None:
            made = make_token(
                label="test", scopes=list(scopes or ALL_SCOPES), days=1, actor=member, at=at
            )
            self.headers = {"Authorization": f"Bearer {made.secret}"}

    def get(self, path: str) -> Any:
        return Client().get(f"/api/v1/{path}", headers=self.headers)

    def post(self, path: str, body: dict[str, Any] | None = None, key: str = "") -> Any:
        headers = {**self.headers, "Idempotency-Key": key or uuid4().hex}
        return Client().post(
            f"/api/v1/{path}", body or {}, content_type="application/json", headers=headers
        )


ALL_SCOPES = ("belong", "trade", "sell", "review")

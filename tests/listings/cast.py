"""Builders of the listings: whole content, versions in any state, a client of the API."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from core.actors import PERMISSIONS, SYSTEM, Member
from core.errors import DomainError
from core.files import store_file
from core.models import Event, Organisation, StepUp, StoredFile
from core.secrets import STEP_UP_PREFIX, hash_of, new_secret
from core.services.people import make_token
from listings import services
from listings.models import CatalogueEntry, Sponsorship, Version
from tests import make

STANDING = {"code": "P1", "kind": "one_off", "offer_mode": "standing", "price_minor": 120_000}
CONFIRM = {**STANDING, "offer_mode": "confirm"}


def content(beneficiary: UUID | None, **changes: Any) -> dict[str, Any]:
    """A content document that lacks nothing; `changes` replaces whole parts of it."""
    whole: dict[str, Any] = {
        "title": {"zh": "长江水位日报", "en": "Yangtze water levels"},
        "summary": {"zh": "每日水位与流量", "en": "Daily levels and discharge"},
        "industry": "N76",
        "topic": "hydrology",
        "grade": "general",
        "grade_level": 1,
        "grade_determined_by": "self",
        "form": "dataset",
        "dictionary": [{"name": "level", "type": "decimal", "meaning": "metres"}],
        "sources": [{"name": "gauges", "data_class": "enterprise", "origin": "generated"}],
        "personal": {"contains": False},
        "permitted_use": {
            "purposes": ["research", "operations"],
            "territories": ["CN"],
            "redistribution": False,
            "derivation": True,
            "term_days": 365,
        },
        "delivery_modes": ["download"],
        "allocation": [
            {"beneficiary": str(beneficiary), "role": "holding", "remainder": True},
        ],
    }
    return whole | changes


def file_of(member: Member, at: datetime, body: bytes = b"level\n3.2\n") -> StoredFile:
    assert member.organisation_id
    return store_file(
        io.BytesIO(body),
        name="levels.csv",
        media_type="text/csv",
        organisation_id=member.organisation_id,
        at=at,
    )


def draft(
    vendor: Member,
    at: datetime,
    *,
    plans: Any = None,
    supplier_id: UUID | None = None,
    **changes: Any,
) -> Version:
    made: Version = services.create_product(supplier_id=supplier_id, actor=vendor, at=at)
    saved: Version = services.save_draft(
        version_id=made.pk,
        content=content(vendor.organisation_id, **changes),
        plans=[STANDING] if plans is None else plans,
        actor=vendor,
        at=at,
    )
    return saved


def submitted(vendor: Member, at: datetime, **changes: Any) -> Version:
    made = draft(vendor, at, **changes)
    version: Version = services.submit_version(version_id=made.pk, actor=vendor, at=at)
    return version


def in_review(vendor: Member, at: datetime, **changes: Any) -> Version:
    made = submitted(vendor, at, **changes)
    services.mark_screened(version_ids=[made.pk], verdict="screen", actor=SYSTEM, at=at)
    return Version.objects.get(pk=made.pk)


def listed(vendor: Member, at: datetime, **changes: Any) -> Version:
    made = in_review(vendor, at, **changes)
    services.list_version(version_id=made.pk, actor=SYSTEM, at=at)
    return Version.objects.get(pk=made.pk)


def shown(vendor: Member, at: datetime, **changes: Any) -> CatalogueEntry:
    """A listed version with its entry in the catalogue."""
    made = listed(vendor, at, **changes)
    entry: CatalogueEntry = services.publish_entry(
        version_id=made.pk, live_until=at + timedelta(days=90), at=at
    )
    return entry


def sponsored_supplier(vendor: Member, at: datetime) -> Member:
    """A supplier that is no vendor, and has accepted the vendor as its sponsor."""
    supplier = make.member(
        make.organisation(at=at, capacities=("supplier",)), "owner", "signatory", at=at
    )
    proposed: Sponsorship = services.propose_sponsorship(
        supplier_id=supplier.organisation_id,
        mandate_id=file_of(vendor, at).pk,
        valid_until=at + timedelta(days=30),
        actor=vendor,
        at=at,
    )
    services.accept_sponsorship(sponsorship_id=proposed.pk, actor=supplier, at=at)
    return supplier


def suspend(member: Member) -> None:
    Organisation.objects.filter(pk=member.organisation_id).update(state="SUSPENDED")


@contextmanager
def refused(kind: type[DomainError]) -> Iterator[pytest.ExceptionInfo[DomainError]]:
    """The refusal of a service inside the test's transaction, whose work is undone with it."""
    with pytest.raises(kind) as refusal, transaction.atomic():
        yield refusal


def verbs(subject_id: UUID) -> list[str]:
    return list(
        Event.objects.filter(subject_id=subject_id).order_by("id").values_list("verb", flat=True)
    )


def stepped_up(member: Member, at: datetime) -> str:
    """The secret that stands for a password given at `at`."""
    secret = new_secret(STEP_UP_PREFIX)
    StepUp.objects.create(
        key_hash=hash_of(secret), membership_id=member.membership_id, method="password", at=at
    )
    return secret


@dataclass
class Api:
    """The API as one member sees it, with a token of its own; None is a stranger."""

    member: Member | None
    at: datetime

    def __post_init__(self) -> None:
        self.headers: dict[str, str] = {}
        if self.member is not None:
            made = make_token(
                label="test", scopes=sorted(PERMISSIONS), days=1, actor=self.member, at=self.at
            )
            self.headers = {"Authorization": f"Bearer {made.secret}"}
            if self.member.confirmed_at is not None:
                self.headers["Step-Up"] = stepped_up(self.member, self.at)

    def get(self, path: str, **query: str) -> Any:
        return Client().get(f"/api/v1/{path}", query, headers=self.headers)

    def send(self, method: str, path: str, body: Any = None, key: str = "") -> Any:
        return Client().generic(
            method,
            f"/api/v1/{path}",
            *(() if body is None else (make_json(body), "application/json")),
            headers={**self.headers, "Idempotency-Key": key or uuid4().hex},
        )

    def post(self, path: str, body: Any = None, key: str = "") -> Any:
        return self.send("POST", path, body, key)

    def put(self, path: str, body: Any = None) -> Any:
        return self.send("PUT", path, body)

    def upload(self, body: bytes, name: str = "levels.csv", key: str = "") -> Any:
        return Client().post(
            "/api/v1/files",
            {"file": SimpleUploadedFile(name, body, "text/csv")},
            headers={**self.headers, "Idempotency-Key": key or uuid4().hex},
        )


def make_json(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()

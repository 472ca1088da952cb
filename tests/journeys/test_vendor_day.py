"""From sign-in to the catalogue by hand: pages alone, with the reactions that follow them."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from compliance.models import Clearance, Evidence, Review
from core.actors import Member
from core.models import User
from core.services.work import drain
from exchange.reactions import REACTIONS
from listings.content import Special
from listings.models import RightsRecord, Version
from tests import make
from tests.compliance import cast as desk
from tests.portal.writing import boxes_of, fill, post

PASSWORD = "a long pass phrase of the test"
SAMPLE = "站点,日期,水位\n" + "".join(
    f"S{n:03d},2026-{1 + n % 12:02d}-03,{n / 7:.2f}\n" for n in range(1, 40)
)


def signed_in(member: Member) -> Client:
    """A browser that went through the sign-in page."""
    user = User.objects.get(pk=member.user_id)
    user.set_password(PASSWORD)
    user.save()
    client = Client(headers={"Accept-Language": "en"})
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


def react() -> None:
    """Let what the clicks have left to be done be done, as a worker does."""
    while drain(reactions=REACTIONS, limit=50, clock=timezone.now):
        pass


def record_rights(client: Client, day: datetime) -> None:
    for kind in ("hold", "use", "operate"):
        fill(
            client,
            "/rights",
            "/rights/record",
            kind=kind,
            proof=SimpleUploadedFile("proof.pdf", b"%PDF-1.7", "application/pdf"),
            valid_from=(day.date() - timedelta(days=3)).isoformat(),
            valid_until=(day.date() + timedelta(days=500)).isoformat(),
        )


def write(client: Client, base: str, beneficiary: str) -> None:
    """Fill in every section of an empty draft; a source's contract limits resale."""
    said: dict[str, dict[str, Any]] = {
        "describe": {
            "title.en": "Yangtze water levels",
            "summary.en": "Daily levels and discharge",
            "description.en": "Levels at 8 a.m. at every gauge.",
            "industry": "N76",
            "grade": "general",
            "grade_level": "1",
            "grade_determined_by": "self",
            "form": "dataset",
            "update_frequency": "daily",
            "volume.records": "20000",
        },
        "sources": {
            "rights": [str(pk) for pk in RightsRecord.objects.values_list("pk", flat=True)],
            "sources[0].name": "gauges",
            "sources[0].data_class": "enterprise",
            "sources[0].origin": "contract",
            "sources[0].legal_basis": "contract",
            "sources[0].holder": "the river authority",
            "sources[0].resale_forbidden": "yes",
            "sources[0].disputed": "no",
            "sources[0].raw": "no",
            "sources[0].opened": "no",
        },
        "personal": {f"special.{name}": "no" for name in Special.__dataclass_fields__}
        | {f"personal.{name}": "no" for name in ("contains", "minors", "anonymised")}
        | {"personal.identifies_alone": "no", "personal.consent_basis": "none"}
        | {"personal.subjects_count": "0"},
        "use": {
            "permitted_use.purposes": ["research", "operations"],
            "permitted_use.territories": "CN",
            "permitted_use.redistribution": "no",
            "permitted_use.derivation": "yes",
            "permitted_use.term_days": "365",
            "delivery_modes": ["download"],
        },
        "plans": {
            "plans[0].kind": "one_off",
            "plans[0].offer_mode": "standing",
            "plans[0].price_minor": "1,200.00",
        },
        "split": {
            "allocation[0].beneficiary": beneficiary,
            "allocation[0].role": "holding",
            "allocation[0].remainder": "on",
        },
    }
    for section, typed in said.items():
        saved = fill(client, f"{base}/draft", f"{base}/draft/{section}", **typed)
        assert saved.status_code == 302, (section, saved.content.decode())


def test_vendor_lists_a_product_by_hand(db: None, at: datetime) -> None:
    venue, vendor = desk.desk(at), make.vendor(at)
    desk.in_force(at)
    client = signed_in(vendor)
    record_rights(client, at)
    begun = fill(client, "/products/new", "/products/new")
    base = begun["Location"].removesuffix("/draft")
    version = Version.objects.get()
    write(client, base, str(vendor.organisation_id))

    for kind, name in (("sample", "sample.csv"), ("data", "levels.csv")):
        file = SimpleUploadedFile(name, SAMPLE.encode(), "text/csv")
        fill(client, f"{base}/draft", f"{base}/files", kind=kind, file=file)
    proposed = client.get(f"{base}/draft").content.decode()
    marks = {f"dictionary[{n}].sensitivity": "none" for n in range(3)}
    post(client, proposed, f"{base}/draft/dictionary", marks)

    page = client.get(base).content.decode()
    assert "Still needed" not in page
    form = boxes_of(page, f"{base}/sign")
    ticks = dict.fromkeys(re.findall(r'type="checkbox" name="([a-z-]+)"', page), "on")
    signed = client.post(f"{base}/sign", form | ticks)
    assert signed.status_code == 302, signed.content.decode()
    client.post(f"{base}/submit", boxes_of(page, f"{base}/submit"))
    react()
    version.refresh_from_db()
    assert version.state == "BLOCKED", desk.said(version)

    page = client.get(base).content.decode()
    key = re.findall(r'href="\?evidence=([a-z_]+)#evidence"', page)[0]
    client.post(f"{base}/revise", boxes_of(page, f"{base}/revise"))
    file = SimpleUploadedFile("consent.pdf", b"%PDF-1.7", "application/pdf")
    fill(client, f"{base}?evidence={key}", f"{base}/evidence", file=file, note="clause 7")
    page = client.get(base).content.decode()
    client.post(f"{base}/submit", boxes_of(page, f"{base}/submit"))
    react()
    version.refresh_from_db()
    assert version.state == "IN_REVIEW", desk.said(version)

    review = Review.objects.get(version=version)
    maker, checker = signed_in(venue.maker), signed_in(venue.senior)
    maker.post(f"/reviews/{review.pk}/approve", {"note": "as it should be"})
    checker.post(f"/reviews/{review.pk}/confirm", {"note": ""})
    react()

    version.refresh_from_db()
    assert version.state == "LISTED"
    assert Clearance.objects.get(version=version).state == "LIVE"
    assert (Evidence.objects.get().key, Evidence.objects.get().state) == (key, "GIVEN")
    assert [entry["name"] for entry in version.content["dictionary"]] == ["站点", "日期", "水位"]
    assert "Yangtze water levels" in Client().get("/catalogue").content.decode()
    listed = client.get("/products").content.decode()
    assert "Listed" in listed
    assert "1,200.00" in listed

"""Builders of compliance: a list in force, versions at every station, the desk's reviewers."""

import copy
import io
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection

from compliance import selectors, services
from compliance.models import (
    Absence,
    ChecklistVersion,
    Clearance,
    Decision,
    Declaration,
    Evidence,
    Review,
)
from compliance.statements import asked_of, codes, template_at
from compliance.states import CHECKLIST
from core.actors import SYSTEM, Member
from core.canonical import digest
from core.files import store_file
from core.models import Event
from listings import services as listings
from listings.content import Special
from listings.models import Version
from tests import make
from tests.listings import cast as offers

ROOT = Path(__file__).resolve().parents[2]
FIRST_LIST = ROOT / "compliance" / "checklists" / "2026.3.json"
LONG = timedelta(days=200)

SAMPLE = "站点,日期,水位\n" + "".join(
    f"S{n:03d},2026-{1 + n % 12:02d}-03,{n / 7:.2f}\n" for n in range(1, 40)
)
PEOPLE = "编号,手机号\n" + "".join(f"{n},139{10000000 + 7919 * n}\n" for n in range(1, 60))


@dataclass(frozen=True)
class Desk:
    """The venue's people: two reviewers, a senior one, two authors."""

    maker: Member
    checker: Member
    senior: Member
    author: Member
    second_author: Member


def desk(at: datetime) -> Desk:
    return Desk(
        maker=make.staff(at, "reviewer"),
        checker=make.staff(at, "reviewer"),
        senior=make.staff(at, "senior_reviewer"),
        author=make.staff(at, "author"),
        second_author=make.staff(at, "author"),
    )


@cache
def _first_list() -> str:
    return FIRST_LIST.read_text(encoding="utf-8")


def document(code: str = "2026.1", *items: dict[str, Any]) -> dict[str, Any]:
    """The first list under another code, with further items."""
    whole: dict[str, Any] = json.loads(_first_list())
    return whole | {"code": code, "items": [*whole["items"], *items]}


def item(code: str, when: str, severity: str = "caution", **changes: Any) -> dict[str, Any]:
    """An item that looks at the form of a product: `report` is the case that it hits."""
    made: dict[str, Any] = {
        "code": code,
        "list": "negative",
        "category": "test",
        "severity": severity,
        "scope": "listing",
        "title_en": "A test of the list",
        "title_zh": "清单测试",
        "when": when,
        "exit_path_en": "Change the product",
        "exit_path_zh": "修改产品",
        "sources": [{"instrument": "数据安全法", "version": "2021-06-10", "article": "8"}],
        "rests_on": ["vendor"],
        "examples": [
            {"name": "hit", "expect": "hit", "facts": {"product.form": "report"}},
            {"name": "clear", "expect": "clear", "facts": {"product.form": "dataset"}},
            {"name": "not stated", "expect": "unknown", "facts": {"product.form": None}},
        ],
    }
    return made | changes


def no_reports(severity: str = "caution") -> dict[str, Any]:
    return item("TST-01", "product.form == 'report'", severity)


def in_force(at: datetime, *items: dict[str, Any], code: str = "2026.1") -> ChecklistVersion:
    """A list in force since a day before `at`; its examples were not tried."""
    whole, since = document(code, *items), at - timedelta(days=1)
    made = ChecklistVersion.objects.create(
        code=code, items=whole, items_hash=digest(whole), created_at=since
    )
    for verb, fields in (("try", {}), ("schedule", {"effective_at": since}), ("enforce", {})):
        CHECKLIST.move(made, verb, actor=SYSTEM, at=since, **fields)
    return made


def tried(desk_: Desk, at: datetime, *items: dict[str, Any], code: str = "2026.2") -> Any:
    """A list drafted and tried by its author, with its trial over the catalogue run."""
    drafted = services.draft_checklist(document=document(code, *items), actor=desk_.author, at=at)
    services.try_checklist(checklist_id=drafted.pk, actor=desk_.author, at=at)
    run_trials(at)
    return ChecklistVersion.objects.get(pk=drafted.pk)


def run_trials(at: datetime, limit: int = 500) -> int:
    """Carry every trial on until none is left; return how many batches it took."""
    batches = 0
    while services.run_trials(limit=limit, actor=SYSTEM, at=at):
        batches += 1
    return batches


def scheduled(
    desk_: Desk, at: datetime, *items: dict[str, Any], effective_at: datetime, code: str = "2026.2"
) -> ChecklistVersion:
    checklist = tried(desk_, at, *items, code=code)
    services.schedule_checklist(
        checklist_id=checklist.pk, effective_at=effective_at, actor=desk_.second_author, at=at
    )
    return ChecklistVersion.objects.get(pk=checklist.pk)


def rights(vendor: Member, at: datetime, *, days: int = 700) -> list[str]:
    """Records of the three rights in the vendor's own data."""
    proof = offers.file_of(vendor, at, b"%PDF-1.7 proof")
    return [
        str(
            listings.record_right(
                supplier_id=vendor.organisation_id,
                kind=kind,
                holder_id=vendor.organisation_id,
                certificate_code="",
                proof_id=proof.pk,
                valid_from=at - timedelta(days=3),
                valid_until=at + timedelta(days=days),
                actor=vendor,
                at=at,
            ).pk
        )
        for kind in ("hold", "use", "operate")
    ]


def content(**changes: Any) -> dict[str, Any]:
    """What makes the content of `offers` one that the first list clears."""
    return {
        "description": {"zh": "长江干流各水文站每日八时水位与流量。", "en": "Levels at 8 a.m."},
        "dictionary": [
            {"name": "station", "type": "text", "meaning": "code", "sensitivity": "none"},
            {"name": "level", "type": "decimal", "meaning": "metres", "sensitivity": "none"},
        ],
        "volume": {"records": 20_000, "bytes": 1_000_000},
        "update_frequency": "daily",
        "sources": [
            {
                "name": "自有水文站",
                "data_class": "enterprise",
                "origin": "generated",
                "legal_basis": "own_generation",
                "holder": "本公司",
                "resale_forbidden": False,
                "disputed": False,
                "raw": False,
                "opened": False,
            }
        ],
        "personal": {
            "contains": False,
            "subjects_count": 0,
            "consent_basis": "none",
            "anonymised": False,
            "identifies_alone": False,
            "minors": False,
        },
        "special": dict.fromkeys(Special.__dataclass_fields__, False),
    } | copy.deepcopy(changes)


def opened() -> dict[str, Any]:
    """Content made of public data that their holder opened: a reviewer is asked about it."""
    source = content()["sources"][0] | {
        "name": "政府数据开放平台",
        "data_class": "public",
        "origin": "open",
        "legal_basis": "public_disclosure",
        "holder": "水利局",
        "opened": True,
    }
    return {"sources": [source]}


def draft(vendor: Member, at: datetime, *, sample: str | None = SAMPLE, **changes: Any) -> Version:
    """A draft that the first list clears, unless `changes` say otherwise."""
    given = content(**changes)
    given.setdefault("rights", rights(vendor, at))
    made = offers.draft(vendor, at, **given)
    if sample is not None:
        assert vendor.organisation_id is not None
        file = store_file(
            io.BytesIO(sample.encode()),
            name="sample.csv",
            media_type="text/csv",
            organisation_id=vendor.organisation_id,
            at=at,
        )
        listings.publish_release(
            version_id=made.pk, kind="sample", file_id=file.pk, note="", actor=vendor, at=at
        )
    return Version.objects.get(pk=made.pk)


def signed(
    version: Version, vendor: Member, at: datetime, *, until: datetime | None = None
) -> Declaration:
    template = asked_of(template_at(at), version.content)
    declaration: Declaration = services.sign_declaration(
        version_id=version.pk,
        content_hash=Version.objects.get(pk=version.pk).content_hash,
        template=template.code,
        statements=codes(template),
        valid_until=until or at + LONG,
        # Proved to be there at whatever moment it is signed.
        actor=replace(vendor, confirmed_at=at, confirmed_by="password"),
        at=at,
    )
    return declaration


def submitted(vendor: Member, at: datetime, **changes: Any) -> Version:
    made = draft(vendor, at, **changes)
    listings.submit_version(version_id=made.pk, actor=vendor, at=at)
    return Version.objects.get(pk=made.pk)


def screened(vendor: Member, at: datetime, **changes: Any) -> Version:
    made = submitted(vendor, at, **changes)
    services.scan_and_screen(version_ids=[made.pk], actor=SYSTEM, at=at)
    return Version.objects.get(pk=made.pk)


def queued(vendor: Member, at: datetime, **changes: Any) -> Review:
    """A version in review with a declaration in force."""
    made = screened(vendor, at, **changes)
    assert made.state == "IN_REVIEW", said(made)
    signed(made, vendor, at)
    return Review.objects.get(version=made)


def aged(review: Review, queued_at: datetime) -> None:
    """Let a review have come into the queue then: its guard freezes that, so past the guard."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE compliance_review SET queued_at = %s WHERE id = %s", [queued_at, review.pk]
        )
        cursor.execute("SET LOCAL session_replication_role = origin")


def away(
    who: Member, stand_in: Member, at: datetime, *, first: int = 0, last: int = 5, **more: Any
) -> Absence:
    """An absence from so many days after today to so many, noted by who is away."""
    day = selectors.today(at)
    assert stand_in.membership_id is not None
    return services.note_absence(
        first_day=day + timedelta(days=first),
        last_day=day + timedelta(days=last),
        stand_in=stand_in.membership_id,
        note="",
        actor=more.pop("actor", who),
        at=at,
        **more,
    )


def yes_to_all(review: Review, at: datetime) -> list[dict[str, Any]]:
    """A reviewer's yes to every question about the version."""
    asked = selectors.attestation_findings(Review.objects.get(pk=review.pk).decision, {}, at)
    return [{"item": one.code, "yes": True, "note": "looked at the papers"} for one in asked]


def approve(review: Review, desk_: Desk, at: datetime) -> Clearance:
    services.propose_review(
        review_id=review.pk,
        proposal="approve",
        note="",
        answers=yes_to_all(review, at),
        actor=desk_.maker,
        at=at,
    )
    services.confirm_review(review_id=review.pk, actor=desk_.senior, at=at)
    return Clearance.objects.get(version=review.version, state__in=["LIVE", "PREPARED"])


def cleared(vendor: Member, desk_: Desk, at: datetime, **changes: Any) -> Clearance:
    """A version on the market with a live clearance."""
    return approve(queued(vendor, at, **changes), desk_, at)


def given(version: Version, vendor: Member, at: datetime, key: str, **terms: Any) -> Evidence:
    evidence: Evidence = services.give_evidence(
        version_id=version.pk,
        key=key,
        file_id=terms.get("file_id"),
        note=terms.get("note", "see the record attached"),
        valid_until=terms.get("valid_until"),
        actor=vendor,
        at=at,
    )
    return evidence


def said(version: Version) -> dict[str, str]:
    """What the last screening said of a version: item → status."""
    row = version_decision(version.pk)
    return {finding["code"]: finding["status"] for finding in row.findings}


def version_decision(version_id: UUID) -> Decision:
    """The last decision about a version."""
    row = Decision.objects.filter(reference=version_id).order_by("-at", "-id").first()
    assert row is not None
    return row


def standing(version_id: UUID, at: datetime, function: str = "live") -> tuple[bool, str | None]:
    """What the published SQL function says: whether it is cleared, and why not."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT cleared, cause FROM compliance_{function}_clearance(%s, %s)",
            [version_id, at],
        )
        row = cursor.fetchone()
    return row[0], row[1]


def events(subject_id: UUID) -> list[str]:
    rows = Event.objects.filter(subject_id=subject_id).order_by("id")
    return list(rows.values_list("verb", flat=True))


def submit(version: Version, vendor: Member, at: datetime) -> Version:
    """The version submitted and screened."""
    listings.submit_version(version_id=version.pk, actor=vendor, at=at)
    services.scan_and_screen(version_ids=[version.pk], actor=SYSTEM, at=at)
    return Version.objects.get(pk=version.pk)


def in_hand(version: Version, at: datetime) -> dict[str, datetime | None]:
    """The evidence in force for a version: key → end."""
    return selectors.evidence_in_force([version.pk], at)[version.pk]

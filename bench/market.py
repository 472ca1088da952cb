"""The market that the bench trades on. Invariant: everything traded went through the services once.

One version is listed, screened, signed for, reviewed and cleared as any other; it is then copied
in SQL, with its vendor, as often as the market is to be large. Copies are made with the guards
off, which is only for making a market: everything that is measured runs with the guards on.
"""

import io
import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg2.extras import execute_values  # type: ignore[import-untyped]

from compliance import selectors as compliance_selectors
from compliance import services as compliance
from compliance.models import Clearance, Review, ScanReport
from core.actors import SYSTEM, Member, acting_for
from core.files import store_file
from core.models import Membership, Organisation
from exchange.demo.market import make_market
from exchange.demo.offers import NOT_PERSONAL, source
from listings import services as listings
from listings.content import Special
from listings.models import CatalogueEntry, Version
from listings.terms import text_terms
from settlement import services as settlement

CURRENCY = "CNY"
PRICE_MINOR = 120_000
PURSE_MINOR = 1_000_000_000
ENGLISH = (
    *("river", "harbour", "traffic", "energy", "hospital", "retail", "patent", "weather"),
    *("farm", "freight", "tender", "charging", "tourism", "census", "soil", "satellite"),
    *("meter", "pension", "vehicle", "cargo"),
)
CHINESE = (
    *("水位", "港口", "交通", "能源", "医院", "零售", "专利", "气象"),
    *("农业", "货运", "招标", "充电", "旅游", "普查", "土壤", "卫星"),
    *("电表", "养老", "车辆", "物流"),
)


@dataclass(frozen=True, slots=True)
class Size:
    """How large a market is."""

    listings: int
    buyers: int
    vendors: int


@dataclass(frozen=True, slots=True)
class Market:
    """What orders are made of: plans to choose from, and members of the buyers."""

    plans: list[UUID]
    buyers: list[Member]
    size: Size


def make(size: Size, *, at: datetime) -> Market:
    """Make a market with cleared listings and buyers who have money."""
    make_market(at=at)
    clearance = _cleared(at)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        _copy_organisations(cursor, size)
        _copy_listings(cursor, clearance, size)
        _copy_entries(cursor, clearance.version, size)
    buyers = _members(size)
    _fund([acting_for(buyer) for buyer in buyers], at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM listings_plan ORDER BY id")
        plans = [row[0] for row in cursor.fetchall()]
        cursor.execute("VACUUM (ANALYZE)")
    return Market(plans, buyers, size)


def _member(email: str) -> Member:
    held = Membership.objects.select_related("organisation").get(user__email=email)
    return Member(
        user_id=held.user_id,
        membership_id=held.pk,
        organisation_id=held.organisation_id,
        is_venue=held.organisation.is_venue,
        roles=frozenset(held.roles),
        capacities=frozenset(held.organisation.capacities.values_list("kind", flat=True)),
    )


def _cleared(at: datetime) -> Clearance:
    """Take one version from draft to clearance, as a vendor and two reviewers do."""
    vendor = _member("river@demo.invalid")
    version = _draft(vendor, at)
    listings.submit_version(version_id=version.pk, actor=vendor, at=at)
    compliance.scan_and_screen(version_ids=[version.pk], actor=SYSTEM, at=at)
    version.refresh_from_db()
    asked = compliance_selectors.asked_template(version.pk, vendor, at)
    vendor = replace(vendor, confirmed_at=at, confirmed_by="password")
    compliance.sign_declaration(
        version_id=version.pk,
        content_hash=version.content_hash,
        template=asked.code,
        statements=[one.code for head in asked.heads for one in head.statements],
        valid_until=at + timedelta(days=200),
        actor=vendor,
        at=at,
    )
    review = Review.objects.get(version=version)
    compliance.propose_review(
        review_id=review.pk,
        proposal="approve",
        note="",
        actor=_member("reviewer@demo.invalid"),
        at=at,
    )
    compliance.confirm_review(review_id=review.pk, actor=_member("senior@demo.invalid"), at=at)
    clearance = Clearance.objects.select_related("version__product").get(version=version)
    listings.publish_entry(version_id=version.pk, live_until=clearance.valid_until, at=at)
    return clearance


def _draft(vendor: Member, at: datetime) -> Version:
    own = acting_for(vendor)

    def file(name: str, body: bytes, media_type: str) -> UUID:
        kept = store_file(
            io.BytesIO(body), name=name, media_type=media_type, organisation_id=own, at=at
        )
        return UUID(str(kept.pk))

    proof = file("rights.pdf", b"%PDF-1.7 invented proof", "application/pdf")
    rights = [
        listings.record_right(
            supplier_id=own,
            kind=kind,
            holder_id=own,
            certificate_code="",
            proof_id=proof,
            valid_from=at - timedelta(days=1),
            valid_until=at + timedelta(days=700),
            actor=vendor,
            at=at,
        )
        for kind in ("hold", "use", "operate")
    ]
    made = listings.create_product(supplier_id=None, actor=vendor, at=at)
    version: Version = listings.save_draft(
        version_id=made.pk,
        content=_content(own, [str(right.pk) for right in rights]),
        plans=[
            {
                "code": "P1",
                "kind": "one_off",
                "offer_mode": "standing",
                "price_minor": PRICE_MINOR,
            }
        ],
        actor=vendor,
        at=at,
    )
    rows = "".join(f"S{n:03d},2026-{1 + n % 12:02d}-03,{n / 7:.2f}\n" for n in range(1, 40))
    sample = file("sample.csv", ("station,day,level\n" + rows).encode(), "text/csv")
    listings.publish_release(
        version_id=version.pk, kind="sample", file_id=sample, note="", actor=vendor, at=at
    )
    return version


def _content(own: UUID, rights: list[str]) -> dict[str, object]:
    others = Organisation.objects.filter(capacities__kind="vendor").exclude(pk=own)
    second, third = (str(key) for key in others.order_by("id").values_list("pk", flat=True)[:2])
    return {
        "title": {"zh": "虚构江河水位", "en": "Invented river levels"},
        "summary": {"zh": "虚构数据。", "en": "Invented data."},
        "description": {"zh": "虚构的水位。", "en": "Invented levels."},
        "industry": "N76",
        "topic": "hydrology",
        "grade": "general",
        "grade_level": 1,
        "grade_determined_by": "self",
        "form": "dataset",
        "dictionary": [
            {"name": name, "type": kind, "meaning": name, "sensitivity": "none"}
            for name, kind in (("station", "text"), ("day", "text"), ("level", "decimal"))
        ],
        "update_frequency": "daily",
        "volume": {"records": 20_000, "bytes": 1_000_000},
        "sources": [source()],
        "personal": NOT_PERSONAL,
        "special": dict.fromkeys(Special.__dataclass_fields__, False),
        "permitted_use": {
            "purposes": ["research", "operations"],
            "territories": ["CN"],
            "redistribution": False,
            "derivation": True,
            "term_days": 365,
        },
        "delivery_modes": ["download"],
        # Four shares, with the two fees: settlement writes six legs, as many as the floor does.
        "allocation": [
            {"beneficiary": str(own), "role": "holding", "share_bp": 6_000},
            {"beneficiary": second, "role": "processing", "share_bp": 2_000},
            {"beneficiary": third, "role": "operation", "share_bp": 1_000},
            {"beneficiary": str(own), "role": "operation", "remainder": True},
        ],
        "rights": rights,
    }


# Keys made from a kind and a number, so that copies name each other without being read back. Those
# of rows sort by the number, as keys of rows that were made one after the other do (RFC 9562).
_KEY = "md5('{kind}' || {number})::uuid"
_ROW_KEY = "(lpad(to_hex({number}), 12, '0') || '7' || substr(md5('{kind}' || {number}), 14))::uuid"


def copy_row(cursor: CursorWrapper, table: str, original: str, count: int, **changed: str) -> None:
    """Copy one row of `table` `count` times, with the columns of `changed` computed from `n`."""
    pairs = ", ".join(f"'{column}', {value}" for column, value in changed.items())
    # What the database makes by itself is not given to it.
    cursor.execute(
        "SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute "
        "WHERE attrelid = %s::regclass AND attnum > 0 AND attgenerated = '' AND NOT attisdropped",
        [table],
    )
    columns = cursor.fetchone()[0]
    cursor.execute(
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM ("
        f"SELECT (jsonb_populate_record(t, jsonb_build_object({pairs}))).* "
        f"FROM {table} AS t, generate_series(1, {count}) AS n WHERE t.id = %s) AS copied",
        [original],
    )


def _organisation_key(kind: str, number: str = "n") -> str:
    return _KEY.format(kind=kind, number=number)


def _copy_organisations(cursor: CursorWrapper, size: Size) -> None:
    for kind, email, count in (
        ("vendor", "river@demo.invalid", size.vendors),
        ("buyer", "lake@demo.invalid", size.buyers),
    ):
        held = Organisation.objects.get(memberships__user__email=email)
        key = _organisation_key(kind)
        copy_row(
            cursor,
            "core_organisation",
            str(held.pk),
            count,
            id=key,
            registry_number=f"'{kind}-' || n",
            name_en=f"'Invented {kind} ' || n",
            code="''",
        )
        for number, capacity in enumerate(held.capacities.order_by("id")):
            copy_row(
                cursor,
                "core_capacity",
                str(capacity.pk),
                count,
                id=_KEY.format(kind=f"{kind}-capacity-{number}-", number="n"),
                organisation_id=key,
            )


def _copy_listings(cursor: CursorWrapper, clearance: Clearance, size: Size) -> None:
    """Copy the cleared version for vendors in turn, with all that an order or a re-run looks at."""
    version, count = clearance.version, size.listings
    vendor = f"md5('vendor' || (1 + n %% {size.vendors}))::uuid"
    key = {
        kind: _ROW_KEY.format(kind=kind, number="n") for kind in ("product", "version", "decision")
    }
    copy_row(
        cursor,
        "listings_product",
        str(version.product_id),
        count,
        id=key["product"],
        code="'B-' || n",
        vendor_id=vendor,
        supplier_id=vendor,
    )
    shares = ", ".join(
        f"jsonb_build_object('beneficiary', md5('vendor' || (1 + (n + {step}) %% "
        f"{size.vendors}))::uuid, 'role', '{role}', {share})"
        for step, role, share in (
            (0, "holding", "'share_bp', 6000"),
            (1, "processing", "'share_bp', 2000"),
            (2, "operation", "'share_bp', 1000"),
            (0, "operation", "'remainder', true"),
        )
    )
    copy_row(
        cursor,
        "listings_version",
        str(version.pk),
        count,
        id=key["version"],
        product_id=key["product"],
        content=f"jsonb_set(t.content, '{{allocation}}', jsonb_build_array({shares}))",
        content_hash="encode(sha256(convert_to('version' || n, 'UTF8')), 'hex')",
        listed_at="t.listed_at - n * interval '1 minute'",
    )
    copy_row(
        cursor,
        "listings_plan",
        str(version.plans.get().pk),
        count,
        id=_ROW_KEY.format(kind="plan", number="n"),
        version_id=key["version"],
    )
    copy_samples(cursor, version, count, key["version"])
    declaration = _ROW_KEY.format(kind="declaration", number="n")
    copy_row(
        cursor,
        "compliance_declaration",
        str(clearance.declaration_id),
        count,
        id=declaration,
        version_id=key["version"],
    )
    copy_row(
        cursor,
        "compliance_decision",
        str(clearance.decision_id),
        count,
        id=key["decision"],
        reference=key["version"],
    )
    copy_row(
        cursor,
        "compliance_clearance",
        str(clearance.pk),
        count,
        id=_ROW_KEY.format(kind="clearance", number="n"),
        version_id=key["version"],
        declaration_id=declaration,
        decision_id=key["decision"],
    )


def copy_samples(cursor: CursorWrapper, version: Version, count: int, version_key: str) -> None:
    """Copy the sample and its scan. No bytes lie where a copied file says: nobody opens it."""
    sample = version.releases.get(kind="sample")
    file, report = (
        _ROW_KEY.format(kind="file", number="n"),
        ScanReport.objects.get(file=sample.file_id),
    )
    copy_row(cursor, "core_storedfile", str(sample.file_id), count, id=file, path="'copy/' || n")
    copy_row(
        cursor,
        "listings_release",
        str(sample.pk),
        count,
        id=_ROW_KEY.format(kind="release", number="n"),
        version_id=version_key,
        file_id=file,
    )
    copy_row(
        cursor,
        "compliance_scanreport",
        str(report.pk),
        count,
        id=_ROW_KEY.format(kind="report", number="n"),
        file_id=file,
    )


def _copy_entries(cursor: CursorWrapper, version: Version, size: Size) -> None:
    """Show the copies in the catalogue, each under words of its own in both languages."""
    entry = CatalogueEntry.objects.defer("terms").get(version=version)
    draw = random.Random(7)
    rows = []
    for number in range(1, size.listings + 1):
        words = [draw.randrange(len(ENGLISH)) for _ in range(3)]
        english = " ".join(ENGLISH[word] for word in words) + f" {number}"
        chinese = "".join(CHINESE[word] for word in words)
        rows.append((number, english, chinese, text_terms([english, chinese])))
    cursor.execute(
        "CREATE TEMPORARY TABLE words (n integer, english text, chinese text, terms text[]) "
        "ON COMMIT DROP"
    )
    execute_values(cursor.cursor, "INSERT INTO words VALUES %s", rows)
    cursor.execute(
        f"""
        INSERT INTO listings_catalogueentry
        SELECT (jsonb_populate_record(t, jsonb_build_object(
            'version_id', {_ROW_KEY.format(kind="version", number="w.n")},
            'product_id', {_ROW_KEY.format(kind="product", number="w.n")},
            'vendor_id', md5('vendor' || (1 + w.n %% {size.vendors}))::uuid,
            'supplier_id', md5('vendor' || (1 + w.n %% {size.vendors}))::uuid,
            'code', 'B-' || w.n, 'title_en', w.english, 'title_zh', w.chinese,
            'listed_at', t.listed_at - w.n * interval '1 minute',
            'terms', array_to_tsvector(w.terms)))).*
        FROM listings_catalogueentry t, words w WHERE t.version_id = %s
        """,
        [str(entry.pk)],
    )


def _members(size: Size) -> list[Member]:
    person = Membership.objects.get(user__email="lake@demo.invalid")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_organisation_key('buyer')} FROM generate_series(1, %s) AS n", [size.buyers]
        )
        keys = [row[0] for row in cursor.fetchall()]
    return [
        Member(
            user_id=person.user_id,
            membership_id=key,
            organisation_id=key,
            roles=frozenset({"owner", "trader"}),
            capacities=frozenset({"buyer"}),
        )
        for key in keys
    ]


def _fund(organisations: list[UUID], at: datetime) -> None:
    """Open the buyers' accounts and post money into each, through the journal."""
    settlement.open_accounts(organisation_ids=organisations, currency=CURRENCY, actor=SYSTEM, at=at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT settlement_open_venue(%s)", [CURRENCY])
        cursor.execute(
            """
            SELECT count(*) FROM settlement_post((
                SELECT jsonb_agg(jsonb_build_object(
                    'reference', 'bench:' || own.organisation_id, 'code', 'deposit',
                    'input_hash', repeat('0', 64), 'booked_at', %s::timestamptz,
                    'lines', jsonb_build_array(jsonb_build_object(
                        'debit', bank.id, 'credit', own.id, 'amount', %s,
                        'code', 'deposit', 'currency', %s))))
                FROM settlement_account own, settlement_account bank
                WHERE own.organisation_id = ANY (%s::uuid[]) AND own.kind = 'custody'
                  AND bank.kind = 'bank' AND bank.currency = own.currency))
            """,
            [at, PURSE_MINOR, CURRENCY, [str(one) for one in organisations]],
        )

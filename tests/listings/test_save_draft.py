"""Saving a draft: everything is parsed, everything wrong is told, nothing frozen changes."""

import pytest
from django.db import DatabaseError, connection, transaction

from core.actors import Member
from core.errors import NotFound
from listings import services
from listings.errors import ContentNotValid, VersionFrozen
from listings.models import Plan, Version
from tests import make
from tests.conftest import AT
from tests.listings import cast


def test_draft_holds_what_was_saved_and_its_hash_follows(db: None) -> None:
    vendor = make.vendor(AT)
    version = cast.draft(vendor, AT)

    changed = services.save_draft(
        version_id=version.pk,
        content=cast.content(vendor.organisation_id, topic="rivers"),
        plans=[cast.STANDING],
        actor=vendor,
        at=AT,
    )

    assert changed.topic == "rivers"
    assert changed.content["topic"] == "rivers"
    assert changed.title_zh == "长江水位日报"
    assert (changed.data_class, changed.grade, changed.form) == ("enterprise", "general", "dataset")
    assert changed.content_hash != version.content_hash
    assert cast.verbs(version.pk) == ["draft", "save", "save"]


def test_draft_saved_unchanged_keeps_its_hash(db: None) -> None:
    vendor = make.vendor(AT)
    version = cast.draft(vendor, AT)

    again = services.save_draft(
        version_id=version.pk,
        content=version.content,
        plans=[cast.STANDING],
        actor=vendor,
        at=AT,
    )

    assert again.content_hash == version.content_hash


def test_draft_may_be_empty(db: None) -> None:
    vendor = make.vendor(AT)
    version = cast.draft(vendor, AT)

    emptied = services.save_draft(version_id=version.pk, content={}, plans=[], actor=vendor, at=AT)

    assert (emptied.title_zh, emptied.data_class, emptied.plans.count()) == ("", "", 0)


def test_plan_of_the_same_code_keeps_its_id(db: None) -> None:
    vendor = make.vendor(AT)
    version = cast.draft(vendor, AT)
    before = version.plans.get()

    saved = services.save_draft(
        version_id=version.pk,
        content=version.content,
        plans=[{**cast.STANDING, "price_minor": 99}, {**cast.CONFIRM, "code": "P2"}],
        actor=vendor,
        at=AT,
    )

    assert [(plan.code, plan.price_minor) for plan in saved.plans.all()] == [
        ("P1", 99),
        ("P2", 120_000),
    ]
    assert saved.plans.get(code="P1").pk == before.pk


def test_malformed_draft_is_refused_with_every_fault_and_nothing_changes(db: None) -> None:
    vendor = make.vendor(AT)
    version = cast.draft(vendor, AT)

    with cast.refused(ContentNotValid) as refusal:
        services.save_draft(
            version_id=version.pk,
            content={
                "colour": "red",
                "title": {"zh": "a\x00b"},
                "volume": {"records": -1, "bytes": 2**63},
                "sources": [{"name": "\ud800", "origin": "bought"}],
                "topic": "x" * 101,
                "grade_level": True,
            },
            plans=[{"code": "P1", "kind": "free", "offer_mode": "standing", "price_minor": 5}],
            actor=vendor,
            at=AT,
        )

    assert sorted(refusal.value.fields) == [
        "colour",
        "grade_level",
        "plans[0].price_minor",
        "sources[0].name",
        "sources[0].origin",
        "title.zh",
        "topic",
        "volume.bytes",
        "volume.records",
    ]
    kept = Version.objects.get(pk=version.pk)
    assert (kept.content, kept.content_hash) == (version.content, version.content_hash)
    assert cast.verbs(version.pk) == ["draft", "save"]


def test_submitted_version_cannot_be_saved(db: None) -> None:
    vendor = make.vendor(AT)
    version = cast.submitted(vendor, AT)

    with cast.refused(VersionFrozen):
        services.save_draft(version_id=version.pk, content={}, plans=[], actor=vendor, at=AT)

    assert Version.objects.get(pk=version.pk).content == version.content
    assert Plan.objects.filter(version=version).count() == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE listings_version SET content = '{}' WHERE id = %s",
        "UPDATE listings_version SET content_hash = 'x' WHERE id = %s",
        "UPDATE listings_version SET data_class = 'public' WHERE id = %s",
        "UPDATE listings_version SET number = 9 WHERE id = %s",
        "UPDATE listings_plan SET price_minor = 1 WHERE version_id = %s",
        "DELETE FROM listings_plan WHERE version_id = %s",
        "INSERT INTO listings_plan (id, version_id, code, title, kind, offer_mode, price_minor, "
        "currency, unit, per_count, minimum_count, tiers, exclusive) VALUES "
        "(gen_random_uuid(), %s, 'X', '', 'free', 'standing', 0, 'CNY', 'call', 1, 1, '[]', false)",
        "DELETE FROM listings_version WHERE id = %s",
        "UPDATE listings_version SET state = 'LISTED' WHERE id = %s",
        "UPDATE listings_version SET state = 'DRAFT', content = '{}' WHERE id = %s",
    ],
)
def test_raw_sql_cannot_change_a_submitted_version(db: None, sql: str) -> None:
    version = cast.submitted(make.vendor(AT), AT)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [version.pk])

    kept = Version.objects.get(pk=version.pk)
    assert (kept.state, kept.content_hash) == ("SUBMITTED", version.content_hash)
    assert kept.plans.get().price_minor == 120_000


@pytest.mark.parametrize("table", ["listings_version", "listings_plan", "listings_release"])
def test_raw_sql_cannot_empty_the_tables(db: None, table: str) -> None:
    version = cast.submitted(make.vendor(AT), AT)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")

    assert Version.objects.filter(pk=version.pk).exists()


def test_draft_of_another_vendor_is_not_there(db: None) -> None:
    version = cast.draft(make.vendor(AT), AT)
    outsider: Member = make.vendor(AT)

    with cast.refused(NotFound):
        services.save_draft(version_id=version.pk, content={}, plans=[], actor=outsider, at=AT)

    assert Version.objects.get(pk=version.pk).content == version.content


def test_rights_record_of_another_supplier_is_refused(db: None) -> None:
    vendor = make.vendor(AT)
    version = cast.draft(vendor, AT)
    stranger = "01890000-0000-7000-8000-000000000000"

    with cast.refused(ContentNotValid) as refusal:
        services.save_draft(
            version_id=version.pk,
            content=cast.content(vendor.organisation_id, rights=[stranger]),
            plans=[],
            actor=vendor,
            at=AT,
        )

    assert list(refusal.value.fields) == ["rights[0]"]
    assert Version.objects.get(pk=version.pk).content["rights"] == []

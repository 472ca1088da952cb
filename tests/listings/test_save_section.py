"""Saving one section of a draft: the rest stays, and nothing is overwritten unseen."""

from datetime import datetime
from typing import Any

from listings import services
from listings.content import part_digest
from listings.errors import ContentNotValid, DraftChanged, VersionFrozen
from listings.models import Version
from tests import make
from tests.listings.cast import draft, refused, verbs


def digest(version: Version, *names: str) -> str:
    return part_digest(Version.objects.get(pk=version.pk).content, names, None)


def saved(version: Version, vendor: Any, at: datetime, **terms: Any) -> Version:
    parts = terms.get("parts", {"topic": "floods"})
    made: Version = services.save_section(
        version_id=version.pk,
        parts=parts,
        plans=terms.get("plans"),
        seen=terms.get("seen", digest(version, *parts)),
        actor=vendor,
        at=at,
    )
    return made


def test_saved_section_leaves_content_and_plans_as_they_were(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version = draft(vendor, at)
    plan = version.plans.get()

    after = saved(version, vendor, at)

    assert after.content == version.content | {"topic": "floods"}
    assert after.topic == "floods"
    assert list(after.plans.values_list("pk", "price_minor")) == [(plan.pk, plan.price_minor)]


def test_what_has_changed_since_is_not_overwritten(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version = draft(vendor, at)
    seen = digest(version, "topic")
    saved(version, vendor, at)
    before, history = Version.objects.get(pk=version.pk), verbs(version.pk)

    with refused(DraftChanged):
        saved(version, vendor, at, parts={"topic": "tides"}, seen=seen)

    after = Version.objects.get(pk=version.pk)
    assert (after.content, after.content_hash) == (before.content, before.content_hash)
    assert verbs(version.pk) == history


def test_malformed_section_changes_nothing(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version = draft(vendor, at)

    with refused(ContentNotValid) as refusal:
        saved(version, vendor, at, parts={"grade": "secret"})

    assert list(refusal.value.fields) == ["grade"]
    assert Version.objects.get(pk=version.pk).content == version.content


def test_submitted_version_takes_no_section(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version = draft(vendor, at)
    services.submit_version(version_id=version.pk, actor=vendor, at=at)

    with refused(VersionFrozen):
        saved(version, vendor, at)

    assert Version.objects.get(pk=version.pk).content == version.content

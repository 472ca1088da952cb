"""A product made from another: graded again, and never wider than its source."""

from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from core.actors import Member
from listings.content import inside
from listings.errors import VersionIncomplete
from listings.models import Version
from listings.services import submit_version
from tests import make
from tests.listings import cast

USE: dict[str, Any] = {
    "purposes": ["research"],
    "territories": ["CN"],
    "redistribution": False,
    "derivation": True,
    "term_days": 100,
    "buyer_types": ["enterprise"],
}


@pytest.fixture
def source(db: None, at: datetime) -> Version:
    return cast.listed(make.vendor(at), at, permitted_use=USE, grade_level=2)


def derived(source: Version, at: datetime, **changes: Any) -> tuple[Member, Version]:
    """A draft made from `source`, as wide as it is."""
    vendor = make.vendor(at)
    row = {"name": "gauges", "data_class": "enterprise", "origin": "generated"}
    given = {
        "sources": [{**row, "upstream": source.product.code}],
        "permitted_use": USE,
        "grade_level": 2,
    } | changes
    return vendor, cast.draft(vendor, at, **given)


def test_product_within_its_source_is_submitted(source: Version, at: datetime) -> None:
    vendor, draft = derived(source, at)

    submit_version(version_id=draft.pk, actor=vendor, at=at)

    assert Version.objects.get(pk=draft.pk).state == "SUBMITTED"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"permitted_use": {**USE, "purposes": ["research", "marketing"]}}, "purposes"),
        ({"permitted_use": {**USE, "territories": ["CN-SH", "SG"]}}, "territories"),
        ({"permitted_use": {**USE, "territories": ["*"]}}, "territories"),
        ({"permitted_use": {**USE, "term_days": 101}}, "term_days"),
        ({"permitted_use": {**USE, "redistribution": True}}, "redistribution"),
        ({"permitted_use": {**USE, "buyer_types": []}}, "buyer_types"),
        ({"grade_level": 1}, "grade_level"),
        ({"grade_level": None}, "grade_level"),
        ({"grade": None}, "grade"),
    ],
)
def test_product_wider_than_its_source_is_refused_at_its_field(
    source: Version, at: datetime, changes: dict[str, Any], field: str
) -> None:
    vendor, draft = derived(source, at, **changes)

    with pytest.raises(VersionIncomplete) as refused, transaction.atomic():
        submit_version(version_id=draft.pk, actor=vendor, at=at)

    path = field if "permitted_use" not in changes else f"permitted_use.{field}"
    assert list(refused.value.fields) == [path]
    assert source.product.code in refused.value.fields[path][0]
    assert Version.objects.get(pk=draft.pk).state == "DRAFT"


def test_source_that_permits_no_derivation_is_refused(db: None, at: datetime) -> None:
    closed = cast.listed(make.vendor(at), at, permitted_use={**USE, "derivation": False})
    vendor, draft = derived(
        closed, at, permitted_use={**USE, "derivation": False, "term_days": 100}
    )

    with pytest.raises(VersionIncomplete) as refused, transaction.atomic():
        submit_version(version_id=draft.pk, actor=vendor, at=at)

    assert list(refused.value.fields) == ["sources[0].upstream"]


@pytest.mark.parametrize("code", ["DP-999999", "itself", "a draft"])
def test_source_that_was_never_listed_is_refused(source: Version, at: datetime, code: str) -> None:
    vendor, draft = derived(source, at)
    if code == "itself":
        code = draft.product.code
    if code == "a draft":
        code = cast.draft(make.vendor(at), at).product.code
    row = {**draft.content["sources"][0], "upstream": code}
    Version.objects.filter(pk=draft.pk).update(content=draft.content | {"sources": [row]})

    with pytest.raises(VersionIncomplete) as refused, transaction.atomic():
        submit_version(version_id=draft.pk, actor=vendor, at=at)

    assert list(refused.value.fields) == ["sources[0].upstream"]


def test_strictest_of_two_sources_counts(source: Version, at: datetime) -> None:
    wider = cast.listed(make.vendor(at), at, permitted_use={**USE, "term_days": 300})
    rows = [
        {"name": one.product.code, "data_class": "enterprise", "upstream": one.product.code}
        for one in (wider, source)
    ]
    vendor, draft = derived(source, at, sources=rows, permitted_use={**USE, "term_days": 200})

    with pytest.raises(VersionIncomplete) as refused, transaction.atomic():
        submit_version(version_id=draft.pk, actor=vendor, at=at)

    assert list(refused.value.fields) == ["permitted_use.term_days"]


def test_region_lies_in_its_country() -> None:
    assert inside("CN-SH", "CN")
    assert not inside("CN-HK", "CN")

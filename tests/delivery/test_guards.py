"""What PostgreSQL itself refuses, whoever writes to it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core.actors import SYSTEM
from delivery import services
from delivery.models import Access, Grant, Link
from tests.delivery import cast

pytestmark = pytest.mark.django_db
APPEND_ONLY = ("link", "access", "accessend", "receipt")


def refuses(sql: str, *parameters: Any, because: str) -> None:
    with (
        pytest.raises(DatabaseError, match=because),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, parameters)


@pytest.fixture
def sold(at: datetime) -> cast.Sold:
    return cast.sold(at)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_meters_links_and_receipts_stay_as_they_were_written(
    table: str, sold: cast.Sold, at: datetime
) -> None:
    cast.body_of(cast.fetch(cast.link(sold, at).token))
    key = "access_id" if table == "accessend" else "id"

    connection.check_constraints()
    refuses(f"UPDATE delivery_{table} SET {key} = {key}", because="Cannot update")
    refuses(f"DELETE FROM delivery_{table}", because="Cannot update or delete")
    refuses(f"TRUNCATE delivery_{table} CASCADE", because="Cannot truncate")


@pytest.mark.parametrize(
    "change",
    [
        "reference = gen_random_uuid()",
        "buyer_id = vendor_id",
        "max_downloads = 1000",
        "expires_at = expires_at + interval '1 day'",
        "inspect_until = inspect_until + interval '1 day'",
    ],
)
def test_terms_of_a_grant_are_frozen(change: str, sold: cast.Sold) -> None:
    refuses(f"UPDATE delivery_grant SET {change}", because="Cannot update")


def test_count_of_downloads_only_grows_and_stays_within_the_limit(sold: cast.Sold) -> None:
    Grant.objects.update(download_count=3)

    refuses("UPDATE delivery_grant SET download_count = 2", because="Cannot update")
    refuses("UPDATE delivery_grant SET download_count = 4", because="grant_within_limit")


def test_first_hand_over_and_end_of_inspection_are_said_once(sold: cast.Sold, at: datetime) -> None:
    Grant.objects.update(handed_over_at=at, inspection_ended_at=at)

    refuses("UPDATE delivery_grant SET handed_over_at = NULL", because="Cannot update")
    refuses("UPDATE delivery_grant SET inspection_ended_at = now()", because="Cannot update")


def test_grant_is_neither_deleted_nor_truncated(sold: cast.Sold) -> None:
    connection.check_constraints()
    refuses("DELETE FROM delivery_grant", because="Cannot delete")
    refuses("TRUNCATE delivery_grant CASCADE", because="Cannot truncate")


def insert_link(grant: Grant, release_id: Any, made_at: datetime, expires_at: datetime) -> Link:
    return Link.objects.create(
        grant=grant, release_id=release_id, made_at=made_at, expires_at=expires_at
    )


def test_link_is_for_a_data_release_of_its_grant_within_its_term(
    sold: cast.Sold, at: datetime
) -> None:
    other = cast.sold(at)
    sample = cast.release(sold.version, at, kind="sample")
    hour, grant = timedelta(hours=1), sold.grant
    wrong = [
        (other.release.pk, at, at + hour),
        (sample.pk, at, at + hour),
        (sold.release.pk, at, at + timedelta(hours=24, seconds=1)),
        (sold.release.pk, grant.expires_at, grant.expires_at + hour),
    ]

    for release_id, made_at, expires_at in wrong:
        with pytest.raises(DatabaseError, match="gives no such link"), transaction.atomic():
            insert_link(grant, release_id, made_at, expires_at)

    assert insert_link(grant, sold.release.pk, at, at + hour).pk
    assert Link.objects.count() == 1


def insert_access(link: Link, moment: datetime, **fields: Any) -> Access:
    given = {"method": "GET", "status": 200, "asked_bytes": 1, "begins": True}
    return Access.objects.create(link=link, at=moment, **(given | fields))


def test_no_byte_is_entered_without_an_open_grant_and_a_living_link(
    sold: cast.Sold, at: datetime
) -> None:
    now, hour = timezone.now(), timedelta(hours=1)
    link = cast.link(sold, now).link
    old = insert_link(sold.grant, sold.release.pk, now - hour, now)

    for wrong, moment in [
        (old, now),
        (link, now - timedelta(minutes=10)),
        (link, now + timedelta(minutes=10)),
    ]:
        with pytest.raises(DatabaseError, match="no grant is open"), transaction.atomic():
            insert_access(wrong, moment)
    with pytest.raises(DatabaseError, match="begun no download"), transaction.atomic():
        insert_access(link, now, begins=False)
    insert_access(link, now)
    with pytest.raises(DatabaseError, match="access_begins_once"), transaction.atomic():
        insert_access(link, now)
    services.withdraw_grants(references=[sold.grant.reference], reason="x", actor=SYSTEM, at=at)
    with pytest.raises(DatabaseError, match="no grant is open"), transaction.atomic():
        insert_access(link, now, begins=False)

    assert Access.objects.count() == 1

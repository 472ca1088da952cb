"""Every state × every next state, by raw SQL: the database lets through what the table allows."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from core.machine import Machine
from listings import services
from listings.models import CatalogueImport, RightsRecord, Sponsorship
from listings.states import IMPORT, RIGHTS, SPONSORSHIP, VERSION
from tests import make
from tests.conftest import AT
from tests.listings import cast

STEPS = [
    pytest.param(machine, table, before, after, id=f"{machine.subject} {before} {after}")
    for machine, table in (
        (VERSION, "listings_version"),
        (RIGHTS, "listings_rightsrecord"),
        (SPONSORSHIP, "listings_sponsorship"),
        (IMPORT, "listings_catalogueimport"),
    )
    for before in machine.table
    for after in machine.table
    if before != after
]


def a_row(table: str) -> UUID:
    vendor = make.vendor(AT)
    until = AT + timedelta(days=9)
    file = cast.file_of(vendor, AT)
    if table == "listings_version":
        return cast.draft(vendor, AT).pk
    if table == "listings_catalogueimport":
        made = CatalogueImport.objects.create(
            vendor_id=vendor.organisation_id, file_sha256="0" * 64, started_at=AT
        )
        return made.pk
    if table == "listings_rightsrecord":
        right: RightsRecord = services.record_right(
            supplier_id=vendor.organisation_id,
            kind="hold",
            holder_id=vendor.organisation_id,
            certificate_code="",
            proof_id=file.pk,
            valid_from=AT,
            valid_until=until,
            actor=vendor,
            at=AT,
        )
        return right.pk
    supplier = make.organisation(at=AT, capacities=("supplier",))
    sponsorship: Sponsorship = services.propose_sponsorship(
        supplier_id=supplier.pk, mandate_id=file.pk, valid_until=until, actor=vendor, at=AT
    )
    return sponsorship.pk


def allowed(table: str, row: UUID, after: str) -> bool:
    listed = ", listed_at = now()" if after == "LISTED" else ""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET state = %s{listed} WHERE id = %s", [after, row])
    except DatabaseError:
        return False
    return True


@pytest.mark.parametrize(("machine", "table", "before", "after"), STEPS)
def test_raw_sql_can_take_only_the_steps_of_the_table(
    db: None, machine: Machine, table: str, before: str, after: str
) -> None:
    row = a_row(table)
    listed = ", listed_at = now()" if before == "LISTED" else ""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"UPDATE {table} SET state = %s{listed} WHERE id = %s", [before, row])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    assert allowed(table, row, after) is (after in machine.table[before].values())

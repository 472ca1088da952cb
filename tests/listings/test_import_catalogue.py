"""Importing other catalogues: every row of a file has one outcome, however often it is sent."""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.actors import SYSTEM, Member
from core.errors import NotFound
from core.models import Organisation
from exchange.demo.market import make_market
from listings import selectors, services
from listings.catalogue_files import read_rows
from listings.models import CatalogueImport, ImportedRow, Plan, Product, Version
from tests import make
from tests.conftest import AT, ROOT
from tests.listings import cast
from tests.listings.rows import lines, listing, read


def code_of(vendor: Member) -> str:
    return Organisation.objects.get(pk=vendor.organisation_id).registry_number


def run(path: Path | str, vendor: str, **options: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command(
        "import_catalogue", str(path), vendor=vendor, json=True, stdout=out,
        stderr=io.StringIO(), **options,
    )  # fmt: skip
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


def test_rows_become_draft_products_and_a_second_import_finds_them(
    db: None, tmp_path: Path
) -> None:
    vendor = make.vendor(AT)
    path = tmp_path / "two.jsonl"
    path.write_bytes(lines(listing(), listing(id="beijing-2"), listing(), b"{"))

    first = run(path, code_of(vendor))
    second = run(path, code_of(vendor))

    refused = [{"line": 4, "field": "", "reason": "the line is not JSON"}]
    assert first == {"created": 2, "duplicate": 1, "refused": refused}
    assert second == {"created": 0, "duplicate": 3, "refused": refused}
    version = Version.objects.get(product__source_ref="beijing-1")
    assert (version.state, version.title_zh, version.industry) == ("DRAFT", "融资信息", "J")
    assert version.plans.get().price_minor == 9
    assert cast.verbs(version.product_id) == ["import"]


def test_same_source_belongs_to_each_vendor_once(db: None, tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_bytes(lines(listing()))

    assert run(path, code_of(make.vendor(AT)))["created"] == 1
    assert run(path, code_of(make.vendor(AT)))["created"] == 1
    assert Product.objects.count() == 2


def test_dry_run_reports_and_writes_nothing(db: None, tmp_path: Path) -> None:
    vendor = make.vendor(AT)
    path = tmp_path / "rows.jsonl"
    path.write_bytes(lines(listing(), listing(), listing(id="")))

    report = run(path, code_of(vendor), dry_run=True)

    assert report == {
        "created": 1,
        "duplicate": 1,
        "refused": [{"line": 3, "field": "id", "reason": "is missing"}],
    }
    assert not Product.objects.exists()
    assert not CatalogueImport.objects.exists()


def test_interrupted_import_goes_on_where_it_stopped(db: None, tmp_path: Path) -> None:
    vendor = make.vendor(AT)
    path = tmp_path / "rows.jsonl"
    path.write_bytes(lines(*(listing(id=f"b-{n}") for n in range(5))))
    with path.open("rb") as stream:
        rows = list(read_rows(stream))
    begun = services.start_import(
        vendor_id=vendor.organisation_id,
        file_name="rows.jsonl",
        file_sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        actor=SYSTEM,
        at=AT,
    )
    services.import_rows(import_id=begun.pk, rows=rows[:3], actor=SYSTEM, at=AT)

    report = run(path, code_of(vendor))

    assert report == {"created": 5, "duplicate": 0, "refused": []}
    finished = CatalogueImport.objects.get()
    assert (finished.pk, finished.state, finished.position) == (begun.pk, "FINISHED", 5)


def test_batch_sent_twice_counts_once(db: None) -> None:
    vendor = make.vendor(AT)
    rows = read(listing(), listing(id="b"))
    begun = services.start_import(
        vendor_id=vendor.organisation_id, file_name="f", file_sha256="0" * 64, actor=SYSTEM, at=AT
    )

    first = services.import_rows(import_id=begun.pk, rows=rows, actor=SYSTEM, at=AT)
    again = services.import_rows(import_id=begun.pk, rows=rows, actor=SYSTEM, at=AT)

    assert (first.created, again.created, again.duplicate) == (2, 0, 0)
    assert ImportedRow.objects.count() == 2


def test_finished_import_takes_no_rows(db: None) -> None:
    vendor = make.vendor(AT)
    begun = services.start_import(
        vendor_id=vendor.organisation_id, file_name="f", file_sha256="0" * 64, actor=SYSTEM, at=AT
    )
    services.import_rows(import_id=begun.pk, rows=read(listing()), actor=SYSTEM, at=AT)
    services.finish_import(import_id=begun.pk, actor=SYSTEM, at=AT)

    with cast.refused(NotFound):
        services.import_rows(import_id=begun.pk, rows=read(listing()), actor=SYSTEM, at=AT)


def test_batch_takes_the_same_statements_whatever_its_size(db: None) -> None:
    vendor = make.vendor(AT)
    begun = services.start_import(
        vendor_id=vendor.organisation_id, file_name="f", file_sha256="0" * 64, actor=SYSTEM, at=AT
    )
    rows = read(*(listing(id=f"b-{n}") for n in range(110)))

    statements = []
    for batch in (rows[:10], rows[10:]):
        with CaptureQueriesContext(connection) as queries:
            services.import_rows(import_id=begun.pk, rows=batch, actor=SYSTEM, at=AT)
        statements.append(len(queries))

    assert statements == [11, 11]


def test_demo_market_takes_the_literal_command(db: None, at: datetime, tmp_path: Path) -> None:
    make_market(at=at)
    path = tmp_path / "FILE"
    path.write_bytes(lines(listing(), listing(id="beijing-2")))
    out = io.StringIO()

    for vendor in ("DEMO-IMPORT", "demo-import"):
        call_command("import_catalogue", str(path), "--vendor", vendor, stdout=out)

    assert out.getvalue().splitlines() == [
        "2 created, 0 duplicates, 0 refused",
        "0 created, 2 duplicates, 0 refused",
    ]
    vendors = set(Product.objects.values_list("vendor__code", "vendor__name_en"))
    assert vendors == {("DEMO-IMPORT", "Demonstration Import Vendor")}


def test_code_wins_over_a_registry_number(db: None, at: datetime) -> None:
    sellers = ("vendor",)
    numbered = make.organisation(at=at, capacities=sellers, registry_number="RIVER")
    coded = make.organisation(at=at, capacities=sellers, code="RIVER")

    assert selectors.vendor_by_code("RIVER") == coded
    assert selectors.vendor_by_code("XX:RIVER") == numbered


def test_number_of_two_countries_is_refused_with_both_names(
    db: None, at: datetime, tmp_path: Path
) -> None:
    path = tmp_path / "one.jsonl"
    path.write_bytes(lines(listing()))
    for country in ("DE", "AT"):
        make.organisation(
            at=at, capacities=("vendor",), country=country, registry_number="HRB 1234"
        )

    with pytest.raises(CommandError, match="name one as AT:HRB 1234, DE:HRB 1234"):
        run(path, "HRB 1234")
    assert not Product.objects.exists()
    assert run(path, "de:HRB 1234")["created"] == 1
    assert Product.objects.get().vendor.country == "DE"


def test_unknown_vendor_and_missing_file_are_clear_errors(db: None, tmp_path: Path) -> None:
    vendor, buyer = make.vendor(AT), make.buyer(AT)
    path = tmp_path / "one.jsonl"
    path.write_bytes(lines(listing()))

    named = rf"'NOBODY' is no code or registry number here; there are {code_of(vendor)}"
    with pytest.raises(CommandError, match=named):
        run(path, "NOBODY")
    with pytest.raises(CommandError, match=r"no code or registry number"):
        run(path, code_of(buyer))
    with pytest.raises(CommandError, match=r"Cannot read .*No such file"):
        run(tmp_path / "absent.jsonl", code_of(vendor))
    with pytest.raises(CommandError, match=r"Cannot read .*directory"):
        run(tmp_path, code_of(vendor))
    path.write_bytes(b"")
    with pytest.raises(CommandError, match="no rows"):
        run(path, code_of(vendor))

    assert not Product.objects.exists()
    assert not CatalogueImport.objects.exists()


@pytest.mark.parametrize("body", [b"\x00" * 500, bytes(range(256)) * 40, b"\xff" * 3_000_000])
def test_file_of_anything_leaves_no_trace_but_reasons(
    db: None, tmp_path: Path, body: bytes
) -> None:
    vendor = make.vendor(AT)
    path = tmp_path / "garbage"
    path.write_bytes(body)

    report = run(path, code_of(vendor))

    assert report["created"] == report["duplicate"] == 0
    assert report["refused"]
    assert all(row["reason"] for row in report["refused"])


def test_all_real_listings_import_and_a_second_import_finds_them_all(db: None, cases: Path) -> None:
    vendor = make.vendor(AT)
    path = cases / "catalog" / "exchange-listings-dev.jsonl"

    assert run(path, code_of(vendor)) == {"created": 1_506, "duplicate": 0, "refused": []}
    assert run(path, code_of(vendor)) == {"created": 0, "duplicate": 1_506, "refused": []}

    versions = Version.objects
    assert {grade: versions.filter(grade=grade).count() for grade in ("core", "important")} == {
        "core": 12,
        "important": 20,
    }
    assert versions.filter(grade="pending").count() == 16
    assert versions.filter(grade="general").count() == 371
    kinds = {kind: Plan.objects.filter(kind=kind, code="P1").count() for kind in KINDS}
    assert kinds == {
        "negotiated": 621,
        "one_off": 366,
        "per_call": 183,
        "free": 82,
        "subscription": 2,
    }
    assert versions.filter(plans__isnull=True).count() == 252
    assert not Plan.objects.filter(offer_mode="standing").exists()
    exact = Plan.objects.get(per_count=10**8)
    assert exact.price_minor == 7_543_000_000_000_001


KINDS = ("negotiated", "one_off", "per_call", "free", "subscription")


def test_import_that_is_interrupted_by_its_user_goes_on(live_database: str, cases: Path) -> None:
    code = code_of(make.vendor(AT))
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{live_database}").geturl()
    path = cases / "catalog" / "exchange-listings-dev.jsonl"
    command = [sys.executable, "manage.py", "import_catalogue", str(path), "--vendor", code]

    with subprocess.Popen(
        [*command, "--json"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()

    assert process.returncode == 130, said
    assert "Run the same command again" in said
    assert "Traceback" not in said
    half = Product.objects.count()
    assert 0 < half < 1_506
    assert run(path, code) == {"created": 1_506, "duplicate": 0, "refused": []}
    assert Product.objects.count() == 1_506


def test_every_real_data_json_ends_with_an_outcome_for_each_entry(db: None, cases: Path) -> None:
    vendor = make.vendor(AT)
    folder = cases / "catalog" / "datajson-samples" / "datajson-samples"
    entries = created = duplicate = 0
    refused = []
    for path in sorted(folder.glob("*.json")):
        entries += len(json.loads(path.read_text())["dataset"])
        report = run(path, code_of(vendor))
        created += report["created"]
        duplicate += report["duplicate"]
        refused += [(path.name, row["line"], row["field"]) for row in report["refused"]]

    assert created + duplicate + len(refused) == entries
    assert refused == [
        ("missing-catalog.data.json", 6, "identifier"),
        ("missing-dataset-fields.data.json", 7, "identifier"),
        ("missing-identifier-title.data.json", 7, "identifier"),
        ("missing-identifier-title.data.json", 76, "title"),
        ("numerical-title.data.json", 7, "title"),
    ]
    assert not Plan.objects.exists()

"""The sample on the page of a product: its first rows once it was scanned and holds nobody."""

import io
from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from compliance.models import ScanReport
from compliance.scan import report_on
from compliance.selectors import LookedAt, looked_at
from core.files import path_of
from tests.exchange import cast
from tests.listings import cast as offers
from tests.listings.cast import Api
from tests.portal.test_views import browser, text_of

LEVELS = "station,level\n<b>Hankou</b>,3.2\nJiujiang,4.1\n"
PERSONS = "姓名,手机\n王小明,13812345678\n李雯,13912345678\n".encode()


def _scanned_again(market: cast.Market, body: bytes) -> None:
    """A later scanner finds in the sample what it would find in `body`."""
    file = market.version.releases.get(kind="sample").file
    report = report_on(io.BytesIO(body), name=file.name, at=market.at)
    later = market.at + timedelta(minutes=1)
    ScanReport.objects.create(file=file, scanner="table-2", report=report, at=later)


def _product(market: cast.Market, language: str = "en") -> str:
    address = f"/catalogue/{market.version.product_id}"
    return browser(None, language).get(address).content.decode()


def test_visitor_sees_the_first_rows_with_size_and_hash(db: None, at: datetime) -> None:
    market = cast.market(at, sample=LEVELS)

    page = _product(market)

    assert "The first 2 rows of 2" in page
    assert "<td>&lt;b&gt;Hankou&lt;/b&gt;</td><td>3.2</td>" in page
    assert f"{len(LEVELS)}\u202fB" in text_of(page)
    assert sha256(LEVELS.encode()).hexdigest() in page
    assert "共 2 行，显示前 2 行" in _product(market, "zh-hans")


def test_sample_is_no_release_of_data(db: None, at: datetime) -> None:
    page = _product(cast.market(at, sample=LEVELS))

    assert "History and versions" not in page
    assert page.count("sample.csv") == 1


@pytest.mark.parametrize(
    ("body", "language", "why"),
    [
        (b"%PDF-1.7", "en", "the scan cannot read this kind of file"),
        (PERSONS, "en", "the scan found Mobile number, Name of a person in them"),
        (PERSONS, "zh-hans", "扫描在样本中发现手机号码、个人姓名"),
    ],
)
def test_rows_are_not_shown_without_a_clean_scan_and_it_says_why(
    db: None, at: datetime, body: bytes, language: str, why: str
) -> None:
    market = cast.market(at, sample=LEVELS)
    assert "Hankou" in _product(market, language)

    _scanned_again(market, body)

    page = _product(market, language)
    assert why in page
    assert "Hankou" not in page


def test_sample_that_was_not_scanned_is_not_opened(db: None, at: datetime) -> None:
    file = offers.file_of(cast.market(at).vendor, at, PERSONS)
    path_of(file).unlink()

    assert looked_at(file) == LookedAt("unscanned")


def test_product_without_a_sample_has_no_sample_section(db: None, at: datetime) -> None:
    assert 'id="sample-title"' not in _product(cast.market(at, sample=None))


def test_sample_in_another_format_is_offered_and_its_rows_are_not(db: None, at: datetime) -> None:
    market = cast.market(at, sample=LEVELS)
    file = market.version.releases.get(kind="sample").file
    path = path_of(file)
    path.chmod(0o600)
    path.write_bytes(b'[{"level": 3.2}, {"level": 4.1}]')

    page = _product(market)

    assert "the sample is no plain table" in page
    assert looked_at(file) == LookedAt("no-text", (), 2)


def test_signed_in_reader_fetches_a_sample_in_which_nobody_was_found(
    db: None, at: datetime
) -> None:
    market = cast.market(at, sample=LEVELS)
    path = f"catalogue/{market.version.product_id}/sample"

    got = Api(market.buyer, at).get(path)

    assert b"".join(got.streaming_content) == LEVELS.encode()
    assert got.headers["Content-Disposition"] == 'attachment; filename="sample.csv"'
    assert Api(None, at).get(path).status_code == 401


def test_sample_in_which_persons_were_found_is_given_to_nobody(db: None, at: datetime) -> None:
    market = cast.market(at, sample=LEVELS)
    _scanned_again(market, PERSONS)

    got = Api(market.buyer, at).get(f"catalogue/{market.version.product_id}/sample")

    problem = got.json()
    assert (got.status_code, problem["code"]) == (403, "sample-withheld")
    assert problem["reason"] == "found"

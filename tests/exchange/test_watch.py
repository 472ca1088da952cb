"""The watch: what ends in 30, 7 and 1 days is told once each, and a dead worker loses nothing."""

import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.utils import timezone

from compliance import services as compliance
from compliance.models import Declaration
from core import tasks as core_tasks
from core.actors import SYSTEM, Member
from core.models import Event, Letter, User
from core.services import letters
from core.services.work import MAX_TRIES
from exchange.celery import app
from exchange.models import EndNotice
from exchange.services.watch import tell_ends
from listings.models import Sponsorship
from tests import make
from tests.compliance import cast as desk
from tests.exchange import cast
from tests.listings import cast as offers
from tests.listings.cast import Api
from tests.portal.test_views import browser, counted, text_of
from tests.races.serving import environment, together

ROOT = Path(__file__).resolve().parents[2]


def told(at: datetime, limit: int = 500) -> Counter[tuple[str, int]]:
    """Run the watch at a moment; return what was told by it: subject and days → how often."""
    known = set(EndNotice.objects.values_list("pk", flat=True))
    while tell_ends(limit=limit, actor=SYSTEM, at=at):
        pass
    fresh = EndNotice.objects.exclude(pk__in=known)
    return Counter(fresh.values_list("subject", "days"))


def mailed() -> list[Any]:
    """Mail what was written, also by a watch that was run at a later moment than now."""
    Letter.objects.filter(state="DUE").update(retry_at=timezone.now())
    core_tasks.mail_letters()
    return mail.outbox


@pytest.fixture
def market(db: None, at: datetime) -> cast.Market:
    """A market on which a declaration, a clearance, three rights and a grant have an end."""
    made = cast.market(at)
    cast.delivered(made)
    return made


def ends_of(market: cast.Market) -> datetime:
    return market.clearance.valid_until


def test_each_distance_is_told_once(market: cast.Market) -> None:
    ends = ends_of(market)
    assert market.clearance.declaration.valid_until == ends
    assert told(ends - timedelta(days=31))["clearance", 30] == 0

    first = told(ends - timedelta(days=29, hours=12))
    again = told(ends - timedelta(days=20))
    week = told(ends - timedelta(days=6, hours=12))
    day = told(ends - timedelta(hours=20))

    for days, run in ((30, first), (7, week), (1, day)):
        assert (run["clearance", days], run["declaration", days]) == (1, 1), run
    assert again == Counter()
    assert told(ends - timedelta(hours=1)) == Counter()


def test_what_is_noticed_late_is_told_as_what_it_is(market: cast.Market) -> None:
    run = told(ends_of(market) - timedelta(hours=3))

    assert {days for subject, days in run if subject == "clearance"} == {1}
    assert EndNotice.objects.filter(subject="clearance").count() == 1


def test_grant_is_told_to_its_buyer_and_nobody_else(market: cast.Market, at: datetime) -> None:
    told(at)

    notice = EndNotice.objects.get(subject="grant")
    assert notice.organisation_id == market.buyer.organisation_id
    addresses = {message.to[0] for message in mailed()}
    assert User.objects.get(pk=market.buyer.user_id).email in addresses
    assert User.objects.get(pk=market.vendor.user_id).email not in addresses


def test_letter_says_what_ends_when_in_both_languages(market: cast.Market) -> None:
    told(ends_of(market) - timedelta(days=6))

    letter = next(
        message
        for message in mailed()
        if message.to == [User.objects.get(pk=market.vendor.user_id).email]
    )
    when = timezone.localtime(ends_of(market)).strftime("%Y-%m-%d %H:%M")
    assert letter.subject == "2 things end soon · 有 2 项即将到期"
    assert f"Clearance, Yangtze water levels: {when}, within 7 days" in letter.body
    assert f"交易准入，长江水位日报：{when}，7 天之内到期" in letter.body
    assert letter.body.count("/ends") == 2
    assert letter.extra_headers["Message-ID"].startswith("<letter-")


def test_member_without_the_role_is_told_nothing(market: cast.Market) -> None:
    organisation = market.clearance.version.product.vendor
    finance = make.member(organisation, "finance", at=market.at)
    told(ends_of(market) - timedelta(days=6))

    assert not Letter.objects.filter(user=finance.user_id).exists()
    assert Letter.objects.filter(user=market.vendor.user_id).count() == 1


def test_what_a_newer_one_stands_for_is_not_told(market: cast.Market) -> None:
    near = ends_of(market) - timedelta(days=3)
    version = market.clearance.version
    row = market.clearance.declaration
    newer = Declaration.objects.create(
        **{
            name: getattr(row, name)
            for name in (
                *("version_id", "organisation_id", "content_hash", "template", "statements"),
                *("document", "seal", "key_id", "signed_by_id", "signed_at"),
                *("confirmed_at", "confirmed_by"),
            )
        },
        valid_until=row.valid_until + timedelta(days=90),
    )

    run = told(near)

    assert run["declaration", 7] == 0
    assert run["clearance", 7] == 1
    assert newer.version_id == version.pk
    assert told(newer.valid_until - timedelta(days=3))["declaration", 7] == 1


def test_evidence_rights_mandates_and_attestations_are_told_too(
    market: cast.Market, at: datetime
) -> None:
    soon = at + timedelta(days=5)
    desk.given(market.version, market.vendor, at, "risk_assessment", valid_until=soon)
    supplier = make.organisation("Supplier", at=at, capacities=("supplier",))
    keeper = make.member(supplier, "owner", at=at)
    Sponsorship.objects.create(
        vendor_id=market.vendor.organisation_id,
        supplier=supplier,
        mandate=offers.file_of(market.vendor, at),
        valid_until=soon,
        proposed_at=at,
    )
    sponsorship = Sponsorship.objects.get()
    from listings import services as listings

    listings.accept_sponsorship(sponsorship_id=sponsorship.pk, actor=keeper, at=at)
    desk.rights(market.vendor, at, days=5)
    admin = make.staff(at, "admin")
    compliance.attest_venue(item="CON-01", holds=True, note="looked", actor=admin, at=at)

    run = told(at + timedelta(hours=1))

    assert (run["evidence", 7], run["rights-record", 7], run["sponsorship", 7]) == (1, 3, 2)
    year = told(at + timedelta(days=364, hours=3))
    assert year["venue-attestation", 1] == 1
    assert Letter.objects.filter(user=admin.user_id).count() == 1
    assert Letter.objects.filter(user=keeper.user_id).count() >= 1


def test_notice_is_never_written_twice_or_changed(market: cast.Market) -> None:
    told(ends_of(market) - timedelta(days=6))
    row = EndNotice.objects.filter(subject="clearance").get()

    with pytest.raises(DatabaseError), transaction.atomic():
        EndNotice.objects.filter(pk=row.pk).update(days=30)
    row.pk = None
    with pytest.raises(DatabaseError), transaction.atomic():
        EndNotice.objects.bulk_create([row])
    assert EndNotice.objects.filter(subject="clearance").count() == 1


def test_every_notice_has_its_event(market: cast.Market) -> None:
    told(ends_of(market) - timedelta(days=6))

    notices = set(EndNotice.objects.values_list("pk", flat=True))
    events = Event.objects.filter(subject="end-notice", verb="tell")
    assert set(events.values_list("subject_id", flat=True)) == notices
    assert events.count() == len(notices)


def test_beat_looks_ahead_and_mails() -> None:
    assert app.conf.beat_schedule["exchange.tasks.tell_ends"]["schedule"] == 600
    assert "core.tasks.mail_letters" in app.conf.beat_schedule


def test_two_watches_at_once_tell_once(live_database: str, at: datetime) -> None:
    market = cast.market(at)
    near = ends_of(market) - timedelta(days=6)

    together([lambda: tell_ends(limit=500, actor=SYSTEM, at=near) for _ in range(4)])

    found = Counter(EndNotice.objects.values_list("subject_id", "days", "organisation"))
    assert set(found.values()) == {1}
    assert Letter.objects.filter(user=market.vendor.user_id).count() == 1


KILLED = """
import django, sys, time
django.setup()
from datetime import datetime
from django.db import connection
from core.actors import SYSTEM
from exchange.services import watch
near = datetime.fromisoformat(sys.argv[1])
write = watch.write_letters
def slowly(**told):
    write(**told)
    print("written", flush=True)
    if {kill_at} == "second" and getattr(slowly, "again", False) or {kill_at} == "first":
        time.sleep(600)
    slowly.again = True
watch.write_letters = slowly
while watch.tell_ends(limit=1, actor=SYSTEM, at=near):
    print("committed", flush=True)
"""


@pytest.mark.parametrize(("kill_at", "kept"), [("first", 0), ("second", 1)])
def test_watch_killed_midway_neither_loses_nor_doubles(
    live_database: str, at: datetime, kill_at: str, kept: int
) -> None:
    market = cast.market(at)
    near = ends_of(market) - timedelta(days=6)
    code = KILLED.replace("{kill_at}", repr(kill_at))
    process = subprocess.Popen(
        [sys.executable, "-c", code, near.isoformat()],
        cwd=ROOT,
        env=environment(live_database) | {"DJANGO_SETTINGS_MODULE": "exchange.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for _line in range(1 if kill_at == "first" else 3):
        assert process.stdout.readline().strip() in ("written", "committed")
    process.send_signal(signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 30
    while EndNotice.objects.count() != kept and time.monotonic() < deadline:
        time.sleep(0.1)
    assert EndNotice.objects.count() == kept

    # The dead worker's lock goes with its connection, which the server sees by itself.
    while not tell_ends(limit=500, actor=SYSTEM, at=near) and time.monotonic() < deadline:
        time.sleep(0.1)

    found = Counter(EndNotice.objects.values_list("subject", "days"))
    assert found == Counter({("clearance", 7): 1, ("declaration", 7): 1})
    lines = "\n".join(Letter.objects.values_list("text", flat=True))
    assert lines.count("- Clearance, ") == lines.count("- Declaration and commitment, ") == 1


def write_one(person: User, at: datetime, key: str = "one") -> None:
    said = letters.Written(person.pk, key, "A line\nand another", "text")
    letters.write_letters(letters=[said], at=at)


def test_letter_claimed_by_a_worker_that_died_is_mailed_by_the_next(db: None, at: datetime) -> None:
    write_one(make.user(), at)
    claimed = letters.claim_letter(at=at)

    assert claimed is not None
    assert letters.claim_letter(at=at) is None
    assert letters.claim_letter(at=at + timedelta(minutes=4)) is None
    again = letters.claim_letter(at=at + timedelta(minutes=6))
    assert again is not None
    assert again.pk == claimed.pk
    assert again.subject == "A line and another"


def test_letter_is_mailed_once_and_its_key_taken_once(db: None, at: datetime) -> None:
    person = make.user()
    for _ in range(2):
        write_one(person, at)

    assert len(mailed()) == 1
    assert len(mailed()) == 1
    assert Letter.objects.get().state == "SENT"


def test_letter_that_nobody_takes_is_given_up_with_the_reason(
    db: None, at: datetime, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    write_one(make.user(), at)

    for _ in range(MAX_TRIES):
        Letter.objects.update(retry_at=at)
        assert core_tasks.mail_letters() == 0

    letter = Letter.objects.get()
    assert (letter.state, letter.tries) == ("FAILED", MAX_TRIES)
    assert "Connection refused" in letter.reason
    assert core_tasks.mail_letters() == 0


def shown(member: Member, language: str = "en") -> str:
    return " ".join(text_of(browser(member, language).get("/ends").content.decode()).split())


def test_page_and_list_show_each_side_its_own(market: cast.Market, at: datetime) -> None:
    desk.given(
        market.version, market.vendor, at, "risk_assessment", valid_until=at + timedelta(days=5)
    )
    told(at)

    vendor, buyer = shown(market.vendor), shown(market.buyer)
    venue = shown(market.desk.maker)
    assert "Evidence" in vendor
    assert "Access to data bought" not in vendor
    assert "Access to data bought" in buyer
    assert "Evidence" in venue
    assert "Access to data bought" in venue
    assert "7 days ahead" in vendor
    assert "已购数据的访问权" in shown(market.buyer, "zh-hans")
    assert "Nothing ends within 30 days" in shown(make.vendor(at))
    listed = Api(market.vendor, at).get("ends").json()["results"]
    assert [(one["subject"], [t["days"] for t in one["told"]]) for one in listed] == [
        ("evidence", [7])
    ]
    assert {one["subject"] for one in Api(market.desk.maker, at).get("ends").json()["results"]} == {
        "evidence",
        "grant",
    }
    assert Api(make.buyer(at), at).get("ends").json() == {"results": [], "next": None}


def test_list_goes_on_and_forgets_nothing(market: cast.Market, at: datetime) -> None:
    soon = at + timedelta(days=5)
    for number in range(7):
        version = desk.draft(market.vendor, at)
        until = soon + timedelta(hours=number // 3)
        desk.given(version, market.vendor, at, "risk_assessment", valid_until=until)
    api = Api(market.vendor, at)

    found: list[str] = []
    address = "ends?size=2"
    while address:
        page = api.get(address).json()
        assert len(page["results"]) <= 2
        found += [one["subject_id"] for one in page["results"]]
        address = (page["next"] or "").removeprefix("/api/v1/")

    assert len(found) == len(set(found)) == 7
    for bad in ("nonsense", "W10=", "WyJ4IiwgInkiXQ==", "WzEsIDJd"):
        assert api.get(f"ends?after={bad}").status_code == 400
        assert browser(market.vendor).get(f"/ends?after={bad}").status_code == 400


def test_page_takes_as_many_queries_for_one_end_as_for_many(
    market: cast.Market, at: datetime
) -> None:
    def more() -> None:
        version = desk.draft(market.vendor, at)
        soon = at + timedelta(days=5)
        desk.given(version, market.vendor, at, "risk_assessment", valid_until=soon)

    more()
    client = browser(market.vendor)
    few = counted(client, "/ends")
    for _ in range(5):
        more()

    assert few == counted(client, "/ends") <= 18

"""The first day of a real venue: an empty database, one command, and the first buyer let in."""

import io
import re
from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from compliance.models import ChecklistVersion
from core.models import Organisation
from core.services.work import drain
from exchange.demo.market import credit_code
from exchange.reactions import REACTIONS
from settlement import tasks
from settlement.models import FeeSchedule

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase"
NAMED = ["--name-zh", "虚构数据交易场所", "--name-en", "Imaginary Data Exchange"]


def open_venue(*changes: str) -> str:
    out = io.StringIO()
    call_command(
        "open_venue",
        *NAMED,
        *("--number", credit_code(1), "--email", "first@example.com"),
        *changes,
        stdout=out,
    )
    return out.getvalue()


def carry_out(at: datetime) -> None:
    drain(reactions=REACTIONS, limit=100, clock=lambda: at + timedelta(minutes=1))


def signed_up(email: str) -> Client:
    """A person who signed up over the portal's own page and opened the link of the mail."""
    client = Client(headers={"Accept-Language": "en"})
    form = {"email": email, "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/accounts/signup/", form).status_code == 302
    EmailAddress.objects.filter(email=email).update(verified=True)
    return client


def test_venue_is_opened_and_lets_its_first_buyer_in(at: datetime) -> None:
    said = open_venue()
    assert Organisation.objects.get().is_venue
    assert ChecklistVersion.objects.get().state == "IN_FORCE"
    assert "2.5 % of the price out of the price, from the vendor, at most 50,000.00" in said
    link = re.search(r"/invitations/dbi_\w+", said)
    assert link is not None
    carry_out(at)
    assert link[0] in mail.outbox[0].body

    admin = signed_up("first@example.com")
    assert admin.get(link[0]).status_code == 200
    assert admin.post(link[0])["Location"] == "/organisation"
    owner = signed_up("owner@example.com")
    applied = {"name_en": "Imaginary Newcomer", "country": "CN", "kind": "enterprise"}
    owner.post("/organisation/apply", {**applied, "registry_number": credit_code(2), "key": "a"})
    held = Organisation.objects.get(is_venue=False)
    admin.post(f"/applications/{held.pk}/verify", {"key": "b"})
    owner.post("/organisation/capacity", {"kind": "buyer", "key": "c"})
    admin.post(f"/applications/{held.pk}/capacities/buyer/admit", {"key": "d"})
    carry_out(at)

    assert (held.capacities.get().state, Organisation.objects.count()) == ("ADMITTED", 2)
    assert ">Orders</a>" in owner.get("/").content.decode()
    assert "0.00" in owner.get("/statement").content.decode()


def test_second_run_changes_nothing_and_a_second_venue_is_refused() -> None:
    first, second = open_venue(), open_venue()

    assert re.findall(r"/invitations/\w+", first) == re.findall(r"/invitations/\w+", second)
    assert "Fees were set already" in second
    with pytest.raises(CommandError, match="The venue of this"), transaction.atomic():
        open_venue("--number", credit_code(2))
    assert Organisation.objects.count() == ChecklistVersion.objects.count() == 1
    assert FeeSchedule.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("--email", "nobody"), "is not an address"),
        (("--number", "12345"), "registry_number: is not a unified social credit code"),
        (("--country", "China"), "two letters"),
        (("--name-en", ""), "name_en: the venue is named in both languages"),
        (("--fees", "/nowhere.json"), "No such file"),
    ],
)
def test_wrong_words_open_nothing(wrong: tuple[str, str], said: str) -> None:
    with pytest.raises(CommandError, match=said), transaction.atomic():
        open_venue(*wrong)
    assert not Organisation.objects.exists()
    assert not ChecklistVersion.objects.exists()


def test_no_statement_is_asked_for_where_there_is_no_bank(
    settings: object, tmp_path: object, caplog: pytest.LogCaptureFixture
) -> None:
    settings.HOME, settings.SANDBOX_BANK_URL = tmp_path, ""  # type: ignore[attr-defined]

    assert tasks.read_statement() == 0
    assert caplog.records == []

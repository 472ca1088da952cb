"""Proving to be there: by password or code, for a few minutes, for one membership alone."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.db import DatabaseError, transaction

from core.actors import Member
from core.api.authentication import stepped_up
from core.errors import Malformed, NotConfirmed, StepUpNeeded
from core.models import StepUp, User
from core.service import require_step_up
from core.services import people
from tests import make
from tests.listings.cast import Api, refused

PASSWORD = "a river of many words"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def vendor(db: None, at: datetime) -> Member:
    made = make.vendor(at)
    user = User.objects.get(pk=made.user_id)
    user.set_password(PASSWORD)
    user.save()
    return made


def proved(member: Member, at: datetime, **given: str) -> str:
    said = {"password": "", "code": "", **given}
    return str(people.step_up(**said, actor=member, at=at).secret)


def code_now() -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(SECRET, counter))


def test_password_proves_its_member_for_five_minutes(vendor: Member, at: datetime) -> None:
    secret = proved(vendor, at, password=PASSWORD)

    member = stepped_up(replace(vendor, confirmed_at=None, confirmed_by=""), secret)

    assert (member.confirmed_at, member.confirmed_by) == (at, "password")
    require_step_up(member, at + timedelta(minutes=5))
    with pytest.raises(StepUpNeeded) as refusal:
        require_step_up(member, at + timedelta(minutes=5, seconds=1))
    assert refusal.value.extra == {"max_age": 300}


def test_code_of_the_second_factor_proves_once(vendor: Member, at: datetime) -> None:
    cache.clear()
    Authenticator.objects.create(
        user_id=vendor.user_id, type="totp", data={"secret": get_adapter().encrypt(SECRET)}
    )
    code = code_now()

    assert stepped_up(vendor, proved(vendor, at, code=code)).confirmed_by == "mfa"

    with refused(NotConfirmed):
        proved(vendor, at, code=code)
    assert StepUp.objects.count() == 1


def test_wrong_password_and_code_prove_nothing(vendor: Member, at: datetime) -> None:
    for given in ({"password": "not it at all"}, {"code": "000000"}):
        with refused(NotConfirmed):
            proved(vendor, at, **given)
    for neither in ({}, {"password": PASSWORD, "code": "000000"}):
        with refused(Malformed):
            proved(vendor, at, **neither)

    assert StepUp.objects.count() == 0


def test_secret_of_another_member_proves_nothing(vendor: Member, at: datetime) -> None:
    secret = proved(vendor, at, password=PASSWORD)
    other = replace(make.vendor(at), confirmed_at=None, confirmed_by="")

    for said in (secret, "dbs_unknown", "", "dbs_√", secret[4:]):
        assert stepped_up(other, said).confirmed_at is None


def test_guesses_over_the_api_are_counted_whatever_the_token(vendor: Member, at: datetime) -> None:
    cache.clear()
    statuses = [status_of(vendor, at, f"guess number {n}") for n in range(11)]

    assert statuses == [*[403] * 10, 429]
    assert status_of(vendor, at, PASSWORD) == 429


def status_of(vendor: Member, at: datetime, password: str) -> int:
    api = Api(vendor, at)
    with transaction.atomic():
        status: int = api.post("step-ups", {"password": password}).status_code
    return status


def test_what_proves_is_never_changed_and_never_kept_in_clear(vendor: Member, at: datetime) -> None:
    secret = proved(vendor, at, password=PASSWORD)
    row = StepUp.objects.get()

    assert secret not in str(row.__dict__)
    later: Any = at + timedelta(hours=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        StepUp.objects.update(at=later)
    assert StepUp.objects.get().at == at

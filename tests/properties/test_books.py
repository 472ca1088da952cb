"""Any sequence of verbs keeps the books balanced and no account below its floor."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.actors import SYSTEM
from core.errors import DomainError
from settlement import services
from settlement.models import Hold, PayoutBatch
from settlement.selectors import check_books, custody_positions
from tests import make
from tests.settlement import cast

VERBS = st.lists(
    st.tuples(
        st.sampled_from(
            ["deposit", "hold", "release", "request", "settle", "prepare", "confirm", "discard"]
        ),
        st.integers(min_value=1, max_value=50_000),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.django_db
@given(verbs=VERBS)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_books_balance_after_any_sequence(at: datetime, verbs: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        made = cast.parties(at, 20_000)
        officers = make.staff(at, "officer"), make.staff(at, "officer")
        for verb, amount in verbs:
            try:
                with transaction.atomic():
                    _do(verb, amount, made, officers, at)
            except DomainError:
                continue

        assert check_books() == ()
        assert [one.difference_minor for one in custody_positions()] == [0]
        for who in (made.buyer_id, made.vendor_id):
            assert min(cast.balances(who).values()) >= 0
        transaction.set_rollback(True)


def _do(
    verb: str, amount: int, made: cast.Parties, officers: tuple[object, object], at: datetime
) -> None:
    open_hold = Hold.objects.filter(state="HELD").order_by("id").first()
    batch = PayoutBatch.objects.filter(state="PREPARED").first()
    if verb == "deposit":
        cast.pay_in(made.buyer_id, amount, at)
    elif verb == "hold":
        cast.held([(str(uuid4()), amount)], made)
    elif verb == "release" and open_hold:
        services.release_hold(
            reference=open_hold.reference,
            amount_minor=amount,
            reason="",
            key=str(amount),
            actor=SYSTEM,
            at=at,
        )
    elif verb == "request" and open_hold:
        services.request_settlements(
            settlements=[cast.asked(made, open_hold.reference, amount)], actor=SYSTEM, at=at
        )
    elif verb == "settle":
        services.settle_due(limit=10, actor=SYSTEM, at=at)
    elif verb == "prepare":
        services.prepare_payouts(currency="CNY", actor=officers[0], at=at)  # type: ignore[arg-type]
    elif verb == "confirm" and batch:
        services.confirm_payouts(batch_id=batch.pk, actor=officers[1], at=at)  # type: ignore[arg-type]
    elif verb == "discard" and batch:
        services.discard_payouts(
            batch_id=batch.pk,
            reason="another day",
            actor=officers[0],  # type: ignore[arg-type]
            at=at,
        )

"""Every address with somebody's thing in it: its owner gets 2xx first, then an outsider gets 404.

The walk is over the declared endpoints, so that a new one without an example fails here.
"""

from datetime import datetime

import pytest
from django.db import transaction

import exchange.urls  # noqa: F401 (declares every endpoint)
from core.api.routes import ENDPOINTS, Endpoint
from tests import make
from tests.compliance import cast as desk
from tests.examples import OWNED, World
from tests.exchange import cast
from tests.listings.cast import Api

# What is the venue's own, or for everybody to read: no other organisation owns it.
VENUES_OWN = {
    *("read_checklist", "save_checklist", "try_checklist", "revise_checklist"),
    *("schedule_checklist", "recall_checklist", "list_trials", "open_breach"),
    *("confirm_breach", "dismiss_breach", "check_key", "confirm_key", "refuse_key"),
    *("copy_checklist", "export_checklist", "compare_checklists", "save_item", "remove_item"),
    *("check_item", "save_evidence_kind", "begin_trial", "read_trial", "list_trial_findings"),
    *("interrupt_trial", "resume_trial"),
    *("read_review", "propose_review", "confirm_review", "reject_review"),
    *("take_review", "delegate_review", "reassign_review", "note_review", "cancel_absence"),
    *("suspend_clearance", "resume_clearance", "withdraw_grant", "decide_dispute"),
    *("return_deletion", "accept_deletion"),
    *("refund_trade", "read_payout_batch", "confirm_payouts", "discard_payouts"),
    *("assign_deposit", "reverse_deposit", "retry_settlement", "read_event_proof"),
    *("explain_payment", "confirm_explanation", "decline_explanation"),
    *("verify_organisation", "refuse_organisation", "suspend_organisation"),
    *("reinstate_organisation", "close_organisation", "admit_capacity", "refuse_capacity"),
    *("suspend_capacity", "reinstate_capacity", "withdraw_capacity"),
    *("record_register_entry",),
}
PUBLIC = {
    *("verify_declaration", "read_clearance", "verify_contract", "read_offer", "read_sample"),
    *("read_demand", "close_demand", "answer_demand", "pick_quote", "read_receipt"),
}
WITH_THINGS = [one for one in ENDPOINTS if "<" in one.path]


def test_every_endpoint_with_a_thing_has_an_example() -> None:
    named = {one.handler.__name__ for one in WITH_THINGS}

    assert named - OWNED.keys() - VENUES_OWN - PUBLIC == set()


@pytest.mark.parametrize(
    "served",
    [one for one in WITH_THINGS if one.handler.__name__ in OWNED],
    ids=lambda served: f"{served.method} {served.path}",
)
def test_owner_gets_it_and_an_outsider_finds_nothing(
    db: None, at: datetime, served: Endpoint
) -> None:
    world = World(at)
    ask = OWNED[served.handler.__name__](world)
    address = served.path
    for name, value in ask.where.items():
        address = "/".join(
            str(value) if part.endswith(f":{name}>") else part for part in address.split("/")
        )
    assert "<" not in address
    outsiders = [make.vendor(at), make.buyer(at)]
    # The outsider of the same kind may do this with its own things, so that 404 is not 403.
    capable = outsiders[0 if "vendor" in ask.owner.capacities else 1]
    if "supplier" in ask.owner.capacities and "vendor" not in ask.owner.capacities:
        capable = outsiders[0]

    with transaction.atomic():
        mine = Api(ask.owner, at).send(served.method, address, ask.body)
        transaction.set_rollback(True)
    theirs = Api(capable, at).send(served.method, address, ask.body)

    assert 200 <= mine.status_code < 300, mine.content
    assert theirs.status_code == 404, theirs.content


def test_venues_own_things_do_not_tell_whether_they_exist(db: None, at: datetime) -> None:
    market = cast.market(at)
    outsider = Api(make.vendor(at), at)
    nowhere = "00000000-0000-7000-8000-000000000000"
    review = desk.queued(market.vendor, at)
    for address in ("reviews/{}", "payout-batches/{}"):
        there = outsider.get(address.format(review.pk)).status_code
        assert there == outsider.get(address.format(nowhere)).status_code
        assert there in {403, 404}

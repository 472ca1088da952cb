"""The requests that are about nothing of one organisation's own, and the table of all."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from core import selectors as core
from core.actors import NOBODY
from tests.compliance import cast as desk
from tests.examples.money import (
    assigning,
    batch,
    explained,
    explaining,
    failed_settlement,
    fees,
    payable,
    reversing,
)
from tests.examples.owned import OWNED, declaration
from tests.examples.people import (
    a_token,
    asking_capacity,
    audited,
    capacity,
    decided,
    invited,
    inviting,
    newcomer,
    proof,
)
from tests.examples.rules import (
    attesting,
    author,
    clearance,
    in_force_list,
    listed,
    recalling,
    review,
    saving_checklist,
    scheduling,
)
from tests.examples.trading import (
    A_DEMAND,
    accepting_deletion,
    answering,
    contract,
    demand,
    disputed,
    ordering,
    picking,
    proposing_sponsorship,
    receipt,
    recording_right,
    refunding,
    returning_deletion,
    shown,
    withdrawing_grant,
)
from tests.examples.world import (
    NO_BODY,
    Ask,
    World,
    anybody,
    asked_by,
    asked_by_staff,
    staff,
    with_query,
)
from tests.exchange import cast

OTHERS: dict[str, Callable[[World], Ask]] = {
    "read_checklist_in_force": in_force_list,
    "list_checklists": lambda w: Ask(author(w), {}),
    "read_checklist": lambda w: listed(w, "DRAFT"),
    "draft_checklist": lambda w: Ask(
        author(w), {}, {"document": desk.document(f"2027.{uuid4().int % 100_000}")}
    ),
    "save_checklist": saving_checklist,
    "try_checklist": lambda w: listed(w, "DRAFT"),
    "revise_checklist": lambda w: listed(w, "TRIAL"),
    "schedule_checklist": scheduling,
    "recall_checklist": recalling,
    "list_trials": lambda w: listed(w, "TRIAL"),
    "list_declarations": asked_by("vendor"),
    "breach_declaration": lambda w: Ask(w.market.desk.senior, declaration(w).where, NO_BODY),
    "verify_declaration": lambda w: Ask(NOBODY, declaration(w).where),
    "read_facts_schema": anybody,
    "read_venue_attestations": in_force_list,
    "attest_venue": attesting,
    "list_reviews": asked_by_staff("reviewer"),
    "read_review": lambda w: review(w, "read"),
    "propose_review": lambda w: review(w, "propose"),
    "confirm_review": lambda w: review(w, "confirm"),
    "reject_review": lambda w: review(w, "reject"),
    "read_clearance": lambda w: Ask(w.buyer, {"version_id": w.market.version.pk}),
    "list_clearances": asked_by_staff("reviewer"),
    "suspend_clearance": clearance,
    "resume_clearance": lambda w: clearance(w, suspended=True),
    "read_me": asked_by("buyer"),
    "apply_for_organisation": newcomer,
    "list_organisations": asked_by_staff("admin"),
    **{
        f"{verb}_organisation": lambda w, verb=verb: decided(w, verb)  # type: ignore[misc]
        for verb in ("verify", "refuse", "suspend", "reinstate", "close")
    },
    **{
        f"{verb}_capacity": lambda w, verb=verb: capacity(w, verb)  # type: ignore[misc]
        for verb in ("admit", "refuse", "suspend", "reinstate", "withdraw")
    },
    "apply_for_capacity": asking_capacity,
    "invite_member": inviting,
    "accept_invitation": invited,
    "list_tokens": asked_by("buyer"),
    "make_token": a_token,
    "read_audit_head": lambda w: Ask(audited(w).buyer, {}),
    "read_event_proof": proof,
    "read_consistency": with_query(
        lambda w: Ask(audited(w).buyer, {}),
        lambda _w: {"first": 1, "second": core.audit_head()["size"]},
    ),
    "list_grants": asked_by("buyer"),
    "withdraw_grant": withdrawing_grant,
    "read_receipt": receipt,
    "list_deletions": asked_by("buyer"),
    "return_deletion": returning_deletion,
    "accept_deletion": accepting_deletion,
    "place_order": ordering,
    "place_batch": lambda w: Ask(w.buyer, {}, {"orders": [cast.form(w.market)]}),
    "check_order": ordering,
    "list_orders": with_query(asked_by("buyer"), lambda _w: {"side": "buyer"}),
    "list_demands": asked_by("buyer"),
    "publish_demand": lambda w: Ask(w.buyer, {}, A_DEMAND),
    "read_demand": lambda w: Ask(w.buyer, {"demand_id": demand(w).pk}),
    "close_demand": lambda w: Ask(w.buyer, {"demand_id": demand(w).pk}),
    "answer_demand": answering,
    "pick_quote": picking,
    "list_trades": with_query(asked_by("buyer"), lambda _w: {"side": "buyer"}),
    "read_start": asked_by("buyer"),
    "verify_contract": contract,
    "decide_dispute": disputed,
    "refund_trade": refunding,
    "read_content_schema": anybody,
    "upload_file": lambda w: Ask(w.vendor, {}, b"level\n1.2\n"),
    "list_products": asked_by("vendor"),
    "create_product": lambda w: Ask(w.vendor, {}, {}),
    "search_catalogue": anybody,
    "count_catalogue": anybody,
    "read_offer": shown,
    "read_sample": lambda w: Ask(w.buyer, shown(w).where),
    "list_rights": asked_by("vendor"),
    "record_right": recording_right,
    "list_sponsorships": asked_by("vendor"),
    "propose_sponsorship": proposing_sponsorship,
    "list_balances": asked_by("buyer"),
    "list_postings": asked_by("buyer"),
    "read_statement": with_query(
        asked_by("buyer"),
        lambda w: {
            "since": (w.at - timedelta(days=1)).isoformat(),
            "until": (w.at + timedelta(days=1)).isoformat(),
        },
    ),
    "read_trial_balance": asked_by_staff("officer"),
    "read_custody": asked_by_staff("officer"),
    "list_payouts": asked_by("vendor"),
    "list_payout_batches": asked_by_staff("officer"),
    "prepare_payouts": lambda w: Ask(staff(payable(w), "officer"), {}, {"currency": "CNY"}),
    "read_payout_batch": lambda w: batch(w, confirming=True),
    "confirm_payouts": lambda w: batch(w, confirming=True),
    "discard_payouts": lambda w: batch(w, confirming=False),
    "list_bank_entries": asked_by_staff("officer"),
    "assign_deposit": assigning,
    "reverse_deposit": reversing,
    "explain_payment": explaining,
    "list_bank_explanations": asked_by_staff("officer"),
    "confirm_explanation": explained,
    "decline_explanation": lambda w: explained(w, NO_BODY),
    "list_fee_schedules": asked_by_staff("officer"),
    "set_fee_schedule": fees,
    "retry_settlement": failed_settlement,
    "list_settlements": asked_by_staff("officer"),
}
EXAMPLES = OWNED | OTHERS

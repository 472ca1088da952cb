"""The verbs of the money floor."""

from settlement.services.accounts import open_accounts, take_snapshots
from settlement.services.deposits import (
    assign_deposit,
    record_deposit,
    record_entries,
    reverse_deposit,
)
from settlement.services.explanations import (
    confirm_explanation,
    decline_explanation,
    explain_payment,
)
from settlement.services.fee_schedules import set_fee_schedule
from settlement.services.holds import Release, Released, expire_holds, release_hold, release_holds
from settlement.services.payouts import (
    confirm_payouts,
    discard_payouts,
    note_silence,
    prepare_payouts,
    record_answers,
)
from settlement.services.settlements import (
    Settled,
    Settlement,
    request_settlement,
    request_settlements,
    retry_settlement,
    settle_due,
)

__all__ = [
    "Release",
    "Released",
    "Settled",
    "Settlement",
    "assign_deposit",
    "confirm_explanation",
    "confirm_payouts",
    "decline_explanation",
    "discard_payouts",
    "expire_holds",
    "explain_payment",
    "note_silence",
    "open_accounts",
    "prepare_payouts",
    "record_answers",
    "record_deposit",
    "record_entries",
    "release_hold",
    "release_holds",
    "request_settlement",
    "request_settlements",
    "retry_settlement",
    "reverse_deposit",
    "set_fee_schedule",
    "settle_due",
    "take_snapshots",
]

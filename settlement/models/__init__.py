"""Tables of the money floor."""

from settlement.models.accounts import Account, AccountKind, Balance, BalanceSnapshot, Side
from settlement.models.bank import BankEntry, EntryKind, PayoutBatch, PayoutInstruction
from settlement.models.explanations import BankExplanation, ExplanationKind
from settlement.models.holds import Hold
from settlement.models.journal import PostingGroup, Transfer
from settlement.models.settlements import FeeSchedule, SettlementRequest, SettlementTerms

__all__ = [
    "Account",
    "AccountKind",
    "Balance",
    "BalanceSnapshot",
    "BankEntry",
    "BankExplanation",
    "EntryKind",
    "ExplanationKind",
    "FeeSchedule",
    "Hold",
    "PayoutBatch",
    "PayoutInstruction",
    "PostingGroup",
    "SettlementRequest",
    "SettlementTerms",
    "Side",
    "Transfer",
]

"""States of the money floor. Invariant: what may happen to a thing is one table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.machine import Machine


class HoldState(TextChoices):
    """Whether reserved money is still reserved."""

    HELD = "HELD", _("held")
    CAPTURED = "CAPTURED", _("captured")
    VOIDED = "VOIDED", _("voided")
    EXPIRED = "EXPIRED", _("expired")


class SettlementState(TextChoices):
    """Whether a trade has been paid out of its hold."""

    REQUESTED = "REQUESTED", _("requested")
    SETTLED = "SETTLED", _("settled")
    FAILED = "FAILED", _("failed")


class PayoutBatchState(TextChoices):
    """From the maker's list of payouts to the checker's word."""

    PREPARED = "PREPARED", _("prepared")
    CONFIRMED = "CONFIRMED", _("confirmed")
    DISCARDED = "DISCARDED", _("discarded")


class PayoutState(TextChoices):
    """From an amount owed to money that the bank has paid out."""

    PREPARED = "PREPARED", _("prepared")
    CONFIRMED = "CONFIRMED", _("confirmed")
    SENT = "SENT", _("sent to the bank")
    PAID = "PAID", _("paid")
    REJECTED = "REJECTED", _("rejected by the bank")
    DISCARDED = "DISCARDED", _("discarded")


class BankEntryState(TextChoices):
    """Whether a line of the bank's statement has found whom it belongs to."""

    UNMATCHED = "UNMATCHED", _("unmatched")
    BOOKED = "BOOKED", _("booked")
    EXPLAINED = "EXPLAINED", _("explained")


class ExplanationState(TextChoices):
    """From one officer's word on an unexplained debit to another's."""

    PROPOSED = "PROPOSED", _("proposed")
    CONFIRMED = "CONFIRMED", _("confirmed")
    DECLINED = "DECLINED", _("declined")


_H = HoldState
HOLD = Machine(
    "hold",
    {
        _H.HELD: {"capture": _H.CAPTURED, "void": _H.VOIDED, "expire": _H.EXPIRED},
        _H.CAPTURED: {},
        _H.VOIDED: {},
        _H.EXPIRED: {},
    },
)

_S = SettlementState
SETTLEMENT = Machine(
    "settlement",
    {
        _S.REQUESTED: {"settle": _S.SETTLED, "fail": _S.FAILED},
        _S.FAILED: {"retry": _S.REQUESTED},
        _S.SETTLED: {},
    },
)

_B = PayoutBatchState
PAYOUT_BATCH = Machine(
    "payout-batch",
    {
        _B.PREPARED: {"confirm": _B.CONFIRMED, "discard": _B.DISCARDED},
        _B.CONFIRMED: {},
        _B.DISCARDED: {},
    },
)

_P = PayoutState
PAYOUT = Machine(
    "payout",
    {
        _P.PREPARED: {"confirm": _P.CONFIRMED, "discard": _P.DISCARDED},
        _P.CONFIRMED: {"send": _P.SENT},
        _P.SENT: {"pay": _P.PAID, "reject": _P.REJECTED},
        _P.PAID: {},
        _P.REJECTED: {},
        _P.DISCARDED: {},
    },
)

_E = BankEntryState
BANK_ENTRY = Machine(
    "bank-entry",
    {
        _E.UNMATCHED: {"assign": _E.BOOKED, "explain": _E.EXPLAINED},
        _E.BOOKED: {"reverse": _E.UNMATCHED},
        _E.EXPLAINED: {},
    },
    born={_E.UNMATCHED, _E.BOOKED},
)

_X = ExplanationState
EXPLANATION = Machine(
    "bank-explanation",
    {
        _X.PROPOSED: {"confirm": _X.CONFIRMED, "decline": _X.DECLINED},
        _X.CONFIRMED: {},
        _X.DECLINED: {},
    },
)

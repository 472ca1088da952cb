"""States of orders, trades and demands. Invariant: what may happen to a thing is one table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.machine import Machine


class OrderState(TextChoices):
    """From intent to conclusion."""

    AWAITING = "AWAITING", _("awaiting confirmation")
    NEGOTIATING = "NEGOTIATING", _("in negotiation")
    MATCHED = "MATCHED", _("matched")
    REFUSED = "REFUSED", _("refused")
    DECLINED = "DECLINED", _("declined")
    CANCELLED = "CANCELLED", _("cancelled")
    EXPIRED = "EXPIRED", _("expired")


class TradeState(TextChoices):
    """From conclusion to settlement."""

    FUNDED = "FUNDED", _("funded")
    DELIVERING = "DELIVERING", _("in delivery")
    ACCEPTED = "ACCEPTED", _("accepted")
    DISPUTED = "DISPUTED", _("disputed")
    SETTLED = "SETTLED", _("settled")
    REFUNDED = "REFUNDED", _("refunded")


class DemandState(TextChoices):
    """A published need."""

    OPEN = "OPEN", _("open")
    CLOSED = "CLOSED", _("closed")


_O = OrderState
ORDER = Machine(
    "order",
    {
        _O.AWAITING: {
            "match": _O.MATCHED,
            "refuse": _O.REFUSED,
            "decline": _O.DECLINED,
            "cancel": _O.CANCELLED,
            "expire": _O.EXPIRED,
        },
        _O.NEGOTIATING: {
            "match": _O.MATCHED,
            "refuse": _O.REFUSED,
            "decline": _O.DECLINED,
            "cancel": _O.CANCELLED,
            "expire": _O.EXPIRED,
        },
        _O.MATCHED: {},
        _O.REFUSED: {},
        _O.DECLINED: {},
        _O.CANCELLED: {},
        _O.EXPIRED: {},
    },
    born={_O.AWAITING, _O.NEGOTIATING, _O.MATCHED, _O.REFUSED},
)

_T = TradeState
TRADE = Machine(
    "trade",
    {
        _T.FUNDED: {"deliver": _T.DELIVERING, "refund": _T.REFUNDED},
        _T.DELIVERING: {
            "accept": _T.ACCEPTED,
            "dispute": _T.DISPUTED,
            "refund": _T.REFUNDED,
        },
        _T.DISPUTED: {"dismiss": _T.ACCEPTED, "refund": _T.REFUNDED},
        _T.ACCEPTED: {"settle": _T.SETTLED},
        _T.SETTLED: {},
        _T.REFUNDED: {},
    },
)

_D = DemandState
DEMAND = Machine("demand", {_D.OPEN: {"close": _D.CLOSED}, _D.CLOSED: {}})

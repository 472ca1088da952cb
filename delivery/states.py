"""States of delivery. Invariant: an entitlement ends once, and for one of three reasons."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.machine import Machine


class GrantState(TextChoices):
    """Whether the buyer may still fetch what it bought."""

    OPEN = "OPEN", pgettext_lazy("state", "open")
    WITHDRAWN = "WITHDRAWN", _("withdrawn")
    EXPIRED = "EXPIRED", _("expired")
    CLOSED = "CLOSED", _("closed")


class OutsideDeliveryState(TextChoices):
    """What the buyer says to a delivery that the vendor reports to have made elsewhere."""

    REPORTED = "REPORTED", _("reported by the vendor")
    CONFIRMED = "CONFIRMED", _("confirmed by the buyer")
    DENIED = "DENIED", _("denied by the buyer")


_G = GrantState
GRANT = Machine(
    "grant",
    {
        _G.OPEN: {"withdraw": _G.WITHDRAWN, "expire": _G.EXPIRED, "close": _G.CLOSED},
        _G.WITHDRAWN: {},
        _G.EXPIRED: {},
        _G.CLOSED: {},
    },
)

_D = OutsideDeliveryState
OUTSIDE_DELIVERY = Machine(
    "outside-delivery",
    {
        _D.REPORTED: {"confirm": _D.CONFIRMED, "deny": _D.DENIED},
        _D.CONFIRMED: {},
        _D.DENIED: {},
    },
)

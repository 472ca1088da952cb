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


class DeletionState(TextChoices):
    """How far the buyer has come with what it was asked to delete or to give back."""

    ASKED = "ASKED", _("asked")
    PROVED = "PROVED", _("proof given")
    ACCEPTED = "ACCEPTED", _("proof accepted")


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

_E = DeletionState
DELETION = Machine(
    "deletion",
    {
        _E.ASKED: {"prove": _E.PROVED},
        # What does not prove it is returned, with the reason, and may be proved again.
        _E.PROVED: {"return": _E.ASKED, "accept": _E.ACCEPTED},
        _E.ACCEPTED: {},
    },
)

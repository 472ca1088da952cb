"""States of the ground floor. Invariant: what may happen to a thing is one table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.machine import Machine


class OrganisationState(TextChoices):
    """From application to admission, and out again."""

    APPLIED = "APPLIED", _("applied")
    ACTIVE = "ACTIVE", _("active")
    SUSPENDED = "SUSPENDED", _("suspended")
    REFUSED = "REFUSED", _("refused")
    CLOSED = "CLOSED", _("closed")


class CapacityState(TextChoices):
    """Whether the venue has admitted an organisation to do a thing."""

    APPLIED = "APPLIED", _("applied")
    ADMITTED = "ADMITTED", _("admitted")
    SUSPENDED = "SUSPENDED", _("suspended")
    REFUSED = "REFUSED", _("refused")
    WITHDRAWN = "WITHDRAWN", _("withdrawn")


class WorkState(TextChoices):
    """Whether a reaction to an event has been carried out."""

    DUE = "DUE", _("due")
    DONE = "DONE", _("done")
    FAILED = "FAILED", _("failed")


class LetterState(TextChoices):
    """Whether a letter has left."""

    DUE = "DUE", _("due")
    SENT = "SENT", _("sent")
    FAILED = "FAILED", _("failed")


_L = LetterState
LETTER = Machine(
    "letter", {_L.DUE: {"send": _L.SENT, "fail": _L.FAILED}, _L.SENT: {}, _L.FAILED: {}}
)

_O = OrganisationState
ORGANISATION = Machine(
    "organisation",
    {
        _O.APPLIED: {"verify": _O.ACTIVE, "refuse": _O.REFUSED},
        _O.ACTIVE: {"suspend": _O.SUSPENDED, "close": _O.CLOSED},
        _O.SUSPENDED: {"reinstate": _O.ACTIVE, "close": _O.CLOSED},
        _O.REFUSED: {},
        _O.CLOSED: {},
    },
    born={_O.APPLIED, _O.ACTIVE},
)

_C = CapacityState
CAPACITY = Machine(
    "capacity",
    {
        _C.APPLIED: {"admit": _C.ADMITTED, "refuse": _C.REFUSED},
        _C.ADMITTED: {"suspend": _C.SUSPENDED, "withdraw": _C.WITHDRAWN},
        _C.SUSPENDED: {"reinstate": _C.ADMITTED, "withdraw": _C.WITHDRAWN},
        _C.REFUSED: {"apply": _C.APPLIED},
        _C.WITHDRAWN: {"apply": _C.APPLIED},
    },
)

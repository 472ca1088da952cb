"""States of what is offered. Invariant: what may happen to a thing is one table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.machine import Machine


class VersionState(TextChoices):
    """From a vendor's draft to the catalogue, and out again."""

    DRAFT = "DRAFT", _("draft")
    SUBMITTED = "SUBMITTED", _("submitted")
    BLOCKED = "BLOCKED", _("blocked")
    IN_REVIEW = "IN_REVIEW", _("in review")
    LISTED = "LISTED", _("listed")
    SUSPENDED = "SUSPENDED", _("suspended")
    REFUSED = "REFUSED", _("refused")
    DELISTED = "DELISTED", _("delisted")
    ABANDONED = "ABANDONED", _("abandoned")


class RightsState(TextChoices):
    """Whether the venue's record of a right can be relied on."""

    RECORDED = "RECORDED", _("recorded")
    WITHDRAWN = "WITHDRAWN", _("withdrawn")
    EXPIRED = "EXPIRED", _("expired")


class SponsorshipState(TextChoices):
    """Whether a vendor may list for a supplier."""

    PROPOSED = "PROPOSED", _("proposed")
    IN_FORCE = "IN_FORCE", _("in force")
    DECLINED = "DECLINED", _("declined")
    WITHDRAWN = "WITHDRAWN", _("withdrawn")
    EXPIRED = "EXPIRED", _("expired")


class ImportState(TextChoices):
    """Whether every row of a catalogue file has an outcome."""

    OPEN = "OPEN", _("open")
    FINISHED = "FINISHED", _("finished")


_V = VersionState
VERSION = Machine(
    "version",
    {
        _V.DRAFT: {"submit": _V.SUBMITTED, "abandon": _V.ABANDONED},
        _V.SUBMITTED: {"screen": _V.IN_REVIEW, "block": _V.BLOCKED},
        _V.BLOCKED: {"revise": _V.DRAFT},
        _V.IN_REVIEW: {
            "approve": _V.LISTED,
            "refuse": _V.REFUSED,
            "return": _V.DRAFT,
            "block": _V.BLOCKED,
        },
        _V.LISTED: {"suspend": _V.SUSPENDED, "delist": _V.DELISTED},
        _V.SUSPENDED: {"resume": _V.LISTED, "delist": _V.DELISTED},
        _V.REFUSED: {},
        _V.DELISTED: {},
        _V.ABANDONED: {},
    },
)
# A product has at most one version that is being made, and at most one that is on the market.
IN_THE_MAKING = (_V.DRAFT, _V.SUBMITTED, _V.BLOCKED, _V.IN_REVIEW)
ON_THE_MARKET = (_V.LISTED, _V.SUSPENDED)
NEVER_LISTED = (*IN_THE_MAKING, _V.REFUSED, _V.ABANDONED)

_R = RightsState
RIGHTS = Machine(
    "rights-record",
    {
        _R.RECORDED: {"withdraw": _R.WITHDRAWN, "expire": _R.EXPIRED},
        _R.WITHDRAWN: {},
        _R.EXPIRED: {},
    },
)

_S = SponsorshipState
SPONSORSHIP = Machine(
    "sponsorship",
    {
        _S.PROPOSED: {"accept": _S.IN_FORCE, "decline": _S.DECLINED, "withdraw": _S.WITHDRAWN},
        _S.IN_FORCE: {"withdraw": _S.WITHDRAWN, "expire": _S.EXPIRED},
        _S.DECLINED: {},
        _S.WITHDRAWN: {},
        _S.EXPIRED: {},
    },
)

_I = ImportState
IMPORT = Machine("import", {_I.OPEN: {"finish": _I.FINISHED}, _I.FINISHED: {}})

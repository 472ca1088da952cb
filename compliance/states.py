"""States of what is allowed. Invariant: what may happen to a thing is one table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.machine import Machine


class ChecklistState(TextChoices):
    """From an author's draft to the list that binds, and out of force."""

    DRAFT = "DRAFT", _("draft")
    TRIAL = "TRIAL", _("trial")
    SCHEDULED = "SCHEDULED", _("scheduled")
    IN_FORCE = "IN_FORCE", _("in force")
    SUPERSEDED = "SUPERSEDED", _("superseded")
    RECALLED = "RECALLED", _("recalled")


class TrialState(TextChoices):
    """How far a run of a list over the catalogue has come."""

    RUNNING = "RUNNING", _("running")
    INTERRUPTED = "INTERRUPTED", _("interrupted")
    FINISHED = "FINISHED", _("finished")
    FAILED = "FAILED", _("failed")
    ABANDONED = "ABANDONED", _("abandoned")


class DeclarationState(TextChoices):
    """Whether a vendor stands by what it declared."""

    IN_FORCE = "IN_FORCE", _("in force")
    WITHDRAWN = "WITHDRAWN", _("withdrawn")
    EXPIRED = "EXPIRED", _("expired")
    BREACHED = "BREACHED", _("breached")


class BreachState(TextChoices):
    """From what a reviewer found to what two decided, with the word of the one concerned."""

    OPEN = "OPEN", _("open")
    ANSWERED = "ANSWERED", _("answered")
    CONFIRMED = "CONFIRMED", _("confirmed")
    DISMISSED = "DISMISSED", _("dismissed")


class KeyState(TextChoices):
    """Whether signatures with an organisation's own key are taken."""

    PROPOSED = "PROPOSED", _("proposed")
    CHECKED = "CHECKED", _("checked")
    REGISTERED = "REGISTERED", _("registered")
    REFUSED = "REFUSED", _("refused")
    REVOKED = "REVOKED", _("revoked")


class EvidenceState(TextChoices):
    """Whether a piece of evidence can still lift anything."""

    GIVEN = "GIVEN", _("given")
    WITHDRAWN = "WITHDRAWN", _("withdrawn")
    EXPIRED = "EXPIRED", _("expired")


class PersonalRecordState(TextChoices):
    """Whether a record about personal information can still carry anything."""

    IN_FORCE = "IN_FORCE", _("in force")
    WITHDRAWN = "WITHDRAWN", _("withdrawn")
    EXPIRED = "EXPIRED", _("expired")


class ReviewState(TextChoices):
    """From the queue to a decision of two people."""

    QUEUED = "QUEUED", _("queued")
    PROPOSED = "PROPOSED", _("proposed")
    DECIDED = "DECIDED", _("decided")
    CLOSED = "CLOSED", _("closed")


class AbsenceState(TextChoices):
    """Whether a reviewer's absence counts."""

    NOTED = "NOTED", _("noted")
    CANCELLED = "CANCELLED", _("cancelled")


class ClearanceState(TextChoices):
    """Whether a version is admitted to trading."""

    PREPARED = "PREPARED", _("prepared")
    LIVE = "LIVE", _("live")
    SUSPENDED = "SUSPENDED", _("suspended")
    ENDED = "ENDED", _("ended")


_L = ChecklistState
CHECKLIST = Machine(
    "checklist",
    {
        _L.DRAFT: {"try": _L.TRIAL},
        _L.TRIAL: {"revise": _L.DRAFT, "schedule": _L.SCHEDULED},
        # Items never change once a list was scheduled, so a recalled one is not taken up again.
        _L.SCHEDULED: {"recall": _L.RECALLED, "enforce": _L.IN_FORCE},
        _L.IN_FORCE: {"supersede": _L.SUPERSEDED},
        _L.SUPERSEDED: {},
        _L.RECALLED: {},
    },
)

_T = TrialState
TRIAL = Machine(
    "trial",
    {
        _T.RUNNING: {
            "interrupt": _T.INTERRUPTED,
            "finish": _T.FINISHED,
            "fail": _T.FAILED,
            "abandon": _T.ABANDONED,
        },
        # It goes on behind the last version that it reached.
        _T.INTERRUPTED: {"resume": _T.RUNNING, "abandon": _T.ABANDONED},
        _T.FINISHED: {},
        _T.FAILED: {},
        _T.ABANDONED: {},
    },
)
OPEN_TRIAL = (_T.RUNNING, _T.INTERRUPTED)

_D = DeclarationState
DECLARATION = Machine(
    "declaration",
    {
        _D.IN_FORCE: {"withdraw": _D.WITHDRAWN, "expire": _D.EXPIRED, "breach": _D.BREACHED},
        # What was untrue stays untrue: an end of another kind is no way out of it.
        _D.WITHDRAWN: {"breach": _D.BREACHED},
        _D.EXPIRED: {"breach": _D.BREACHED},
        _D.BREACHED: {},
    },
)

_B = BreachState
BREACH = Machine(
    "breach",
    {
        _B.OPEN: {"answer": _B.ANSWERED, "confirm": _B.CONFIRMED, "dismiss": _B.DISMISSED},
        _B.ANSWERED: {"confirm": _B.CONFIRMED, "dismiss": _B.DISMISSED},
        _B.CONFIRMED: {},
        _B.DISMISSED: {},
    },
)
OPEN_BREACH = (_B.OPEN, _B.ANSWERED)

_K = KeyState
ORGANISATION_KEY = Machine(
    "organisation-key",
    {
        _K.PROPOSED: {"check": _K.CHECKED, "refuse": _K.REFUSED, "revoke": _K.REVOKED},
        _K.CHECKED: {"confirm": _K.REGISTERED, "refuse": _K.REFUSED, "revoke": _K.REVOKED},
        _K.REGISTERED: {"revoke": _K.REVOKED},
        _K.REFUSED: {},
        # A key that was lost once is never taken again; a new one is.
        _K.REVOKED: {},
    },
)

_E = EvidenceState
EVIDENCE = Machine(
    "evidence",
    {
        _E.GIVEN: {"withdraw": _E.WITHDRAWN, "expire": _E.EXPIRED},
        _E.WITHDRAWN: {},
        _E.EXPIRED: {},
    },
)

_P = PersonalRecordState
PERSONAL_RECORD = Machine(
    "personal-record",
    {
        _P.IN_FORCE: {"withdraw": _P.WITHDRAWN, "expire": _P.EXPIRED},
        _P.WITHDRAWN: {},
        # Whoever consented may still withdraw: data that were delivered have to go.
        _P.EXPIRED: {"withdraw": _P.WITHDRAWN},
    },
)

_R = ReviewState
REVIEW = Machine(
    "review",
    {
        _R.QUEUED: {"propose": _R.PROPOSED, "close": _R.CLOSED},
        _R.PROPOSED: {"confirm": _R.DECIDED, "reject": _R.QUEUED, "close": _R.CLOSED},
        _R.DECIDED: {},
        _R.CLOSED: {},
    },
)
OPEN_REVIEW = (_R.QUEUED, _R.PROPOSED)

_A = AbsenceState
ABSENCE = Machine("absence", {_A.NOTED: {"cancel": _A.CANCELLED}, _A.CANCELLED: {}})

_C = ClearanceState
CLEARANCE = Machine(
    "clearance",
    {
        _C.PREPARED: {"start": _C.LIVE, "suspend": _C.SUSPENDED, "end": _C.ENDED},
        _C.LIVE: {"suspend": _C.SUSPENDED, "end": _C.ENDED},
        # Suspending again replaces the ground, so that a graver one outlives the lighter.
        _C.SUSPENDED: {"suspend": _C.SUSPENDED, "resume": _C.LIVE, "end": _C.ENDED},
        _C.ENDED: {},
    },
    born={_C.PREPARED, _C.LIVE},
)
OPEN_CLEARANCE = (_C.PREPARED, _C.LIVE, _C.SUSPENDED)

"""Tables of the ground floor."""

from core.models.audit import AuditHead, AuditLeaf, AuditNode
from core.models.events import Event, Work
from core.models.files import StoredFile
from core.models.idempotency import IdempotencyKey
from core.models.keys import VenueKey
from core.models.letters import Letter
from core.models.organisations import Capacity, Invitation, Membership, Organisation
from core.models.users import ApiToken, StepUp, User

__all__ = [
    "ApiToken",
    "AuditHead",
    "AuditLeaf",
    "AuditNode",
    "Capacity",
    "Event",
    "IdempotencyKey",
    "Invitation",
    "Letter",
    "Membership",
    "Organisation",
    "StepUp",
    "StoredFile",
    "User",
    "VenueKey",
    "Work",
]

"""Tables of what is allowed."""

from compliance.models.attestations import VenueAttestation
from compliance.models.checklists import ChangeNotice, ChecklistVersion, Trial, TrialFinding
from compliance.models.clearances import Clearance
from compliance.models.decisions import Decision, ScanReport
from compliance.models.declarations import Declaration, Evidence
from compliance.models.reviews import Review

__all__ = [
    "ChangeNotice",
    "ChecklistVersion",
    "Clearance",
    "Decision",
    "Declaration",
    "Evidence",
    "Review",
    "ScanReport",
    "Trial",
    "TrialFinding",
    "VenueAttestation",
]

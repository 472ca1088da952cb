"""Tables of what is allowed."""

from compliance.models.attestations import VenueAttestation
from compliance.models.breaches import Breach
from compliance.models.checklists import ChecklistVersion, Trial, TrialFinding
from compliance.models.clearances import Clearance
from compliance.models.decisions import Decision, ScanReport
from compliance.models.declarations import Declaration, Evidence
from compliance.models.keys import OrganisationKey
from compliance.models.reports import Report
from compliance.models.reviews import Review

__all__ = [
    "Breach",
    "ChecklistVersion",
    "Clearance",
    "Decision",
    "Declaration",
    "Evidence",
    "OrganisationKey",
    "Report",
    "Review",
    "ScanReport",
    "Trial",
    "TrialFinding",
    "VenueAttestation",
]

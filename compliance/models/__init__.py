"""Tables of what is allowed."""

from compliance.models.attestations import VenueAttestation
from compliance.models.checklists import ChecklistVersion, Trial, TrialFinding
from compliance.models.clearances import Clearance
from compliance.models.decisions import Decision, ScanReport
from compliance.models.declarations import Declaration, Evidence
from compliance.models.exports import (
    ExportKind,
    ExportRow,
    ExportTally,
    RegisterEntry,
    RegisterKind,
)
from compliance.models.gradings import Grading
from compliance.models.reviews import Review

__all__ = [
    "ChecklistVersion",
    "Clearance",
    "Decision",
    "Declaration",
    "Evidence",
    "ExportKind",
    "ExportRow",
    "ExportTally",
    "Grading",
    "RegisterEntry",
    "RegisterKind",
    "Review",
    "ScanReport",
    "Trial",
    "TrialFinding",
    "VenueAttestation",
]

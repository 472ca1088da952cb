"""Tables of what is allowed."""

from compliance.models.attestations import VenueAttestation
from compliance.models.breaches import Breach
from compliance.models.checklists import ChangeNotice, ChecklistVersion, Trial, TrialFinding
from compliance.models.clearances import Clearance
from compliance.models.decisions import Decision, ScanReport
from compliance.models.declarations import Declaration, Evidence
from compliance.models.desk import Absence, ReviewNote
from compliance.models.exports import (
    ExportKind,
    ExportRow,
    ExportTally,
    RegisterEntry,
    RegisterKind,
)
from compliance.models.gradings import Grading
from compliance.models.keys import OrganisationKey
from compliance.models.personal import ConsentWithdrawal, PersonalRecord, RecordBinding
from compliance.models.reports import Report
from compliance.models.reviews import Review

__all__ = [
    "Absence",
    "Breach",
    "ChangeNotice",
    "ChecklistVersion",
    "Clearance",
    "ConsentWithdrawal",
    "Decision",
    "Declaration",
    "Evidence",
    "ExportKind",
    "ExportRow",
    "ExportTally",
    "Grading",
    "OrganisationKey",
    "PersonalRecord",
    "RecordBinding",
    "RegisterEntry",
    "RegisterKind",
    "Report",
    "Review",
    "ReviewNote",
    "ScanReport",
    "Trial",
    "TrialFinding",
    "VenueAttestation",
]

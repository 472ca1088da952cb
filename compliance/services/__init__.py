"""What may be done with what is allowed."""

from compliance.services.attestations import attest_venue
from compliance.services.checklists import (
    draft_checklist,
    revise_checklist,
    run_trials,
    save_checklist,
    schedule_checklist,
    try_checklist,
)
from compliance.services.clearances import (
    end_clearances_of_rights,
    end_clearances_of_sponsorships,
    end_clearances_of_versions,
    expire_clearances,
    resume_clearance,
    suspend_clearance,
)
from compliance.services.declarations import (
    breach_declaration,
    expire_declarations,
    sign_declaration,
    withdraw_declaration,
)
from compliance.services.enforcement import (
    enforce_checklist,
    prepare_clearances,
    recall_checklist,
)
from compliance.services.evidence import expire_evidence, give_evidence, withdraw_evidence
from compliance.services.exports import (
    Entry,
    commit_exports,
    record_register_entry,
    release_exports,
)
from compliance.services.gradings import Graded, grade_version
from compliance.services.installation import install_checklist, load_checklist
from compliance.services.parties import (
    end_clearances_of_organisations,
    resume_clearances_of_capacities,
    resume_clearances_of_organisations,
    suspend_clearances_of_capacities,
    suspend_clearances_of_organisations,
)
from compliance.services.reviews import (
    close_reviews,
    confirm_review,
    propose_review,
    reject_review,
)
from compliance.services.scans import record_scans, scan_samples
from compliance.services.screening import rescreen_versions, scan_and_screen, screen_versions

__all__ = [
    "Entry",
    "Graded",
    "attest_venue",
    "breach_declaration",
    "close_reviews",
    "commit_exports",
    "confirm_review",
    "draft_checklist",
    "end_clearances_of_organisations",
    "end_clearances_of_rights",
    "end_clearances_of_sponsorships",
    "end_clearances_of_versions",
    "enforce_checklist",
    "expire_clearances",
    "expire_declarations",
    "expire_evidence",
    "give_evidence",
    "grade_version",
    "install_checklist",
    "load_checklist",
    "prepare_clearances",
    "propose_review",
    "recall_checklist",
    "record_register_entry",
    "record_scans",
    "reject_review",
    "release_exports",
    "rescreen_versions",
    "resume_clearance",
    "resume_clearances_of_capacities",
    "resume_clearances_of_organisations",
    "revise_checklist",
    "run_trials",
    "save_checklist",
    "scan_and_screen",
    "scan_samples",
    "schedule_checklist",
    "screen_versions",
    "sign_declaration",
    "suspend_clearance",
    "suspend_clearances_of_capacities",
    "suspend_clearances_of_organisations",
    "try_checklist",
    "withdraw_declaration",
    "withdraw_evidence",
]

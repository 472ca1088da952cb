"""What may be done with what is allowed."""

from compliance.services.attestations import attest_venue
from compliance.services.checklists import (
    copy_checklist,
    draft_checklist,
    import_checklist,
    revise_checklist,
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
    prepare_again,
    prepare_clearances,
    recall_checklist,
)
from compliance.services.evidence import expire_evidence, give_evidence, withdraw_evidence
from compliance.services.installation import install_checklist, load_checklist
from compliance.services.items import remove_item, save_evidence_kind, save_item
from compliance.services.notices import note_changes
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
from compliance.services.trials import begin_trial, interrupt_trial, resume_trial, run_trials

__all__ = [
    "attest_venue",
    "begin_trial",
    "breach_declaration",
    "close_reviews",
    "confirm_review",
    "copy_checklist",
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
    "import_checklist",
    "install_checklist",
    "interrupt_trial",
    "load_checklist",
    "note_changes",
    "prepare_again",
    "prepare_clearances",
    "propose_review",
    "recall_checklist",
    "record_scans",
    "reject_review",
    "remove_item",
    "rescreen_versions",
    "resume_clearance",
    "resume_clearances_of_capacities",
    "resume_clearances_of_organisations",
    "resume_trial",
    "revise_checklist",
    "run_trials",
    "save_checklist",
    "save_evidence_kind",
    "save_item",
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

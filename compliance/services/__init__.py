"""What may be done with what is allowed."""

from compliance.services.attestations import attest_venue
from compliance.services.breaches import (
    answer_breach,
    confirm_breach,
    dismiss_breach,
    open_breach,
)
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
from compliance.services.consents import record_basis
from compliance.services.declarations import (
    expire_declarations,
    sign_declaration,
    withdraw_declaration,
)
from compliance.services.desk import (
    cancel_absence,
    delegate_review,
    note_absence,
    note_review,
    reassign_review,
    take_review,
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
from compliance.services.items import remove_item, save_evidence_kind, save_item
from compliance.services.notices import note_changes
from compliance.services.organisation_keys import (
    check_key,
    confirm_key,
    propose_key,
    refuse_key,
    revoke_key,
)
from compliance.services.outside_signatures import (
    hand_in_declaration,
    prepare_declaration,
)
from compliance.services.parties import (
    end_clearances_of_organisations,
    resume_clearances_of_capacities,
    resume_clearances_of_organisations,
    suspend_clearances_of_capacities,
    suspend_clearances_of_organisations,
)
from compliance.services.personal import (
    bind_record,
    expire_records,
    record_anonymisation,
    record_assessment,
)
from compliance.services.reports import (
    hand_in_report,
    sign_report,
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
from compliance.services.withdrawals import withdraw_record

__all__ = [
    "Entry",
    "Graded",
    "answer_breach",
    "attest_venue",
    "begin_trial",
    "bind_record",
    "breach_declaration",
    "cancel_absence",
    "check_key",
    "close_reviews",
    "commit_exports",
    "confirm_breach",
    "confirm_key",
    "confirm_review",
    "copy_checklist",
    "delegate_review",
    "dismiss_breach",
    "draft_checklist",
    "end_clearances_of_organisations",
    "end_clearances_of_rights",
    "end_clearances_of_sponsorships",
    "end_clearances_of_versions",
    "enforce_checklist",
    "expire_clearances",
    "expire_declarations",
    "expire_evidence",
    "expire_records",
    "give_evidence",
    "grade_version",
    "hand_in_declaration",
    "hand_in_report",
    "import_checklist",
    "install_checklist",
    "interrupt_trial",
    "load_checklist",
    "note_absence",
    "note_changes",
    "note_review",
    "open_breach",
    "prepare_clearances",
    "prepare_declaration",
    "propose_key",
    "propose_review",
    "reassign_review",
    "recall_checklist",
    "record_anonymisation",
    "record_assessment",
    "record_basis",
    "record_register_entry",
    "record_scans",
    "refuse_key",
    "reject_review",
    "release_exports",
    "remove_item",
    "rescreen_versions",
    "resume_clearance",
    "resume_clearances_of_capacities",
    "resume_clearances_of_organisations",
    "resume_trial",
    "revise_checklist",
    "revoke_key",
    "run_trials",
    "save_checklist",
    "save_evidence_kind",
    "save_item",
    "scan_and_screen",
    "scan_samples",
    "schedule_checklist",
    "screen_versions",
    "sign_declaration",
    "sign_report",
    "suspend_clearance",
    "suspend_clearances_of_capacities",
    "suspend_clearances_of_organisations",
    "take_review",
    "try_checklist",
    "withdraw_declaration",
    "withdraw_evidence",
    "withdraw_record",
]

"""What may be done with what is offered."""

from listings.services.catalogue import publish_entry, withdraw_entry
from listings.services.imports import BatchOutcome, finish_import, import_rows, start_import
from listings.services.market import (
    delist_version,
    list_version,
    mark_screened,
    refuse_version,
    release_seat,
    resume_version,
    return_version,
    suspend_version,
)
from listings.services.products import (
    abandon_version,
    create_product,
    draft_version,
    require_standing,
    revise_version,
    save_draft,
    save_section,
    submit_version,
)
from listings.services.releases import hand_in_file, publish_release, remove_release
from listings.services.rights import (
    accept_sponsorship,
    decline_sponsorship,
    expire_rights,
    propose_sponsorship,
    record_right,
    withdraw_right,
    withdraw_sponsorship,
)

__all__ = [
    "BatchOutcome",
    "abandon_version",
    "accept_sponsorship",
    "create_product",
    "decline_sponsorship",
    "delist_version",
    "draft_version",
    "expire_rights",
    "finish_import",
    "hand_in_file",
    "import_rows",
    "list_version",
    "mark_screened",
    "propose_sponsorship",
    "publish_entry",
    "publish_release",
    "record_right",
    "refuse_version",
    "release_seat",
    "remove_release",
    "require_standing",
    "resume_version",
    "return_version",
    "revise_version",
    "save_draft",
    "save_section",
    "start_import",
    "submit_version",
    "suspend_version",
    "withdraw_entry",
    "withdraw_right",
    "withdraw_sponsorship",
]

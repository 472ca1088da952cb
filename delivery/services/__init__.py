"""Writes of delivery. Invariant: each leaves its event.

Of a grant: open, withdraw, expire, close, hand_over (the first complete one), end_inspection;
of a link: make; of a receipt: issue; of an outside-delivery: report, confirm, deny; of a
deletion: ask, prove, return, accept.
"""

from delivery.services.deletions import (
    accept_deletion,
    ask_deletions,
    prove_deletion,
    return_deletion,
)
from delivery.services.downloads import (
    BegunAccess,
    MadeLink,
    begin_access,
    end_access,
    make_link,
)
from delivery.services.grants import (
    GrantRequest,
    close_grants,
    end_inspections,
    expire_grants,
    open_grants,
    withdraw_grant,
    withdraw_grants,
)
from delivery.services.outside_deliveries import (
    confirm_outside_delivery,
    deny_outside_delivery,
    report_outside_delivery,
)

__all__ = [
    "BegunAccess",
    "GrantRequest",
    "MadeLink",
    "accept_deletion",
    "ask_deletions",
    "begin_access",
    "close_grants",
    "confirm_outside_delivery",
    "deny_outside_delivery",
    "end_access",
    "end_inspections",
    "expire_grants",
    "make_link",
    "open_grants",
    "prove_deletion",
    "report_outside_delivery",
    "return_deletion",
    "withdraw_grant",
    "withdraw_grants",
]

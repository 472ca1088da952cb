"""What ends when something that a clearance rests on ends. Invariant: one table, read by everyone.

The roof reads the effects on orders and deliveries from the same rows (the design's table of
grounds); the order gate refuses by its own look at the causes and waits for none of this.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Effects:
    """What one ground does to the clearance, and to what was built on it.

    New orders always stop. `open_orders`: refused with their holds released, or left to wait.
    `deliveries`: stopped or going on. `delivered`: data already handed over stays, is to be given
    back (recall), or its deletion is to be proved (delete).
    """

    clearance: Literal["end", "suspend"]
    open_orders: Literal["refuse", "wait"]
    deliveries: Literal["stop", "go_on"]
    delivered: Literal["stay", "recall", "delete"]


_PROSPECTIVE = Effects("end", "refuse", "go_on", "stay")

GROUNDS: dict[str, Effects] = {
    "illegality": Effects("end", "refuse", "stop", "recall"),
    "official-order": Effects("end", "refuse", "stop", "recall"),
    "consent-withdrawn": Effects("end", "refuse", "stop", "delete"),
    "organisation-suspended": Effects("suspend", "wait", "go_on", "stay"),
    "venue": Effects("suspend", "wait", "go_on", "stay"),
    "organisation-closed": _PROSPECTIVE,
    "declaration-expired": _PROSPECTIVE,
    "declaration-withdrawn": _PROSPECTIVE,
    "declaration-breached": _PROSPECTIVE,
    "right-expired": _PROSPECTIVE,
    "right-withdrawn": _PROSPECTIVE,
    "mandate-ended": _PROSPECTIVE,
    "evidence-expired": _PROSPECTIVE,
    "evidence-withdrawn": _PROSPECTIVE,
    "checklist-superseded": _PROSPECTIVE,
    "delisted": _PROSPECTIVE,
    "clearance-expired": _PROSPECTIVE,
    # A newer clearance of the same version takes its place: nothing else changes.
    "replaced": Effects("end", "wait", "go_on", "stay"),
}

# What a reviewer may name when taking a clearance away by hand.
BY_HAND = ("venue", "illegality", "official-order", "consent-withdrawn")

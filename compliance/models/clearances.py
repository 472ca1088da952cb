"""Clearances. Invariant: at most one is live for a version, and none outlives its declaration."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, JSONField, Q, Value

from compliance.models.checklists import ChecklistVersion
from compliance.models.decisions import Decision
from compliance.models.declarations import Declaration
from compliance.states import CLEARANCE, OPEN_CLEARANCE, ClearanceState
from core.fields import StateField
from core.guards import frozen, undeletable, untruncatable
from core.ids import uuid7

# The lock keeps the declaration from being withdrawn between this look and the commit.
RESTS_ON = (
    "PERFORM 1 FROM compliance_declaration d WHERE d.id = NEW.declaration_id "
    "AND d.version_id = NEW.version_id AND d.state = 'IN_FORCE' "
    "AND d.valid_until >= NEW.valid_until FOR SHARE; "
    "IF NOT FOUND THEN RAISE EXCEPTION 'no declaration in force carries this clearance' "
    "USING ERRCODE = 'check_violation'; END IF; "
    "PERFORM 1 FROM compliance_decision d WHERE d.id = NEW.decision_id "
    "AND d.reference = NEW.version_id AND d.checklist_id = NEW.checklist_id "
    "AND d.verdict IN ('cleared', 'caution'); "
    "IF NOT FOUND THEN RAISE EXCEPTION 'no clear decision carries this clearance' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
)


class Clearance(models.Model):
    """Admission of one version to trading, by one checklist and one declaration, for a time.

    `facts` is what of the listing the gate needs, and `evidence` the keys that lifted anything,
    so that an order reads this row alone. `withdrawn` lies over `facts`: what persons withdrew
    their consent for since; it only ever grows. A prepared clearance counts from `valid_from` on,
    if `former`, the one it follows, is live then. `ground` says why it is suspended or ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(
        "listings.Version", on_delete=models.PROTECT, related_name="clearances"
    )
    checklist = models.ForeignKey(ChecklistVersion, on_delete=models.PROTECT, related_name="+")
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="clearances"
    )
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    former = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="following"
    )
    facts = models.JSONField()
    evidence = models.JSONField(default=list, blank=True)
    withdrawn = models.JSONField(default=dict, blank=True, db_default=Value({}, JSONField()))
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    state = StateField(choices=ClearanceState.choices, default=ClearanceState.LIVE)
    ground = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(state=ClearanceState.LIVE),
                name="clearance_one_live",
            ),
            models.UniqueConstraint(
                fields=["version", "checklist"],
                condition=Q(state__in=[str(state) for state in OPEN_CLEARANCE]),
                name="clearance_one_open",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")), name="clearance_dates"
            ),
            models.CheckConstraint(
                condition=~Q(state=ClearanceState.PREPARED) | Q(former__isnull=False),
                name="clearance_prepared_follows",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["version", "state"], name="clearance_of_version"),
            models.Index(
                fields=["valid_until"],
                condition=Q(state__in=[str(state) for state in OPEN_CLEARANCE]),
                name="clearance_due",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *CLEARANCE.guards(),
            frozen(
                "clearance",
                "id",
                "version_id",
                "checklist_id",
                "declaration_id",
                "decision_id",
                "former_id",
                "facts",
                "evidence",
                "valid_from",
                "valid_until",
            ),
            pgtrigger.Trigger(
                name="clearance_rests_on",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=RESTS_ON,
            ),
            pgtrigger.Trigger(
                name="clearance_withdrawn_grows",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NOT (NEW.withdrawn @> OLD.withdrawn)"),
                func="RAISE EXCEPTION 'what was withdrawn from a clearance does not come back' "
                "USING ERRCODE = 'check_violation';",
            ),
            undeletable("clearance"),
            untruncatable("clearance"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} until {self.valid_until:%Y-%m-%d}"

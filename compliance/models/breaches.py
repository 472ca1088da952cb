"""Breaches of declarations. Invariant: two people decide, after the one concerned could speak."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from compliance.models.declarations import Declaration
from compliance.states import BREACH, OPEN_BREACH, BreachState
from core.fields import StateField
from core.guards import frozen, undeletable, untruncatable
from core.ids import uuid7


class Breach(models.Model):
    """A case: what a reviewer found untrue in a declaration, what it rests on, and what came of it.

    The one who declared may answer until `answer_until`; another reviewer decides.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="breaches")
    statements = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=4000)
    evidence = models.CharField(max_length=4000)
    file = models.ForeignKey(
        "core.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = StateField(choices=BreachState.choices, default=BreachState.OPEN)
    maker = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    answer_until = models.DateTimeField()
    answer = models.CharField(max_length=4000, blank=True)
    answered_by = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    checker = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision = models.CharField(max_length=4000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "breaches"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["declaration"],
                condition=Q(state__in=[str(state) for state in OPEN_BREACH]),
                name="breach_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(state=BreachState.CONFIRMED)
                | (Q(checker__isnull=False, decided_at__isnull=False) & ~Q(maker=F("checker"))),
                name="breach_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state=BreachState.CONFIRMED)
                | Q(answered_at__isnull=False)
                | Q(decided_at__gte=F("answer_until")),
                name="breach_heard",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(evidence=""), name="breach_has_grounds"
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *BREACH.guards(),
            frozen(
                "breach",
                "id",
                "declaration_id",
                "statements",
                "reason",
                "evidence",
                "file_id",
                "maker_id",
                "opened_at",
                "answer_until",
            ),
            undeletable("breach"),
            untruncatable("breach"),
        ]

    def __str__(self) -> str:
        return f"{self.declaration_id}: {self.state}"

"""Reviews by maker and checker. Invariant: two different people decide; a caution needs a senior."""  # noqa: E501

from datetime import datetime
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from compliance.models.decisions import Decision
from compliance.states import OPEN_REVIEW, REVIEW, ReviewState
from core.calendar import due_after
from core.fields import StateField
from core.guards import frozen, undeletable, untruncatable
from core.ids import uuid7

# Working days that a review may take, from the queue to the second reviewer's word.
REVIEW_DAYS = 5


class Review(models.Model):
    """One place in the queue: the screening it is about, its risk, and who decides what.

    `answers` are the maker's, as a decision's `attested`, and the checker confirms them too.
    `maker_senior` and `checker_senior` say that they were senior reviewers when they acted.
    `assigned` is who has the case now, to propose or to confirm; nobody's is everybody's.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(
        "listings.Version", on_delete=models.PROTECT, related_name="reviews"
    )
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    state = StateField(choices=ReviewState.choices, default=ReviewState.QUEUED)
    risk = models.IntegerField()
    needs_senior = models.BooleanField()
    proposal = models.CharField(
        max_length=8,
        blank=True,
        choices=[("approve", _("approve")), ("refuse", _("refuse")), ("return", _("return"))],
    )
    note = models.CharField(max_length=4000, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    maker = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    maker_senior = models.BooleanField(default=False)
    checker = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    checker_senior = models.BooleanField(default=False)
    assigned = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    assigned_at = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField()
    proposed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(state__in=[str(state) for state in OPEN_REVIEW]),
                name="review_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReviewState.DECIDED)
                | (
                    Q(maker__isnull=False, checker__isnull=False, decided_at__isnull=False)
                    & ~Q(maker=F("checker"))
                    & ~Q(proposal="")
                ),
                name="review_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReviewState.DECIDED)
                | ~Q(proposal="approve")
                | Q(needs_senior=False)
                | Q(maker_senior=True)
                | Q(checker_senior=True),
                name="review_senior",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReviewState.PROPOSED)
                | Q(assigned__isnull=True)
                | ~Q(assigned=F("maker")),
                name="review_not_with_its_maker",
            ),
            models.CheckConstraint(
                condition=Q(assigned__isnull=True, assigned_at__isnull=True)
                | Q(assigned__isnull=False, assigned_at__isnull=False),
                name="review_assigned_since",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["-risk", "queued_at", "id"],
                condition=Q(state__in=[str(state) for state in OPEN_REVIEW]),
                name="review_queue",
            ),
            models.Index(
                fields=["assigned"],
                condition=Q(state__in=[str(state) for state in OPEN_REVIEW]),
                name="review_of_reviewer",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *REVIEW.guards(),
            frozen("review", "id", "version_id", "queued_at"),
            undeletable("review"),
            untruncatable("review"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.proposal or self.state}"

    @property
    def due_at(self) -> datetime:
        """When it has to be decided: so many working days after it came, at the same time."""
        return due_after(timezone.localtime(self.queued_at), REVIEW_DAYS)

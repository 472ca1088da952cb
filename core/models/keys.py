"""The venue's keys, one after the other. Invariant: at most one is in use, and none is lost."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from core.fields import DigestField
from core.guards import frozen, undeletable, untruncatable


class VenueKey(models.Model):
    """The public half of one of the venue's Ed25519 keys.

    `valid_from` is None for the first, which is good from the beginning; `valid_until` is None for
    the one in use, and when it was replaced for the others: what they sealed stays verifiable.
    """

    key_id = models.CharField(primary_key=True, max_length=64)
    public = DigestField()
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(valid_until__isnull=True), name="venue_key_one_in_use"
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            frozen("venue_key", "key_id", "public", "valid_from"),
            pgtrigger.Protect(
                name="venue_key_replaced_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__valid_until__isnull=False),
            ),
            undeletable("venue_key"),
            untruncatable("venue_key"),
        ]

    def __str__(self) -> str:
        return self.key_id

"""Requests that were answered. Invariant: the same request sent twice has one effect."""

from typing import ClassVar

from django.db import models

from core.fields import DigestField


class IdempotencyKey(models.Model):
    """The answer given to one key of one member, with the hash of what was asked.

    The row commits with the effect of the request, so that a crash leaves both or neither.
    """

    scope = models.UUIDField(help_text="the membership, or the user, that asked")
    key = models.CharField(max_length=100)
    input_hash = DigestField()
    status = models.SmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["scope", "key"], name="idempotency_key_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["created_at"], name="idempotency_key_age"),
        ]

    def __str__(self) -> str:
        return self.key

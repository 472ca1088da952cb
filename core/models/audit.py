"""The audit tree. Invariant: a leaf or node once written stays; every head signs the leaves below.

Merkle tree of RFC 9162 over the committed events, appended by one sequencer off the order path.
"""

from typing import ClassVar

import pgtrigger
from django.db import models

from core.guards import append_only


class AuditLeaf(models.Model):
    """The place of one event in the tree, and the hash of what stood in it."""

    index = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(
        "core.Event", on_delete=models.PROTECT, related_name="leaf", db_constraint=False
    )
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name_plural = "audit leaves"
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("audit_leaf")

    def __str__(self) -> str:
        return str(self.index)


class AuditNode(models.Model):
    """The hash of one complete subtree: `level` 1 covers two leaves, `level` n covers 2^n."""

    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["level", "index"], name="audit_node_once"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("audit_node")

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class AuditHead(models.Model):
    """The signed root of the tree at one size."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    key_id = models.CharField(max_length=64)
    signature = models.BinaryField(max_length=64)

    class Meta:
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("audit_head")

    def __str__(self) -> str:
        return str(self.size)

"""Reports of service providers. Invariant: what was handed in stays as it was handed in."""

from typing import ClassVar

import pgtrigger
from django.db import models

from core.fields import DigestField
from core.guards import append_only
from core.ids import uuid7


class Report(models.Model):
    """A report that a service provider made on a product: an opinion, an audit, an assessment.

    It can lift what asks for evidence of its `key`, while the provider's declaration on exactly
    this file is in force.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, related_name="reports"
    )
    product = models.ForeignKey(
        "listings.Product", on_delete=models.PROTECT, related_name="reports"
    )
    key = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    sha256 = DigestField()
    made_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["provider", "product", "key", "sha256"], name="report_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["provider", "-at", "-id"], name="report_list"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("report")

    def __str__(self) -> str:
        return self.title

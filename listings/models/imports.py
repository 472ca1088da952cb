"""Imports of other catalogues. Invariant: every row of a file ends with one recorded outcome."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import DigestField, StateField
from core.guards import append_only, frozen
from core.ids import uuid7
from listings.models.products import Product
from listings.states import IMPORT, ImportState


class CatalogueImport(models.Model):
    """One file of other people's listings, read once for one vendor.

    `position` is the number of the last row done; rows and position commit together.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    vendor = models.ForeignKey("core.Organisation", on_delete=models.PROTECT)
    file_name = models.CharField(max_length=255)
    file_sha256 = DigestField()
    state = StateField(choices=ImportState.choices, default=ImportState.OPEN)
    position = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["vendor", "file_sha256"],
                condition=Q(state=ImportState.OPEN),
                name="import_open_once",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *IMPORT.guards(),
            frozen("import", "vendor_id", "file_name", "file_sha256", "started_at"),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportedRow(models.Model):
    """What became of one row, and why."""

    id = models.BigAutoField(primary_key=True)
    catalogue_import = models.ForeignKey(
        CatalogueImport, on_delete=models.PROTECT, related_name="rows"
    )
    number = models.BigIntegerField()
    line = models.BigIntegerField()
    outcome = models.CharField(
        max_length=9,
        choices=[
            ("created", _("created")),
            ("duplicate", _("duplicate")),
            ("refused", _("refused")),
        ],
    )
    field = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    source_ref = models.CharField(max_length=200, blank=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["catalogue_import", "number"], name="imported_row_once"
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("imported_row")

    def __str__(self) -> str:
        return f"{self.line}: {self.outcome}"

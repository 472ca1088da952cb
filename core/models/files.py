"""Stored files. Invariant: the bytes of a stored file never change; its hash says which they are."""  # noqa: E501

from typing import ClassVar

import pgtrigger
from django.db import models

from core.fields import DigestField
from core.guards import append_only
from core.ids import uuid7


class StoredFile(models.Model):
    """A file that an organisation handed in, under the files directory at `path`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("core.Organisation", on_delete=models.PROTECT)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size_bytes = models.BigIntegerField()
    sha256 = DigestField(db_index=True)
    path = models.CharField(max_length=255, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("stored_file")

    def __str__(self) -> str:
        return self.name

"""Gradings as they are read. Invariant: a vendor reads its own, the venue reads all."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from compliance.models import Grading
from core.actors import Member
from listings.models import Version
from listings.selectors import own_version


@dataclass(frozen=True, slots=True)
class GradingSheet:
    """A version with its gradings, the newest first; `bound` if the newest is of its content."""

    version: Version
    gradings: tuple[Grading, ...]
    bound: bool


def readable_gradings(version_id: UUID, reader: Member) -> QuerySet[Grading]:
    """Return the gradings of a version that the reader may read.

    Raises:
        NotFound: it is not the reader's own.

    """
    version = own_version(version_id, reader)
    return Grading.objects.filter(version=version).select_related("graded_by")


def grading_sheet(version_id: UUID, reader: Member) -> GradingSheet:
    """Return how a version was graded.

    Raises:
        NotFound: it is not the reader's own.

    """
    version = own_version(version_id, reader)
    rows = tuple(readable_gradings(version_id, reader).order_by("-at", "-id"))
    return GradingSheet(version, rows, bool(rows) and rows[0].content_hash == version.content_hash)


def last_grading(version_id: UUID) -> Grading | None:
    """Return how a version was graded last, if it was."""
    return Grading.objects.filter(version=version_id).order_by("-at", "-id").first()


def graded_as_they_are(versions: Collection[Version]) -> set[UUID]:
    """Return the versions whose very content was graded."""
    rows = Grading.objects.filter(version__in=versions).values_list("version_id", "content_hash")
    graded = set(rows)
    return {one.pk for one in versions if (one.pk, one.content_hash) in graded}


def versions_ever_graded(version_ids: Collection[UUID]) -> set[UUID]:
    """Return which of the versions were ever graded, whatever their content was then."""
    rows = Grading.objects.filter(version__in=version_ids).order_by()
    return set(rows.values_list("version_id", flat=True))

"""What the scans of samples say. Invariant: a sample that was not scanned is unknown, not clean."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from compliance.facts import ScanFacts
from compliance.models import ScanReport
from compliance.scan import Column, columns_of
from core.files import open_file
from core.models import StoredFile
from listings.models import Release

MOST_COLUMNS = 400


def unscanned_files(version_ids: Collection[UUID]) -> QuerySet[StoredFile]:
    """Return the sample files of some versions that no scan has looked at."""
    samples = Release.objects.filter(version__in=version_ids, kind="sample").values("file")
    scanned = ScanReport.objects.filter(file=OuterRef("pk"))
    return StoredFile.objects.filter(~Exists(scanned), pk__in=samples).order_by("pk")


def version_scans(version_id: UUID) -> list[ScanReport]:
    """Return the scans of a version's samples with their files."""
    samples = Release.objects.filter(version=version_id, kind="sample").values("file")
    rows = ScanReport.objects.filter(file__in=samples).select_related("file")
    return list(rows.order_by("file", "at"))


def sample_columns(version_id: UUID) -> tuple[Column, ...]:
    """Return the columns that the newest sample of a version names; none without one."""
    rows = Release.objects.filter(version=version_id, kind="sample").select_related("file")
    newest = rows.order_by("-published_at", "-id").first()
    if newest is None:
        return ()
    with open_file(newest.file) as stream:
        return columns_of(stream)


def scan_facts(
    files: Collection[UUID], reports: Mapping[UUID, Mapping[str, Any]]
) -> ScanFacts | None:
    """Return what the scans of several files say together; None while one is missing.

    One file that could not be read makes the whole unknown.
    """
    if not files:
        return ScanFacts(state="no_file")
    known = [reports[file] for file in files if file in reports]
    if len(known) < len(files):
        return None
    if any(report["state"] != "done" for report in known):
        return ScanFacts(state="failed")
    return ScanFacts(
        state="done",
        rows=sum(report["rows"] for report in known),
        kinds=_together(report["kinds"] for report in known),
        checksum_kinds=_together(report["checksum_kinds"] for report in known),
        most_share_bp=max(report["most_share_bp"] for report in known),
        columns=_together(report["columns"] for report in known)[:MOST_COLUMNS],
    )


def _together(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(sorted({one for several in lists for one in several}))

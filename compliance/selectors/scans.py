"""What the scans of samples say. Invariant: a sample that was not scanned is unknown, not clean."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from compliance.facts import ScanFacts
from compliance.models import ScanReport
from compliance.scan import KINDS, Column, FirstRows, ScanRefused, columns_of, first_rows
from core.files import open_file
from core.models import StoredFile
from listings.models import Release

MOST_COLUMNS = 400
# Found, these keep a sample from being shown, and every kind about persons does.
NEVER_SHOWN = frozenset({"classification_mark"})


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What anybody may see of a sample: its first `rows`, or the reason why none are shown.

    `reason` is "", unscanned, unreadable, no-text or found; `kinds` are then those that were found.
    `row_count` is how many rows the scan counted, None where it counted none.
    """

    reason: str
    kinds: tuple[str, ...] = ()
    row_count: int | None = None
    rows: FirstRows | None = None


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


def looked_at(file: StoredFile) -> LookedAt:
    """Return the first rows of a sample that was scanned and in which nobody was found.

    What the scan found stays hidden even where evidence lifted it: that lets the data be sold,
    not be shown to everybody.
    """
    scan = ScanReport.objects.filter(file=file).order_by("-at", "-id").first()
    if scan is None:
        return LookedAt("unscanned")
    report = scan.report
    if report["state"] != "done":
        return LookedAt("unreadable")
    kinds = tuple(kind for kind in report["kinds"] if kind in NEVER_SHOWN or _personal(kind))
    if kinds:
        return LookedAt("found", kinds, report["rows"])
    with open_file(file) as stream:
        try:
            rows = first_rows(stream)
        except ScanRefused:
            # The scan reads more than text: a workbook, say, has no rows that can be shown here.
            return LookedAt("no-text", (), report["rows"])
    return LookedAt("", (), report["rows"], rows)


def _personal(kind: str) -> bool:
    """Tell whether a kind is about persons; one that a later scanner no longer knows counts."""
    return kind not in KINDS or KINDS[kind].personal


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

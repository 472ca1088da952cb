"""Scanning samples. Invariant: a file is scanned once by each version of the scanner."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from compliance import selectors
from compliance.models import ScanReport
from compliance.scan import SCANNER, report_on
from core.actors import Member
from core.events import record_many
from core.files import open_file
from core.models import StoredFile
from core.service import service


def scan_samples(*, version_ids: Collection[UUID], actor: Member, at: datetime) -> int:
    """Scan the samples of some versions that were not scanned yet, then record what was found.

    It opens no transaction of its own while it reads files. Each version gets an event
    ("version", "scan"), also one without a sample, so that screening can follow from it.
    Returns how many files were scanned.
    """
    reports = {
        file.pk: _scanned(file, at) for file in selectors.unscanned_files(version_ids).iterator()
    }
    record_scans(version_ids=version_ids, reports=reports, actor=actor, at=at)
    return len(reports)


def _scanned(file: StoredFile, at: datetime) -> dict[str, Any]:
    with open_file(file) as stream:
        return report_on(stream, name=file.name, at=at)


@service
def record_scans(
    *,
    version_ids: Collection[UUID],
    reports: Mapping[UUID, dict[str, Any]],
    actor: Member,
    at: datetime,
) -> None:
    """Record the reports on files, and that the samples of these versions have been scanned."""
    ScanReport.objects.bulk_create(
        [
            ScanReport(file_id=file_id, scanner=SCANNER, report=report, at=at)
            for file_id, report in reports.items()
        ],
        ignore_conflicts=True,
    )
    record_many("version", version_ids, "scan", actor=actor, at=at)

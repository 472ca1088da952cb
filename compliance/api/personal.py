"""Endpoints of records about persons. Invariant: each calls one function."""

from typing import Any
from uuid import UUID

from django.http import FileResponse

from compliance import selectors, serializers, services
from core.api import endpoint, page_of
from core.files import open_file


@endpoint(
    "GET",
    "personal-records",
    summary="Your records about persons",
    response=serializers.PersonalRecordOut,
    many=True,
)
def list_personal_records(request: Any, body: Any) -> Any:
    """List consents and bases, impact assessments and anonymisation claims, newest first."""
    rows = selectors.readable_records(request.member)
    return page_of(rows, request, key=("-recorded_at", "-id"))


@endpoint(
    "POST",
    "personal-records/basis",
    summary="Record a consent or another basis",
    request=serializers.BasisIn,
    response=serializers.PersonalRecordOut,
    status=201,
)
def record_basis(request: Any, body: dict[str, Any]) -> Any:
    """Record who consented to what, per purpose and kind of recipient; nobody's own data."""
    return services.record_basis(**body, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "personal-records/assessment",
    summary="Record an impact assessment",
    request=serializers.AssessmentIn,
    response=serializers.PersonalRecordOut,
    status=201,
)
def record_assessment(request: Any, body: dict[str, Any]) -> Any:
    """Record an impact assessment with its report, which is kept for three years."""
    return services.record_assessment(**body, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "personal-records/anonymisation",
    summary="Record an anonymisation claim",
    request=serializers.AnonymisationIn,
    response=serializers.PersonalRecordOut,
    status=201,
)
def record_anonymisation(request: Any, body: dict[str, Any]) -> Any:
    """Record how data were anonymised and the test of it; without a test it does not count."""
    return services.record_anonymisation(**body, actor=request.member, at=request.at)


@endpoint(
    "GET",
    "personal-records/<uuid:record_id>",
    summary="One record about persons",
    response=serializers.PersonalRecordOut,
)
def read_personal_record(request: Any, body: Any, record_id: UUID) -> Any:
    """Return a record of yours, of persons that you are trustee of, or behind what you offer."""
    return selectors.own_record(record_id, request.member)


@endpoint(
    "POST",
    "personal-records/<uuid:record_id>/bind",
    summary="Let a version rest on a record",
    request=serializers.BindingIn,
    response=serializers.PersonalRecordOut,
)
def bind_record(request: Any, body: dict[str, Any], record_id: UUID) -> Any:
    """Bind a version of yours to a record of yours or of its supplier's; it is never undone."""
    return services.bind_record(record_id=record_id, **body, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "personal-records/<uuid:record_id>/withdraw",
    summary="Withdraw a record, or a part of a consent",
    request=serializers.RecordWithdrawalIn,
    response=serializers.PersonalRecordOut,
)
def withdraw_record(request: Any, body: dict[str, Any], record_id: UUID) -> Any:
    """Withdraw it for all, for single purposes, or for single kinds of recipient.

    New orders for it stop at once, open ones are refused, deliveries stop, and buyers are asked to
    prove deletion.
    """
    return services.withdraw_record(
        record_id=record_id, **body, actor=request.member, at=request.at
    )


@endpoint(
    "GET", "personal-records/<uuid:record_id>/file", summary="The report or proof of a record"
)
def download_record_file(request: Any, body: Any, record_id: UUID) -> Any:
    """Return the file of a record, as a download."""
    file = selectors.record_file(record_id, request.member)
    return FileResponse(
        open_file(file),
        as_attachment=True,
        filename=file.name,
        content_type="application/octet-stream",
    )


@endpoint(
    "GET",
    "versions/<uuid:version_id>/personal-records",
    summary="What a version rests on for persons",
    response=serializers.PersonalRecordOut,
    many=True,
)
def list_version_records(request: Any, body: Any, version_id: UUID) -> Any:
    """List the records about persons that a version rests on, newest first."""
    rows = selectors.records_of_version(version_id, request.member)
    return page_of(rows, request, key=("-recorded_at", "-id"))

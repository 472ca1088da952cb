"""Endpoints of service providers' reports. Invariant: each calls one function."""

from typing import Any
from uuid import UUID

from django.http import FileResponse

from compliance import selectors, serializers, services
from core.api import endpoint, page_of
from core.canonical import canonical
from core.files import open_file


@endpoint(
    "GET",
    "reports",
    summary="Reports that you made, or that are on your products",
    response=serializers.ReportOut,
    many=True,
)
def list_reports(request: Any, body: Any) -> Any:
    """List your reports as a service provider, and those on your products as a vendor."""
    return page_of(selectors.readable_reports(request.member), request, key=("-at", "-id"))


@endpoint(
    "POST",
    "reports",
    summary="Hand in a report",
    request=serializers.ReportIn,
    response=serializers.ReportOut,
    status=201,
)
def hand_in_report(request: Any, body: dict[str, Any]) -> Any:
    """Hand in a report on a product. It lifts nothing before you sign the declaration on it."""
    return services.hand_in_report(**body, actor=request.member, at=request.at)


@endpoint("GET", "reports/<uuid:report_id>", summary="One report", response=serializers.ReportOut)
def read_report(request: Any, body: Any, report_id: UUID) -> Any:
    """Return a report that you made, or one on your product that its provider stands by."""
    return selectors.own_report(report_id, request.member)


@endpoint("GET", "reports/<uuid:report_id>/file", summary="The file of a report")
def download_report(request: Any, body: Any, report_id: UUID) -> Any:
    """Return the file, as a download, to its provider, the vendor it is for, and the venue."""
    file = selectors.report_file(report_id, request.member)
    return FileResponse(
        open_file(file),
        as_attachment=True,
        filename=file.name,
        content_type="application/octet-stream",
    )


@endpoint(
    "GET",
    "reports/<uuid:report_id>/declaration-template",
    summary="The statements that a report asks for",
    response=serializers.TemplateOut,
)
def read_report_template(request: Any, body: Any, report_id: UUID) -> Any:
    """Return the template in use for the declaration on a report of yours."""
    return selectors.asked_of_report(report_id, request.member, request.at)


@endpoint(
    "POST",
    "reports/<uuid:report_id>/declarations",
    summary="Sign the declaration on a report",
    request=serializers.DeclarationIn,
    response=serializers.DeclarationOut,
    status=201,
)
def sign_report(request: Any, body: dict[str, Any], report_id: UUID) -> Any:
    """Assent to every statement about exactly the file that has the hash. It needs a `Step-Up`."""
    return services.sign_report(report_id=report_id, **body, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "reports/<uuid:report_id>/declaration-documents",
    summary="The document on a report to sign with your own key",
    request=serializers.DocumentToSignIn,
    response=serializers.DocumentToSignOut,
)
def prepare_report_declaration(request: Any, body: dict[str, Any], report_id: UUID) -> Any:
    """Return what your organisation is to sign outside: the bytes of `canonical`, in UTF-8."""
    document = services.prepare_declaration(
        report_id=report_id, **body, actor=request.member, at=request.at
    )
    return {"document": document, "canonical": canonical(document).decode()}


@endpoint(
    "POST",
    "reports/<uuid:report_id>/signed-declarations",
    summary="Hand in a declaration on a report signed with your own key",
    request=serializers.SignedDocumentIn,
    response=serializers.DeclarationOut,
    status=201,
)
def hand_in_report_declaration(request: Any, body: dict[str, Any], report_id: UUID) -> Any:
    """Hand in the document with its signature. The key signs for you: no `Step-Up` is needed."""
    return services.hand_in_declaration(
        report_id=report_id, **body, actor=request.member, at=request.at
    )

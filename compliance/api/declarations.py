"""Endpoints of declarations and evidence. Invariant: each calls one function."""

from typing import Any
from uuid import UUID

from django.http import FileResponse

from compliance import selectors, serializers, services
from core.api import endpoint, page_of
from core.canonical import canonical
from core.files import open_file
from core.serializers import ReasonIn


@endpoint(
    "GET",
    "versions/<uuid:version_id>/declaration-template",
    summary="The statements that a version has to make",
    response=serializers.TemplateOut,
)
def read_declaration_template(request: Any, body: Any, version_id: UUID) -> Any:
    """Return the template in use with the statements that this content asks for."""
    return selectors.asked_template(version_id, request.member, request.at)


@endpoint(
    "POST",
    "versions/<uuid:version_id>/declarations",
    summary="Sign the declaration and commitment",
    request=serializers.DeclarationIn,
    response=serializers.DeclarationOut,
    status=201,
)
def sign_declaration(request: Any, body: dict[str, Any], version_id: UUID) -> Any:
    """Assent to every statement about exactly the content that has the hash given.

    It needs a `Step-Up`. Where a declaration on the same content is in force it is renewed: what
    was cleared on it goes on without a new review, if nothing changed.
    """
    return services.sign_declaration(
        version_id=version_id, **body, actor=request.member, at=request.at
    )


@endpoint(
    "GET",
    "declarations",
    summary="Your declarations",
    response=serializers.DeclarationOut,
    many=True,
)
def list_declarations(request: Any, body: Any) -> Any:
    """List the declarations on what you offer, supply or report on, newest first."""
    rows = selectors.readable_declarations(request.member)
    return page_of(rows, request, key=("-signed_at", "-id"))


@endpoint(
    "GET",
    "declarations/ending",
    summary="Your declarations that end soon",
    query=serializers.EndingIn,
    response=serializers.EndingDeclarationOut,
)
def list_ending_declarations(request: Any, body: dict[str, Any]) -> Any:
    """Return those that end within so many days and were not renewed, the soonest first."""
    rows = selectors.ending_declarations(request.member, request.at, body["days"])
    return {"days": body["days"], "declarations": rows[:200]}


@endpoint(
    "POST",
    "versions/<uuid:version_id>/declaration-documents",
    summary="The document to sign with your own key",
    request=serializers.DocumentToSignIn,
    response=serializers.DocumentToSignOut,
)
def prepare_declaration(request: Any, body: dict[str, Any], version_id: UUID) -> Any:
    """Return what your organisation is to sign outside: the bytes of `canonical`, in UTF-8."""
    document = services.prepare_declaration(
        version_id=version_id, **body, actor=request.member, at=request.at
    )
    return {"document": document, "canonical": canonical(document).decode()}


@endpoint(
    "POST",
    "versions/<uuid:version_id>/signed-declarations",
    summary="Hand in a declaration signed with your own key",
    request=serializers.SignedDocumentIn,
    response=serializers.DeclarationOut,
    status=201,
)
def hand_in_declaration(request: Any, body: dict[str, Any], version_id: UUID) -> Any:
    """Hand in the document with its signature. The key signs for you: no `Step-Up` is needed."""
    return services.hand_in_declaration(
        version_id=version_id, **body, actor=request.member, at=request.at
    )


@endpoint(
    "GET",
    "declarations/<uuid:declaration_id>",
    summary="One declaration",
    response=serializers.DeclarationOut,
)
def read_declaration(request: Any, body: Any, declaration_id: UUID) -> Any:
    """Return a declaration on what you offer or supply."""
    return selectors.own_declaration(declaration_id, request.member)


@endpoint(
    "POST",
    "declarations/<uuid:declaration_id>/withdraw",
    summary="Withdraw a declaration",
    request=ReasonIn,
    response=serializers.DeclarationOut,
)
def withdraw_declaration(request: Any, body: dict[str, Any], declaration_id: UUID) -> Any:
    """Withdraw your own declaration. New orders stop at once; deliveries under way go on."""
    return services.withdraw_declaration(
        declaration_id=declaration_id, **body, actor=request.member, at=request.at
    )


@endpoint(
    "GET",
    "declarations/<uuid:declaration_id>/verification",
    summary="Check a declaration yourself",
    response=serializers.VerificationOut,
    may_anonymous=True,
)
def verify_declaration(request: Any, body: Any, declaration_id: UUID) -> Any:
    """Return what was sealed, the seal and the public key, to be checked without the venue."""
    return selectors.verification(declaration_id, request.at)


@endpoint(
    "GET",
    "versions/<uuid:version_id>/evidence",
    summary="Evidence for a version",
    response=serializers.EvidenceOut,
    many=True,
)
def list_evidence(request: Any, body: Any, version_id: UUID) -> Any:
    """List the evidence for a version that you offer or supply, newest first."""
    rows = selectors.readable_evidence(version_id, request.member)
    return page_of(rows, request, key=("-at", "-id"))


@endpoint(
    "POST",
    "versions/<uuid:version_id>/evidence",
    summary="Give evidence for a version",
    request=serializers.EvidenceIn,
    response=serializers.EvidenceOut,
    status=201,
)
def give_evidence(request: Any, body: dict[str, Any], version_id: UUID) -> Any:
    """Give what lifts a restricted item: a file that you handed in, a note, or both.

    Or name a report that a service provider made on the product and stands by.
    """
    return services.give_evidence(
        version_id=version_id, **body, actor=request.member, at=request.at
    )


@endpoint(
    "POST",
    "evidence/<uuid:evidence_id>/withdraw",
    summary="Withdraw evidence",
    request=ReasonIn,
    response=serializers.EvidenceOut,
)
def withdraw_evidence(request: Any, body: dict[str, Any], evidence_id: UUID) -> Any:
    """Withdraw your own evidence; a clearance that it carries ends with it."""
    return services.withdraw_evidence(
        evidence_id=evidence_id, **body, actor=request.member, at=request.at
    )


@endpoint("GET", "evidence/<uuid:evidence_id>/file", summary="The file of a piece of evidence")
def download_evidence(request: Any, body: Any, evidence_id: UUID) -> Any:
    """Return the file that was given, as a download, to its giver and the venue's staff."""
    file = selectors.evidence_file(evidence_id, request.member)
    return FileResponse(
        open_file(file),
        as_attachment=True,
        filename=file.name,
        content_type="application/octet-stream",
    )

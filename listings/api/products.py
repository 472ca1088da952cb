"""Endpoints of vendors: products, versions, files. Invariant: each calls one function."""

from typing import Any
from uuid import UUID

from django.http import FileResponse
from rest_framework.parsers import MultiPartParser

from core.api import endpoint, page_of
from core.files import open_file
from core.models import StoredFile
from listings import selectors, serializers, services
from listings.content import content_schema
from listings.models import Release


@endpoint("GET", "content-schema", summary="What a content document may say", may_anonymous=True)
def read_content_schema(request: Any, body: Any) -> Any:
    """Return the JSON Schema of the content of a version."""
    return content_schema()


@endpoint(
    "POST",
    "files",
    summary="Hand in a file",
    request=serializers.FileIn,
    response=serializers.FileOut,
    status=201,
    parsers=(MultiPartParser,),
)
def upload_file(request: Any, body: dict[str, Any]) -> Any:
    """Keep a file for your organisation, to be named as release, proof, mandate or evidence."""
    file = body["file"]
    return services.hand_in_file(
        stream=file,
        name=file.name or "",
        media_type=file.content_type or "application/octet-stream",
        actor=request.member,
        at=request.at,
    )


@endpoint(
    "GET",
    "products",
    summary="Your products",
    response=serializers.ProductOut,
    many=True,
)
def list_products(request: Any, body: Any) -> Any:
    """List the products that you offer or supply, newest first."""
    return page_of(selectors.readable_products(request.member), request)


@endpoint(
    "POST",
    "products",
    summary="Make a product",
    request=serializers.ProductIn,
    response=serializers.VersionOut,
    status=201,
)
def create_product(request: Any, body: dict[str, Any]) -> Any:
    """Make a product of your own data or of a supplier that you sponsor; returns its draft."""
    return services.create_product(**body, actor=request.member, at=request.at)


@endpoint(
    "GET",
    "products/<uuid:product_id>",
    summary="One of your products",
    response=serializers.ProductOut,
)
def read_product(request: Any, body: Any, product_id: UUID) -> Any:
    """Return a product that you offer or supply."""
    return selectors.own_product(product_id, request.member)


@endpoint(
    "GET",
    "products/<uuid:product_id>/versions",
    summary="Versions of a product",
    response=serializers.VersionLineOut,
    many=True,
)
def list_versions(request: Any, body: Any, product_id: UUID) -> Any:
    """List the versions of a product that you offer or supply, the latest first."""
    product = selectors.own_product(product_id, request.member)
    return page_of(product.versions.defer("content"), request, key=("-number",))


@endpoint(
    "POST",
    "products/<uuid:product_id>/versions",
    summary="Draft the next version",
    response=serializers.VersionOut,
    status=201,
)
def draft_version(request: Any, body: Any, product_id: UUID) -> Any:
    """Begin the next version of a product from the content and plans of the latest."""
    return services.draft_version(product_id=product_id, actor=request.member, at=request.at)


@endpoint(
    "GET",
    "versions/<uuid:version_id>",
    summary="One version with all that belongs to it",
    response=serializers.VersionOut,
)
def read_version(request: Any, body: Any, version_id: UUID) -> Any:
    """Return a version that you offer or supply."""
    return selectors.own_version(version_id, request.member)


@endpoint(
    "PUT",
    "versions/<uuid:version_id>",
    summary="Save a draft",
    request=serializers.DraftIn,
    response=serializers.VersionOut,
)
def save_draft(request: Any, body: dict[str, Any], version_id: UUID) -> Any:
    """Replace content and plans of a draft. It may be incomplete, but not malformed."""
    return services.save_draft(version_id=version_id, **body, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "versions/<uuid:version_id>/submit",
    summary="Submit a version",
    response=serializers.VersionOut,
)
def submit_version(request: Any, body: Any, version_id: UUID) -> Any:
    """Hand a complete draft over to the venue; from then on it cannot be changed."""
    return services.submit_version(version_id=version_id, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "versions/<uuid:version_id>/revise",
    summary="Revise a blocked version",
    response=serializers.VersionOut,
)
def revise_version(request: Any, body: Any, version_id: UUID) -> Any:
    """Take a blocked version back into draft."""
    return services.revise_version(version_id=version_id, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "versions/<uuid:version_id>/abandon",
    summary="Abandon a draft",
    response=serializers.VersionOut,
)
def abandon_version(request: Any, body: Any, version_id: UUID) -> Any:
    """Give a draft up, so that another can be begun."""
    return services.abandon_version(version_id=version_id, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "versions/<uuid:version_id>/delist",
    summary="Delist a version",
    request=serializers.DelistIn,
    response=serializers.VersionOut,
)
def delist_version(request: Any, body: dict[str, Any], version_id: UUID) -> Any:
    """Take your version off the market for good."""
    return services.delist_version(
        version_id=version_id, **body, actor=request.member, at=request.at
    )


@endpoint(
    "POST",
    "versions/<uuid:version_id>/releases",
    summary="Publish a release",
    request=serializers.ReleaseIn,
    response=serializers.ReleaseOut,
    status=201,
)
def publish_release(request: Any, body: dict[str, Any], version_id: UUID) -> Any:
    """Add a file that you handed in to a version: data, or a sample."""
    return services.publish_release(
        version_id=version_id, **body, actor=request.member, at=request.at
    )


@endpoint(
    "POST",
    "releases/<uuid:release_id>/remove",
    summary="Remove a file from a draft",
    status=204,
)
def remove_release(request: Any, body: Any, release_id: UUID) -> None:
    """Take a file out of your draft; the hash of what you sign changes with it."""
    services.remove_release(release_id=release_id, actor=request.member, at=request.at)


@endpoint("GET", "releases/<uuid:release_id>/file", summary="The file of your release")
def read_release_file(request: Any, body: Any, release_id: UUID) -> FileResponse:
    """Return the bytes of a file of a version that you offer or supply."""
    return file_response(selectors.readable_release(release_id, request.member))


def file_response(release: Release) -> FileResponse:
    """Return the file of a release as a download, never as something a browser would run."""
    return stored_file_response(release.file)


def stored_file_response(file: StoredFile) -> FileResponse:
    """Return a stored file as a download, never as something a browser would run."""
    return FileResponse(
        open_file(file),
        as_attachment=True,
        filename=file.name,
        content_type="application/octet-stream",
    )

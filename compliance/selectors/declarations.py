"""Reads of declarations and evidence. Invariant: whoever holds an id may verify, not rummage."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from compliance.models import Declaration, Evidence
from compliance.statements import Template, asked_of, template_at
from compliance.states import DeclarationState
from core import signing
from core.actors import Member
from core.canonical import canonical
from core.errors import NotFound
from core.models import StoredFile
from listings import selectors as listings
from listings.models import Version


def asked_template(version_id: UUID, reader: Member, at: datetime) -> Template:
    """Return the statements that a version of the reader's has to make.

    Raises:
        NotFound: there is no such version, or it is another organisation's.

    """
    version = listings.own_version(version_id, reader)
    return asked_of(template_at(at), version.content)


def readable_declarations(reader: Member) -> QuerySet[Declaration]:
    """Return the reader's own declarations; all of them for the venue's staff."""
    rows = Declaration.objects.select_related("version__product", "organisation")
    if reader.is_venue or reader.system:
        return rows
    return rows.filter(
        Q(organisation=reader.organisation_id)
        | Q(version__product__supplier=reader.organisation_id)
    )


def own_declaration(declaration_id: UUID, reader: Member) -> Declaration:
    """Return a declaration that the reader may read.

    Raises:
        NotFound: there is none, or it is another organisation's.

    """
    row = readable_declarations(reader).filter(pk=declaration_id).first()
    if row is None:
        raise NotFound
    return row


def locked_own_declaration(declaration_id: UUID, vendor: Member) -> Declaration:
    """Return and lock a declaration of the vendor's own.

    Raises:
        NotFound: there is none, or another organisation signed it.

    """
    rows = Declaration.objects.select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=declaration_id, organisation=vendor.organisation_id).first()
    if row is None:
        raise NotFound
    return row


def locked_declaration(declaration_id: UUID) -> Declaration:
    """Return and lock any declaration, for the venue's decisions.

    Raises:
        NotFound: there is none.

    """
    rows = Declaration.objects.select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=declaration_id).first()
    if row is None:
        raise NotFound
    return row


def standing_declarations(version: Version, at: datetime) -> QuerySet[Declaration]:
    """Return the declarations in force for exactly this content, the one that lasts longest first."""  # noqa: E501
    return Declaration.objects.filter(
        version=version,
        content_hash=version.content_hash,
        state=DeclarationState.IN_FORCE,
        valid_until__gt=at,
    ).order_by("-valid_until", "-id")


def standing_declaration(version: Version, at: datetime) -> Declaration | None:
    """Return the declaration in force for exactly this content that lasts longest."""
    return standing_declarations(version, at).first()


def locked_standing_declaration(version: Version, at: datetime) -> Declaration | None:
    """Return and lock the declaration in force for exactly this content that lasts longest."""
    rows = standing_declarations(version, at)
    return rows.select_for_update(of=("self",), no_key=True).first()


def verification(declaration_id: UUID, at: datetime) -> dict[str, Any]:
    """Return what anyone needs to check a declaration without asking the venue again.

    `document` is what was sealed; `seal` is the Ed25519 signature over its canonical JSON
    (RFC 8785). `signature_valid` is the venue's own check, `state` how it stands at `at`.

    Raises:
        NotFound: there is no such declaration.

    """
    row = Declaration.objects.filter(pk=declaration_id).first()
    if row is None:
        raise NotFound
    public = signing.public_bytes(settings.SIGNING_KEY)
    lapsed = row.state == DeclarationState.IN_FORCE and row.valid_until <= at
    return {
        "id": row.pk,
        "document": row.document,
        "seal": row.seal,
        "algorithm": "Ed25519",
        "key_id": row.key_id,
        "public_key": public.hex(),
        "signature_valid": signing.verifies(
            public, bytes.fromhex(row.seal), canonical(row.document)
        ),
        "state": DeclarationState.EXPIRED if lapsed else row.state,
        "valid_until": row.valid_until,
    }


def readable_evidence(version_id: UUID, reader: Member) -> QuerySet[Evidence]:
    """Return the evidence of a version that the reader may read.

    Raises:
        NotFound: there is no such version, or it is another organisation's.

    """
    listings.own_version(version_id, reader)
    return Evidence.objects.filter(version=version_id).select_related("file")


def evidence_file(evidence_id: UUID, reader: Member) -> StoredFile:
    """Return the file of a piece of evidence, to its vendor and the venue's staff.

    Raises:
        NotFound: there is no such evidence for this reader, or it has no file.
    """
    rows = Evidence.objects.select_related("file").filter(pk=evidence_id, file__isnull=False)
    if not (reader.is_venue or reader.system):
        rows = rows.filter(version__product__vendor=reader.organisation_id)
    row = rows.first()
    if row is None or row.file is None:
        raise NotFound
    return row.file


def locked_own_evidence(evidence_id: UUID, vendor: Member) -> Evidence:
    """Return and lock a piece of evidence that the vendor gave.

    Raises:
        NotFound: there is none, or another organisation gave it.

    """
    rows = Evidence.objects.select_related("version__product").select_for_update(
        of=("self",), no_key=True
    )
    row = rows.filter(pk=evidence_id, version__product__vendor=vendor.organisation_id).first()
    if row is None:
        raise NotFound
    return row

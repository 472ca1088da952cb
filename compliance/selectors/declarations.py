"""Reads of declarations and evidence. Invariant: whoever holds an id may verify, not rummage."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from compliance import seals
from compliance.models import Declaration, Evidence
from compliance.selectors.facts import Gathered
from compliance.statements import CONTRACTS, Template, asked_of, template_at
from compliance.states import DeclarationState
from core import signing
from core.actors import Member
from core.errors import NotFound
from core.models import StoredFile
from core.selectors import venue_keys
from listings import selectors as listings
from listings.models import Version


def asked_template(version_id: UUID, reader: Member, at: datetime) -> Template:
    """Return the statements that a version of the reader's has to make.

    Raises:
        NotFound: there is no such version, or it is another organisation's.

    """
    version = listings.own_version(version_id, reader)
    return asked_of(template_at(at), version.content)


def declared_at_most(known: Gathered) -> datetime | None:
    """Return when the first right, mandate or contract that a version rests on ends, if any."""
    ends = [known.rests_until, *(known.evidence.get(key) for key in CONTRACTS)]
    return min((end for end in ends if end is not None), default=None)


def readable_declarations(reader: Member) -> QuerySet[Declaration]:
    """Return the reader's own declarations; all of them for the venue's staff."""
    rows = Declaration.objects.select_related("version__product", "report__product", "organisation")
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
    rows = Declaration.objects.select_related("version__product", "report__product")
    locked = rows.select_for_update(of=("self",), no_key=True)
    row = locked.filter(pk=declaration_id).first()
    if row is None:
        raise NotFound
    return row


def declarations_on_the_same(declaration: Declaration) -> QuerySet[Declaration]:
    """Return the other declarations of the same organisation on exactly the same content."""
    return Declaration.objects.filter(
        organisation=declaration.organisation_id,
        version=declaration.version_id,
        report=declaration.report_id,
        content_hash=declaration.content_hash,
    ).exclude(pk=declaration.pk)


def ids_on_the_same(declaration: Declaration) -> list[UUID]:
    """Return the ids of the other declarations on exactly the same content."""
    return list(declarations_on_the_same(declaration).values_list("pk", flat=True))


def ending_declarations(reader: Member, at: datetime, days: int) -> QuerySet[Declaration]:
    """Return the reader's declarations that end within `days`, the soonest first.

    One that was renewed is not among them: a later signature on the same content stands for it.
    """
    rows = readable_declarations(reader).filter(organisation=reader.organisation_id)
    return ending(rows, at, days)


def ending(rows: QuerySet[Declaration], at: datetime, days: int) -> QuerySet[Declaration]:
    """Return those of `rows` that end within `days` and were not renewed, the soonest first."""
    renewed = Declaration.objects.filter(
        content_hash=OuterRef("content_hash"),
        organisation=OuterRef("organisation"),
        state=DeclarationState.IN_FORCE,
        valid_until__gt=OuterRef("valid_until"),
    ).filter(Q(version=OuterRef("version")) | Q(report=OuterRef("report")))
    found = rows.filter(
        ~Exists(renewed),
        state=DeclarationState.IN_FORCE,
        valid_until__gt=at,
        valid_until__lte=at + timedelta(days=days),
    )
    return found.order_by("valid_until", "id")


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

    `document` is what was assented to; `seal` is the venue's Ed25519 signature over its canonical
    JSON (RFC 8785), or over that of the `receipt` where the organisation signed the document
    outside; the receipt holds that signature. `checks` is what the venue finds by the same look as
    `verify_declaration` offline, `state` how it stands at `at`.

    Raises:
        NotFound: there is no such declaration.

    """
    row = Declaration.objects.filter(pk=declaration_id).first()
    if row is None:
        raise NotFound
    lapsed = row.state == DeclarationState.IN_FORCE and row.valid_until <= at
    keys = venue_keys()
    public = next((one for one in keys if one["kid"] == row.key_id), None)
    told = {
        "document": row.document,
        "receipt": row.receipt,
        "seal": row.seal,
        "key_id": row.key_id,
    }
    checks = seals.check(told, keys)
    return told | {
        "format": "databourse-declaration-1",
        "id": row.pk,
        "attestation": row.attestation,
        "algorithm": "Ed25519",
        "public_key": "" if public is None else signing.key_of_jwk(public).public.hex(),
        "signature_valid": all(one.passed for one in checks),
        "checks": [{"name": one.name, "passed": one.passed} for one in checks],
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

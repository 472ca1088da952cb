"""Reads of breaches. Invariant: who declared reads what is held against it, and the venue all."""

from uuid import UUID

from django.db.models import QuerySet

from compliance.models import Breach, Declaration
from compliance.selectors.reviews import is_interested
from core.actors import Member
from core.errors import NotFound
from core.models import Membership, StoredFile


def is_concerned(reader: Member, declaration: Declaration) -> bool:
    """Return whether the reader belongs, or ever belonged, to a party to a declaration."""
    if Membership.objects.filter(
        user=reader.user_id, organisation=declaration.organisation_id
    ).exists():
        return True
    if declaration.version is not None:
        return is_interested(reader, declaration.version)
    assert declaration.report is not None
    product = declaration.report.product
    parties = (product.vendor_id, product.supplier_id)
    return Membership.objects.filter(user=reader.user_id, organisation__in=parties).exists()


def readable_breaches(reader: Member) -> QuerySet[Breach]:
    """Return the cases on the reader's own declarations; all of them for the venue's staff."""
    rows = Breach.objects.select_related(
        "declaration__organisation",
        "declaration__version__product",
        "declaration__report__product",
        "file",
    )
    if reader.is_venue or reader.system:
        return rows
    return rows.filter(declaration__organisation=reader.organisation_id)


def own_breach(breach_id: UUID, reader: Member) -> Breach:
    """Return a case that the reader may read.

    Raises:
        NotFound: there is none, or it is about another organisation's declaration.

    """
    row = readable_breaches(reader).filter(pk=breach_id).first()
    if row is None:
        raise NotFound
    return row


def locked_own_breach(breach_id: UUID, reader: Member) -> Breach:
    """Return and lock a case on a declaration of the reader's own.

    Raises:
        NotFound: there is none, or it is about another organisation's declaration.

    """
    rows = Breach.objects.select_for_update(of=("self",))
    row = rows.filter(pk=breach_id, declaration__organisation=reader.organisation_id).first()
    if row is None:
        raise NotFound
    return row


def locked_breach(breach_id: UUID) -> Breach:
    """Return and lock any case, for the venue's decisions.

    Raises:
        NotFound: there is none.

    """
    rows = Breach.objects.select_related(
        "declaration__version__product", "declaration__report__product"
    )
    row = rows.select_for_update(of=("self",)).filter(pk=breach_id).first()
    if row is None:
        raise NotFound
    return row


def breach_file(breach_id: UUID, reader: Member) -> StoredFile:
    """Return the file that a case rests on, to the one concerned and the venue.

    Raises:
        NotFound: there is no such case for this reader, or it has no file.

    """
    row = own_breach(breach_id, reader)
    if row.file is None:
        raise NotFound
    return row.file

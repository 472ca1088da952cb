"""What authors of lists read. Invariant: a list is shown as it is stored, and drafts to staff only."""  # noqa: E501

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from compliance.facts import to_document
from compliance.models import ChecklistVersion
from compliance.rules import (
    CHINA,
    FORMAT,
    Case,
    Differences,
    ItemCheck,
    Problem,
    check_in_child,
    compare,
    read_document,
    sealed_bytes,
)
from compliance.selectors.checklists import readable_checklist
from compliance.selectors.facts import gathered
from core import signing
from core.actors import Member
from core.canonical import digest
from core.errors import NotFound
from core.service import require
from listings.models import Version
from listings.selectors import readable_versions

MOST_LISTINGS = 8


@dataclass(frozen=True, slots=True)
class Listing:
    """A version that an item can be tried on."""

    version_id: UUID
    product_code: str
    number: int
    title_zh: str
    title_en: str
    state: str


def item_hash(item: Mapping[str, Any]) -> str:
    """Return the hash of an item as it is stored; it tells whether it was changed since."""
    return digest(item)


def problem_text(found: Problem) -> str:
    """Return what is wrong and what to do, in the reader's language."""
    values = dict(found.values)
    if values.get("what"):
        values["what"] = _(values["what"])
    parts = (found.what, found.remedy)
    return " ".join(_(part) % values for part in parts if part)


def differences(checklist_id: UUID, other_id: UUID, reader: Member) -> Differences:
    """Return what the list `checklist_id` says otherwise than the list `other_id`.

    Raises:
        NotFound: the reader may not read one of the two.
    """
    after = readable_checklist(checklist_id, reader)
    before = readable_checklist(other_id, reader)
    return compare(read_document(before.items), read_document(after.items))


def exported_checklist(checklist_id: UUID, reader: Member, at: datetime) -> dict[str, Any]:
    """Return a list as a document signed with the venue's key, for another venue to take over.

    Raises:
        NotFound: there is no such list for this reader.
    """
    checklist = readable_checklist(checklist_id, reader)
    effective = checklist.effective_at
    signed = {
        "checklist": checklist.items,
        "sha256": checklist.items_hash,
        "venue": {"name": str(settings.VENUE_NAME), "url": settings.BASE_URL},
        "state": str(checklist.state),
        "effective_at": effective.isoformat() if effective else "",
        "exported_at": at.isoformat(),
    }
    public = signing.public_bytes(settings.SIGNING_KEY)
    return {
        "format": FORMAT,
        "signed": signed,
        "seal": {
            "algorithm": "Ed25519",
            "key_id": signing.key_id(public),
            "public_key": public.hex(),
            "signature": signing.sign(settings.SIGNING_KEY, sealed_bytes(signed)).hex(),
        },
    }


def exported_text(document: Mapping[str, Any]) -> str:
    """Return a signed document as it stands in a file: indented, for people to read."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def checklist_by_code(code: str) -> ChecklistVersion:
    """Return the list of this code.

    Raises:
        NotFound: there is none.

    """
    row = ChecklistVersion.objects.filter(code=code).first()
    if row is None:
        raise NotFound
    return row


def listings_for(words: str, reader: Member) -> list[Listing]:
    """Return versions that `words` name: an id, a product's code, or part of a title.

    A code or an id names one version: of a product the one on the market, else the newest.
    """
    words = words.strip()
    rows = readable_versions(reader).select_related("product").order_by("product_id", "-number")
    try:
        exact = Q(pk=UUID(words.rstrip("/").rpartition("/")[2]))
    except ValueError:
        exact = Q(product__code__iexact=words)
    found = list(rows.filter(exact)[:50])
    if found:
        listed = [one for one in found if one.state == "LISTED"]
        return [_listing((listed or found)[0])]
    if not words:
        return []
    titled = rows.filter(Q(title_zh__icontains=words) | Q(title_en__icontains=words))
    newest = titled.order_by("product_id", "-number").distinct("product_id")
    return [_listing(one) for one in newest[:MOST_LISTINGS]]


def check_item(
    checklist_id: UUID,
    item: Mapping[str, Any],
    version_id: UUID | None,
    *,
    reader: Member,
    at: datetime,
) -> ItemCheck:
    """Return what can be said of an item while it is written, and what it says of a version.

    It runs in a child process with a time limit, and nothing is stored.

    Raises:
        NotFound: there is no such list or version for this reader.
        Forbidden: the reader writes no lists.
    """
    require(reader, "author")
    checklist = readable_checklist(checklist_id, reader)
    case = None
    if version_id is not None:
        known = gathered([version_id], at).get(version_id)
        if known is None:
            raise NotFound
        day = at.astimezone(CHINA).date().isoformat()
        case = Case(to_document(known.facts), tuple(sorted(known.evidence)), day)
    return check_in_child(item, checklist.items["evidence"], case)


def _listing(version: Version) -> Listing:
    return Listing(
        version.pk,
        version.product.code,
        version.number,
        version.title_zh,
        version.title_en,
        version.state,
    )

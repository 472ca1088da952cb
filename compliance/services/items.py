"""Writing one item of a draft. Invariant: nobody overwrites what another wrote in the meantime."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from compliance.errors import ChecklistNotValid, ItemChanged
from compliance.models import ChecklistVersion
from compliance.rules import ItemUnreadable, completed, item_document, read_document, read_item
from compliance.selectors import item_hash
from compliance.services.checklists import locked_draft, write_items
from core.actors import Member
from core.errors import NotFound
from core.service import service


@service(may="author")
def save_item(
    *,
    checklist_id: UUID,
    item_code: str,
    item: Mapping[str, Any],
    seen_hash: str,
    actor: Member,
    at: datetime,
) -> ChecklistVersion:
    """Write one item of a draft: in place of `item_code`, or as a new one.

    `seen_hash` is the hash of the item as it was read, "" for one that is new. What the expressions
    say of themselves (evidence, whom the facts come from) is filled in. It may still be wrong.

    Raises:
        NotFound: there is no such list.
        Conflict: the list is no draft any more.
        ChecklistNotValid: the item cannot be read, or another has its code.
        ItemChanged: the item is not the one that was read.
    """
    checklist = locked_draft(checklist_id)
    try:
        document = item_document(completed(read_item(item)))
    except ItemUnreadable as unreadable:
        path = unreadable.path.removeprefix("item.")
        raise ChecklistNotValid(fields={path: [_(unreadable.what)]}) from None
    items = list(checklist.items["items"])
    codes = [one["code"] for one in items]
    if not document["code"].strip():
        raise ChecklistNotValid(fields={"code": [_("is needed")]})
    if document["code"] != item_code and document["code"] in codes:
        raise ChecklistNotValid(fields={"code": [_("Another item has this code.")]})
    place = _place(items, item_code, seen_hash)
    if place is None:
        items.append(document)
    else:
        items[place] = document
    return write_items(
        checklist, {**checklist.items, "items": items}, actor=actor, at=at, item=document["code"]
    )


@service(may="author")
def remove_item(
    *, checklist_id: UUID, item_code: str, seen_hash: str, actor: Member, at: datetime
) -> ChecklistVersion:
    """Take one item out of a draft.

    Raises:
        NotFound: there is no such list, or no such item in it.
        Conflict: the list is no draft any more.
        ItemChanged: the item is not the one that was read.
    """
    checklist = locked_draft(checklist_id)
    items = list(checklist.items["items"])
    place = _place(items, item_code, seen_hash)
    if place is None:
        raise NotFound
    del items[place]
    return write_items(
        checklist,
        {**checklist.items, "items": items},
        actor=actor,
        at=at,
        verb="remove",
        item=item_code,
    )


@service(may="author")
def save_evidence_kind(
    *, checklist_id: UUID, key: str, en: str, zh: str, by: str, actor: Member, at: datetime
) -> ChecklistVersion:
    """Write one kind of evidence into the evidence table of a draft.

    Raises:
        NotFound: there is no such list.
        Conflict: the list is no draft any more.
        ChecklistNotValid: it cannot be read.
    """
    checklist = locked_draft(checklist_id)
    kinds = {**checklist.items["evidence"], key: {"en": en, "zh": zh, "by": by}}
    document = {**checklist.items, "evidence": kinds}
    try:
        read_document(document)
    except ItemUnreadable as unreadable:
        raise ChecklistNotValid(fields={unreadable.path: [_(unreadable.what)]}) from None
    return write_items(checklist, document, actor=actor, at=at, evidence=key)


def _place(items: list[Any], code: str, seen_hash: str) -> int | None:
    """Return where the item `code` stands that was read with `seen_hash`; None: it is new.

    Raises:
        ItemChanged: it was changed, added or removed in the meantime.
    """
    for number, one in enumerate(items):
        if one["code"] == code:
            if item_hash(one) != seen_hash:
                raise ItemChanged(item=code)
            return number
    if seen_hash:
        raise ItemChanged(item=code)
    return None

"""Signing and withdrawing declarations. Invariant: one is for exactly one content, and sealed.

The seal is the venue's signature over the canonical document: it attests that a member who may
sign assented to these statements about this content at this time.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from compliance import selectors
from compliance.models import Declaration
from compliance.services.clearances import fall
from compliance.services.declaring import about_version, check_assent, sealed
from compliance.services.evidence import end_uncarried
from compliance.states import DECLARATION, DeclarationState
from core.actors import Member
from core.ids import uuid7
from core.service import service


@service(may="sign")
def sign_declaration(
    *,
    version_id: UUID,
    content_hash: str,
    template: str,
    statements: Collection[str],
    valid_until: datetime,
    actor: Member,
    at: datetime,
) -> Declaration:
    """Sign the declaration and commitment for the content that has `content_hash`.

    `statements` are the codes of the statements assented to: all that the template asks of this
    content. It is valid until `valid_until`, no longer than the template allows and the rights,
    the mandate and the contracts that the version rests on last.

    Raises:
        NotFound: it is not a version of the actor's own.
        ContentChanged: the content now has another hash.
        StatementsIncomplete: a statement is missing, or is not of the template.
        Malformed: another template is in use, or the validity is not possible.
        VersionNotOpen: the version can no longer be cleared.
        StepUpNeeded: the person did not prove a moment ago that it is there.
    """
    subject = about_version(version_id, actor, at)
    check_assent(
        subject,
        content_hash=content_hash,
        template=template,
        statements=statements,
        valid_until=valid_until,
        at=at,
    )
    return sealed(uuid7(), subject, valid_until, actor=actor, at=at)


@service(may="sign")
def withdraw_declaration(
    *, declaration_id: UUID, reason: str, actor: Member, at: datetime
) -> Declaration:
    """Withdraw one's own declaration; what rests on it ends with it.

    Who does not stand by what it declared does not stand by an earlier signature of the same
    either: every declaration of the organisation on the same content is withdrawn.

    Raises:
        NotFound: it is not the actor's own.
        IllegalTransition: it has ended already.
    """
    declaration = selectors.locked_own_declaration(declaration_id, actor)
    DECLARATION.move(declaration, "withdraw", actor=actor, at=at, reason=reason, ended_at=at)
    same = selectors.declarations_on_the_same(declaration)
    DECLARATION.move_all(same, "withdraw", actor=actor, at=at, reason=reason, ended_at=at)
    end_what_rests_on([declaration], "withdrawn", actor=actor, at=at)
    return declaration


@service
def expire_declarations(*, limit: int, actor: Member, at: datetime) -> int:
    """End declarations whose time has run out, and what rests on them; return how many."""
    rows = Declaration.objects.filter(state=DeclarationState.IN_FORCE, valid_until__lte=at)
    due = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    ended = DECLARATION.move_all(rows.filter(pk__in=due), "expire", actor=actor, at=at, ended_at=at)
    if ended:
        end_what_rests_on(Declaration.objects.filter(pk__in=ended), "expired", actor=actor, at=at)
    return len(ended)


def end_what_rests_on(
    declarations: Iterable[Declaration], how: str, *, actor: Member, at: datetime
) -> None:
    """End what rests on declarations that ended: clearances, and what their reports lifted.

    A clearance that rests on another signature on the same content goes on where that is in force
    still, except where the content itself proved untrue or its vendor gave it up.
    """
    found = list(declarations)
    ids = [row.pk for row in found]
    if how != "expired":
        ids += [pk for row in found for pk in selectors.ids_on_the_same(row)]
    resting = selectors.open_clearances().filter(declaration__in=ids)
    fall(resting, f"declaration-{how}", actor=actor, at=at)
    reports = [row.report_id for row in found if row.report_id is not None]
    if reports:
        ground = "evidence-expired" if how == "expired" else "evidence-withdrawn"
        end_uncarried(selectors.versions_citing(reports), ground, actor=actor, at=at)

"""Rights records and sponsorships. Invariant: neither is anyone's word alone.

A right is proven by a document or a national certificate; a sponsorship is proposed by the vendor
with a mandate and takes force only when the supplier accepts.
"""

import re
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.actors import Member
from core.errors import Malformed, NotFound
from core.events import record
from core.service import service
from listings import selectors
from listings.errors import (
    OrganisationNotAdmitted,
    RightsWithoutProof,
    SponsorshipExists,
    SupplierNotSponsored,
)
from listings.models import RightsRecord, Sponsorship
from listings.states import RIGHTS, SPONSORSHIP

# 国数综政策〔2026〕35号: SJ, region, registration body, year and month, serial of the month.
CERTIFICATE = re.compile("SJ[0-9]{2}[0-9A-Z](20[0-9]{2})(0[1-9]|1[0-2])[0-9]{4}")
# The same instrument: a registration is valid for at most five years.
CERTIFICATE_DAYS = 5 * 366


@service(may="record")
def record_right(
    *,
    supplier_id: UUID,
    kind: str,
    holder_id: UUID,
    certificate_code: str,
    proof_id: UUID | None,
    valid_from: datetime,
    valid_until: datetime,
    actor: Member,
    at: datetime,
) -> RightsRecord:
    """Record a right in the actor's own data, or in that of a supplier it sponsors.

    Raises:
        RightsWithoutProof: neither a proof nor a certificate is given.
        SupplierNotSponsored: the data are another's, without a sponsorship in force.
        Malformed: the certificate code or the dates cannot be right.

    """
    if actor.organisation_id is None:
        raise NotFound
    if not selectors.is_sponsored(actor.organisation_id, supplier_id, at):
        raise SupplierNotSponsored
    if not certificate_code and proof_id is None:
        raise RightsWithoutProof
    _check_term(certificate_code, valid_from, valid_until)
    if holder_id not in selectors.active_organisations({holder_id}):
        raise Malformed(fields={"holder_id": [_("is no active organisation of the venue")]})
    proof = selectors.own_file(proof_id, actor) if proof_id else None
    right = RightsRecord.objects.create(
        supplier_id=supplier_id,
        kind=kind,
        holder_id=holder_id,
        certificate_code=certificate_code,
        proof=proof,
        valid_from=valid_from,
        valid_until=valid_until,
        recorded_at=at,
    )
    record("rights-record", right.pk, "record", after=right.state, actor=actor, at=at)
    return right


@service(may="record")
def withdraw_right(*, rights_record_id: UUID, actor: Member, at: datetime) -> RightsRecord:
    """Withdraw a record of a right in the actor's own data.

    Raises:
        IllegalTransition: it has ended already.
        NotFound: it is not a record of the actor's own data.

    """
    right = selectors.own_rights_record(rights_record_id, actor, at)
    if right.supplier_id != actor.organisation_id:
        raise NotFound
    return RIGHTS.move(right, "withdraw", actor=actor, at=at)


@service(may="list")
def propose_sponsorship(
    *, supplier_id: UUID, mandate_id: UUID, valid_until: datetime, actor: Member, at: datetime
) -> Sponsorship:
    """Propose to list for a supplier, under its mandate; it has to accept.

    Raises:
        OrganisationNotAdmitted: the supplier is not active, or not admitted as one.
        SponsorshipExists: one is proposed or in force.
        Malformed: it would end before it begins, or the supplier is the vendor itself.

    """
    if actor.organisation_id is None:
        raise NotFound
    if supplier_id == actor.organisation_id:
        raise Malformed(fields={"supplier_id": [_("a vendor needs no sponsor for its own data")]})
    if valid_until <= at:
        raise Malformed(fields={"valid_until": [_("must lie in the future")]})
    if not selectors.is_admitted(supplier_id, "supplier"):
        raise OrganisationNotAdmitted(_("The supplier is not admitted."), capacity="supplier")
    mandate = selectors.own_file(mandate_id, actor)
    try:
        with transaction.atomic():
            sponsorship = Sponsorship.objects.create(
                vendor_id=actor.organisation_id,
                supplier_id=supplier_id,
                mandate=mandate,
                valid_until=valid_until,
                proposed_at=at,
            )
    except IntegrityError:
        raise SponsorshipExists from None
    record("sponsorship", sponsorship.pk, "propose", after=sponsorship.state, actor=actor, at=at)
    return sponsorship


@service(may="sign")
def accept_sponsorship(*, sponsorship_id: UUID, actor: Member, at: datetime) -> Sponsorship:
    """Let a vendor list for the actor's organisation, the supplier.

    Raises:
        IllegalTransition: it is not proposed.
        NotFound: it was not proposed to the actor's organisation.

    """
    sponsorship = _proposed_to(sponsorship_id, actor)
    return SPONSORSHIP.move(sponsorship, "accept", actor=actor, at=at)


@service(may="sign")
def decline_sponsorship(*, sponsorship_id: UUID, actor: Member, at: datetime) -> Sponsorship:
    """Refuse a vendor's proposal to list for the actor's organisation.

    Raises:
        IllegalTransition: it is not proposed.
        NotFound: it was not proposed to the actor's organisation.

    """
    sponsorship = _proposed_to(sponsorship_id, actor)
    return SPONSORSHIP.move(sponsorship, "decline", actor=actor, at=at)


@service(may="sign")
def withdraw_sponsorship(*, sponsorship_id: UUID, actor: Member, at: datetime) -> Sponsorship:
    """End a sponsorship from either side.

    Raises:
        IllegalTransition: it has ended already.

    """
    sponsorship = selectors.own_sponsorship(sponsorship_id, actor)
    if actor.organisation_id not in (sponsorship.vendor_id, sponsorship.supplier_id):
        raise NotFound
    return SPONSORSHIP.move(sponsorship, "withdraw", actor=actor, at=at)


@service
def expire_rights(*, limit: int, actor: Member, at: datetime) -> int:
    """End rights records and sponsorships whose time has run out; return how many."""
    rights = RightsRecord.objects.filter(state="RECORDED", valid_until__lte=at)
    sponsorships = Sponsorship.objects.filter(state="IN_FORCE", valid_until__lte=at)
    ended = 0
    for machine, rows in ((RIGHTS, rights), (SPONSORSHIP, sponsorships)):
        due = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
        ended += len(machine.move_all(rows.filter(pk__in=due), "expire", actor=actor, at=at))
    return ended


def _proposed_to(sponsorship_id: UUID, actor: Member) -> Sponsorship:
    sponsorship = selectors.own_sponsorship(sponsorship_id, actor)
    if sponsorship.supplier_id != actor.organisation_id:
        raise NotFound
    return sponsorship


def _check_term(certificate_code: str, valid_from: datetime, valid_until: datetime) -> None:
    if valid_until <= valid_from:
        raise Malformed(fields={"valid_until": [_("must lie after valid_from")]})
    if not certificate_code:
        return
    if not CERTIFICATE.fullmatch(certificate_code):
        raise Malformed(
            fields={"certificate_code": [_("is not the code of a national certificate: SJ + 13")]}
        )
    if valid_until - valid_from > timedelta(days=CERTIFICATE_DAYS):
        raise Malformed(fields={"valid_until": [_("a certificate is valid for five years")]})

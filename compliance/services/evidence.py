"""Giving and withdrawing evidence. Invariant: only what an item asks for, by who can give it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from compliance import selectors
from compliance.errors import ReportNotDeclared, UnknownEvidenceKey, VersionNotOpen
from compliance.models import Clearance, Evidence, Report
from compliance.selectors import Gathered
from compliance.services.clearances import fall
from compliance.states import EVIDENCE, EvidenceState
from core.actors import Member
from core.errors import Forbidden, Malformed
from core.events import record
from core.service import require, service
from listings import selectors as listings
from listings.models import Version
from listings.states import IN_THE_MAKING, ON_THE_MARKET


@service
def give_evidence(
    *,
    version_id: UUID,
    key: str,
    file_id: UUID | None,
    note: str,
    valid_until: datetime | None,
    report_id: UUID | None = None,
    actor: Member,
    at: datetime,
) -> Evidence:
    """Give one piece of evidence for a version: a file, a note, or both; or a provider's report.

    The vendor gives what a vendor can give; what only the venue can establish is entered by its
    reviewers.

    Raises:
        UnknownEvidenceKey: no item of the list in force asks for it.
        Forbidden: somebody else has to give it.
        Malformed: there is neither file nor note, or it would have ended already.
        VersionNotOpen: the version can no longer be cleared.
        ReportNotDeclared: its provider does not stand by the report, or is no disinterested one.
    """
    require(actor, "review" if actor.is_venue else "list")
    kinds = selectors.evidence_kinds(at)
    if key not in kinds:
        raise UnknownEvidenceKey(known=sorted(kinds))
    giver = "venue" if actor.is_venue else "vendor"
    if kinds[key].by != giver:
        raise Forbidden(_("This evidence comes from the %(who)s.") % {"who": kinds[key].by})
    if file_id is not None and report_id is not None:
        raise Malformed(fields={"report_id": [_("give either a file or a report")]})
    if file_id is None and report_id is None and not note.strip():
        raise Malformed(fields={"note": [_("a file or a note is needed")]})
    if valid_until is not None and valid_until <= at:
        raise Malformed(fields={"valid_until": [_("must lie in the future")]})
    version = _locked(version_id, actor)
    if version.state not in (*IN_THE_MAKING, *ON_THE_MARKET):
        raise VersionNotOpen(state=version.state)
    report = _report(report_id, version, key, at) if report_id else None
    file = listings.own_file(file_id, actor) if file_id else None
    evidence = Evidence.objects.create(
        version=version,
        key=key,
        file=report.file if report else file,
        report=report,
        note=note,
        valid_until=valid_until,
        given_by_id=actor.user_id,
        at=at,
    )
    record(
        "evidence",
        evidence.pk,
        "give",
        after=evidence.state,
        actor=actor,
        at=at,
        detail={"version": version.pk, "key": key},
    )
    return evidence


@service(may="list")
def withdraw_evidence(*, evidence_id: UUID, reason: str, actor: Member, at: datetime) -> Evidence:
    """Withdraw one's own evidence; a clearance that it carries ends with it.

    Raises:
        NotFound: it is not the actor's own.
        IllegalTransition: it has ended already.
    """
    evidence = selectors.locked_own_evidence(evidence_id, actor)
    EVIDENCE.move(evidence, "withdraw", actor=actor, at=at, reason=reason, ended_at=at)
    end_uncarried([evidence.version_id], "evidence-withdrawn", actor=actor, at=at)
    return evidence


@service
def expire_evidence(*, limit: int, actor: Member, at: datetime) -> int:
    """End evidence whose time has run out, and what it carried; return how many."""
    rows = Evidence.objects.filter(state=EvidenceState.GIVEN, valid_until__lte=at)
    due = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    versions = list(rows.filter(pk__in=due).values_list("version_id", flat=True))
    ended = EVIDENCE.move_all(rows.filter(pk__in=due), "expire", actor=actor, at=at, ended_at=at)
    end_uncarried(versions, "evidence-expired", actor=actor, at=at)
    return len(ended)


def _locked(version_id: UUID, actor: Member) -> Version:
    if actor.is_venue:
        return listings.locked_version(version_id)
    return listings.locked_own_version(version_id, actor)


def _report(report_id: UUID, version: Version, key: str, at: datetime) -> Report:
    """Return a report on this product that can lift what asks for evidence of `key`."""
    report = selectors.report_on(report_id, version, key)
    if selectors.report_declared_until(report, at) is None:
        raise ReportNotDeclared
    shares = {line.get("beneficiary") for line in version.content.get("allocation") or ()}
    if str(report.provider_id) in shares:
        raise ReportNotDeclared(_("The provider has a share in the revenue of this product."))
    return report


def end_uncarried(
    version_ids: Collection[UUID], ground: str, *, actor: Member, at: datetime
) -> None:
    """End the clearances that rest on a kind of evidence which no longer lasts as long as they.

    One whose data counted as anonymised ends too, once nothing bears that out or carries them.
    """
    known = selectors.gathered(version_ids, at)
    rows = selectors.open_clearances().filter(version__in=version_ids)
    uncarried = [row.pk for row in rows.order_by("pk") if not _stands(known[row.version_id], row)]
    fall(rows.filter(pk__in=uncarried), ground, actor=actor, at=at)


def _stands(known: Gathered, row: Clearance) -> bool:
    personal = known.facts.personal
    if personal.present and personal.basis_valid is not True and row.facts.get("personal"):
        return False
    return all(_carries(known.evidence, key, row.valid_until) for key in row.evidence)


def _carries(given: dict[str, datetime | None], key: str, until: datetime) -> bool:
    if key not in given:
        return False
    end = given[key]
    return end is None or end >= until

"""Withdrawing records. Invariant: what persons withdrew is not sold from that moment on.

The clearances of what rested on it are narrowed or ended in the same transaction; what follows for
orders, deliveries and delivered data is the roof's, by the table of grounds.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from compliance import selectors
from compliance.errors import AlreadyWithdrawn, RecordTooNarrow
from compliance.facts import Records, carried_by, withdrawn, without
from compliance.models import Clearance, ConsentWithdrawal, PersonalRecord
from compliance.services.clearances import fall
from compliance.services.evidence import end_uncarried
from compliance.states import PERSONAL_RECORD
from core.actors import Member
from core.errors import Malformed
from core.events import record
from core.service import service
from listings.models import Version

# The row of the table that a withdrawn consent belongs to.
GROUND = "consent-withdrawn"


@service(may="record")
def withdraw_record(
    *,
    record_id: UUID,
    purposes: Collection[str],
    recipient_kinds: Collection[str],
    reason: str,
    actor: Member,
    at: datetime,
) -> PersonalRecord:
    """Withdraw a record, or single purposes and kinds of recipient of a consent (PIPL art. 15).

    With neither named, or with the last ones named, the whole record is withdrawn. Whoever holds
    the record withdraws it as persons ask, and so does the trustee that stands for them.

    Raises:
        NotFound: it is another organisation's.
        IllegalTransition: it was withdrawn already.
        AlreadyWithdrawn: one of the purposes or kinds was.
        Malformed: the record does not name them.
    """
    row = selectors.locked_own_record(record_id, actor)
    PERSONAL_RECORD.after(row.state, "withdraw")
    versions = selectors.versions_resting_on(row.pk)
    if not purposes and not recipient_kinds:
        _withdraw_whole(row, versions, reason, actor=actor, at=at)
        return selectors.own_record(row.pk, actor)
    rest = _check_named(row, purposes, recipient_kinds)
    ConsentWithdrawal.objects.bulk_create(
        ConsentWithdrawal(record=row, what=what, value=value, reason=reason, at=at)
        for what, values in (("purpose", purposes), ("recipient", recipient_kinds))
        for value in sorted(set(values))
    )
    if not rest:
        _withdraw_whole(row, versions, reason, actor=actor, at=at)
        return selectors.own_record(row.pk, actor)
    # A renewal in force may carry what was withdrawn here: then nothing changes for a version.
    resting = selectors.records_in_force(versions, at)
    touched = [
        key
        for key in versions
        if set(purposes) & set(withdrawn(resting[key]).purposes)
        or set(recipient_kinds) & set(withdrawn(resting[key]).recipients)
    ]
    _stop({key: resting[key] for key in touched}, actor=actor, at=at)
    record(
        "personal-record",
        row.pk,
        "narrow",
        before=row.state,
        after=row.state,
        actor=actor,
        at=at,
        reason=reason,
        detail={
            "purposes": sorted(set(purposes)),
            "recipient_kinds": sorted(set(recipient_kinds)),
            "versions": touched,
        },
    )
    return selectors.own_record(row.pk, actor)


def _withdraw_whole(
    row: PersonalRecord, versions: list[UUID], reason: str, *, actor: Member, at: datetime
) -> None:
    resting = {
        key: without(one, row.pk) for key, one in selectors.records_in_force(versions, at).items()
    }
    left = _uncarried(resting) if row.kind == "basis" else []
    PERSONAL_RECORD.move(
        row,
        "withdraw",
        actor=actor,
        at=at,
        reason=reason,
        detail={"purposes": [], "recipient_kinds": [], "versions": left},
        ended_at=at,
    )
    if row.kind == "basis":
        _stop(resting, actor=actor, at=at)
    else:
        end_uncarried(versions, "evidence-withdrawn", actor=actor, at=at)


def settle_bound(version_ids: Collection[UUID], *, actor: Member, at: datetime) -> None:
    """Let what was bound to versions on the market take its effect on their clearances.

    What was withdrawn from the record before is taken out of them.

    Raises:
        RecordTooNarrow: a version would permit what the new class of persons never said yes to.
    """
    open_now = selectors.open_clearances().filter(version__in=version_ids)
    cleared = set(open_now.values_list("version_id", flat=True))
    resting = selectors.records_in_force(cleared, at)
    if _uncarried(resting):
        raise RecordTooNarrow
    _stop(resting, actor=actor, at=at)


def _stop(resting: Mapping[UUID, Records], *, actor: Member, at: datetime) -> None:
    """End the clearances whose consent is gone, and narrow those that lost a part of it.

    Each row is locked before it is looked at: an order that is being concluded ends first.
    """
    ended = _uncarried(resting)
    rows = selectors.open_clearances().filter(version__in=ended)
    fall(rows, GROUND, actor=actor, at=at)
    narrowed = sorted(set(resting) - set(ended))
    locked = selectors.open_clearances().filter(version__in=narrowed).order_by("pk")
    for row in locked.select_for_update(of=("self",), no_key=True):
        if resting[row.version_id].anonymised:
            continue
        now = withdrawn(resting[row.version_id])
        said = {**row.facts, **row.withdrawn}
        lists = {
            "withdrawn_purposes": sorted({*(said.get("withdrawn_purposes") or ()), *now.purposes}),
            "withdrawn_recipients": sorted(
                {*(said.get("withdrawn_recipients") or ()), *now.recipients}
            ),
        }
        Clearance.objects.filter(pk=row.pk).update(withdrawn=lists)


def _uncarried(resting: Mapping[UUID, Records]) -> list[UUID]:
    """Return the versions of which something permitted rests on nothing any more.

    Where a test bears out that the data are anonymised, nothing has to carry them.
    """
    contents = dict(Version.objects.filter(pk__in=resting).values_list("pk", "content"))
    found = []
    for key, records in sorted(resting.items()):
        carried = carried_by(contents[key], records)
        if not records.anonymised and (carried is None or carried.basis is None):
            found.append(key)
    return found


def _check_named(
    row: PersonalRecord, purposes: Collection[str], recipient_kinds: Collection[str]
) -> bool:
    """Check that the record names what is withdrawn; return whether anything is left of it."""
    gone = selectors.withdrawn_of(row)
    left, wrong, twice = [], {}, {}
    for name, what, values in (
        ("purposes", "purpose", set(purposes)),
        ("recipient_kinds", "recipient", set(recipient_kinds)),
    ):
        said = set(row.document.get(name, ())) if row.kind == "basis" else set()
        strange, again = sorted(values - said), sorted(values & gone[what])
        if strange:
            text = _("the record does not name %(w)s") % {"w": ", ".join(strange)}
            wrong[name] = [text]
        if again:
            twice[name] = [_("was withdrawn before: %(w)s") % {"w": ", ".join(again)}]
        left.append(said - gone[what] - values)
    if wrong:
        raise Malformed(fields=wrong)
    if twice:
        raise AlreadyWithdrawn(fields=twice)
    return all(left)

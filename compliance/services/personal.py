"""Recording assessments and anonymisation claims, binding records, ending them.

Invariant: a record is written once and bound for good; no row holds a single person's data.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from stdnum import luhn
from stdnum.cn import ric

from compliance import selectors
from compliance.errors import PersonsNamed, RecordNotInForce, VersionNotOpen
from compliance.facts import vocabulary as v
from compliance.models import PersonalRecord, RecordBinding
from compliance.rules import CHINA
from compliance.services.withdrawals import settle_bound
from compliance.states import PERSONAL_RECORD, PersonalRecordState
from core.actors import Member, acting_for
from core.canonical import digest
from core.errors import Malformed, NotFound
from core.events import record
from core.ids import uuid7
from core.service import service
from listings import selectors as listings
from listings.states import IN_THE_MAKING, ON_THE_MARKET

RISKS = ("low", "medium", "high")
METHODS = (
    "aggregation",
    "generalisation",
    "suppression",
    "k_anonymity",
    "differential_privacy",
    "synthetic",
    "other",
)
# The report of an assessment is kept for at least three years (PIPL art. 56).
KEPT_YEARS = 3
# What can be re-identified changes with what else is known: the venue asks for a test each year.
TEST_DAYS = 366
_NUMBERS = re.compile(r"(?<![0-9])[0-9]{11,19}[Xx]?(?![0-9])")
_MOBILE = re.compile("1[3-9][0-9]{9}")


@service(may="record")
def record_assessment(
    *,
    terms: Mapping[str, Any],
    file_id: UUID | None,
    version_ids: Collection[UUID],
    actor: Member,
    at: datetime,
) -> PersonalRecord:
    """Record an impact assessment made before the provision, with its report (PIPL art. 55, 56).

    It counts for three years, as long as its report has to be kept.

    Raises:
        Malformed: there is no report, a purpose is not known, or it lies in the future.
        NotFound: the file or a version is not the actor's own.
    """
    if file_id is None:
        raise Malformed(fields={"file_id": [_("the report is needed: it is kept for three years")]})
    strange = sorted(set(terms["purposes"]) - set(v.PURPOSES))
    if strange or not terms["purposes"]:
        text = _("there is no such word: %(w)s") % {"w": ", ".join(strange)}
        raise Malformed(fields={"purposes": [text if strange else _("is needed")]})
    not_later("assessed_on", terms["assessed_on"], at)
    checked_texts(terms, "scope", "measures")
    kept = kept_until(terms["assessed_on"])
    if kept <= at:
        raise Malformed(fields={"assessed_on": [_("lies more than three years back")]})
    purposes = [one for one in v.PURPOSES if one in terms["purposes"]]
    assessed_on = terms["assessed_on"].isoformat()
    made = keep(
        "assessment",
        {**terms, "purposes": purposes, "assessed_on": assessed_on},
        file_id=file_id,
        valid_until=kept,
        actor=actor,
        at=at,
    )
    bind_all(made, version_ids, actor=actor, at=at)
    return selectors.own_record(made.pk, actor)


def kept_until(assessed_on: date) -> datetime:
    """Return until when the report of an assessment has to be kept."""
    try:
        last = assessed_on.replace(year=assessed_on.year + KEPT_YEARS)
    except ValueError:  # 29 February
        last = date(assessed_on.year + KEPT_YEARS, 3, 1)
    return datetime.combine(last, time(), tzinfo=CHINA)


@service(may="record")
def record_anonymisation(
    *,
    terms: Mapping[str, Any],
    file_id: UUID | None,
    version_ids: Collection[UUID],
    actor: Member,
    at: datetime,
) -> PersonalRecord:
    """Record the claim that nobody can be identified any more, with the test that bears it out.

    A claim without a test, or with one that identified somebody, is kept and does not count. One
    with a test counts for a year from the day of the test.

    Raises:
        Malformed: the test lies in the future or too far back, or is half told.
        NotFound: the file or a version is not the actor's own.
    """
    checked_texts(terms, "description")
    test = terms["test"]
    until = at + timedelta(days=TEST_DAYS)
    document = dict(terms)
    if test:
        not_later("test.tested_on", test["tested_on"], at)
        checked_texts(test, "tested_by", "method", at="test.")
        if test["reidentified_count"] > test["attempts_count"]:
            text = _("more persons than attempts")
            raise Malformed(fields={"test.reidentified_count": [text]})
        tested = datetime.combine(test["tested_on"], time(), tzinfo=CHINA)
        until = tested + timedelta(days=TEST_DAYS)
        if until <= at:
            text = _("lies more than a year back: test again")
            raise Malformed(fields={"test.tested_on": [text]})
        document["test"] = {**test, "tested_on": test["tested_on"].isoformat()}
    made = keep("anonymisation", document, file_id=file_id, valid_until=until, actor=actor, at=at)
    bind_all(made, version_ids, actor=actor, at=at)
    return selectors.own_record(made.pk, actor)


@service(may="list")
def bind_record(
    *, record_id: UUID, version_id: UUID, actor: Member, at: datetime
) -> PersonalRecord:
    """Let a version of the actor's rest on a record of its own, or of its supplier's.

    The second time changes nothing. It is never undone: other data are another version.

    Raises:
        NotFound: version or record is another organisation's.
        RecordNotInForce: it was withdrawn, or has run out.
        VersionNotOpen: the version takes nothing more.
    """
    row = PersonalRecord.objects.select_for_update(of=("self",), no_key=True).filter(pk=record_id)
    found = row.first()
    if found is None:
        raise NotFound
    bind_all(found, [version_id], actor=actor, at=at)
    return selectors.own_record(found.pk, actor)


@service
def expire_records(*, limit: int, actor: Member, at: datetime) -> int:
    """End records whose time has run out; return how many.

    What rests on them lasts no longer by its own date, so that nothing else has to end here.
    """
    rows = PersonalRecord.objects.filter(state=PersonalRecordState.IN_FORCE, valid_until__lte=at)
    due = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    ended = PERSONAL_RECORD.move_all(
        rows.filter(pk__in=due), "expire", actor=actor, at=at, ended_at=at
    )
    return len(ended)


def keep(
    kind: str,
    document: Mapping[str, Any],
    *,
    file_id: UUID | None,
    valid_until: datetime,
    actor: Member,
    at: datetime,
    trustee_id: UUID | None = None,
    former: PersonalRecord | None = None,
) -> PersonalRecord:
    """Write one record.

    Raises:
        Malformed: it would have ended already.
        NotFound: the file is not the actor's own.
    """
    if valid_until <= at:
        raise Malformed(fields={"valid_until": [_("must lie in the future")]})
    record_id = uuid7()
    made = PersonalRecord.objects.create(
        pk=record_id,
        organisation_id=acting_for(actor),
        kind=kind,
        class_id=former.class_id if former else record_id,
        former=former,
        trustee_id=trustee_id,
        document=document,
        document_hash=digest(document),
        file=listings.own_file(file_id, actor) if file_id else None,
        valid_until=valid_until,
        recorded_by_id=actor.user_id,
        recorded_at=at,
    )
    record(
        "personal-record",
        made.pk,
        "record",
        after=made.state,
        actor=actor,
        at=at,
        detail={"kind": kind, "document_hash": made.document_hash},
    )
    return made


def bind_all(
    row: PersonalRecord, version_ids: Collection[UUID], *, actor: Member, at: datetime
) -> None:
    """Bind a record to versions of the actor's, in the order of their ids.

    Raises:
        NotFound: a version is not the actor's own, or the record is of another's data.
        RecordNotInForce, VersionNotOpen: the one carries, the other takes nothing more.
        RecordTooNarrow: the version is cleared for more than the record carries.
    """
    if version_ids and (row.state != PersonalRecordState.IN_FORCE or row.valid_until <= at):
        raise RecordNotInForce
    for version_id in sorted(set(version_ids)):
        version = listings.locked_own_version(version_id, actor)
        parties = (version.product.vendor_id, version.product.supplier_id)
        if row.organisation_id not in parties:
            raise NotFound
        if version.state not in (*IN_THE_MAKING, *ON_THE_MARKET):
            raise VersionNotOpen(state=version.state)
        _made, new = RecordBinding.objects.get_or_create(
            record=row, version=version, defaults={"at": at}
        )
        if new:
            record(
                "personal-record",
                row.pk,
                "bind",
                after=row.state,
                before=row.state,
                actor=actor,
                at=at,
                detail={"version": version.pk},
            )
    if row.kind == "basis":
        settle_bound(version_ids, actor=actor, at=at)


def not_later(name: str, day: date, at: datetime) -> None:
    """Refuse a day that has not come yet.

    Raises:
        Malformed: it lies in the future.
    """
    if day > at.astimezone(CHINA).date():
        raise Malformed(fields={name: [_("must not lie in the future")]})


def checked_texts(terms: Mapping[str, Any], *names: str, at: str = "") -> None:
    """Refuse texts that hold the number of a single person's document, card or telephone.

    Raises:
        PersonsNamed: with the fields.
    """
    wrong = [name for name in names if any(map(_of_a_person, _NUMBERS.findall(terms[name])))]
    if wrong:
        text = _("holds the number of a single person's document, card or telephone")
        raise PersonsNamed(fields={f"{at}{name}": [text] for name in wrong})


def _of_a_person(number: str) -> bool:
    plain = number.upper()
    if len(plain) == 18 and ric.is_valid(plain):
        return True
    if _MOBILE.fullmatch(plain):
        return True
    return len(plain) >= 16 and plain.isdecimal() and luhn.is_valid(plain)

"""What the pages of declarations rest on. Invariant: anybody may check one, few may act on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from compliance import selectors as compliance
from compliance.models import Breach, Declaration, OrganisationKey, Report
from compliance.statements import Template
from core.actors import Member, why_not
from core.errors import Forbidden, NotFound
from core.service import organisation_of, require
from exchange.selectors.names import NamedEvents, named_events
from listings import selectors as listings
from listings.models import Version

SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class DeclarationList:
    """The reader's declarations, and how many of them end soon and were not renewed."""

    rows: QuerySet[Declaration]
    ending: tuple[Declaration, ...]


@dataclass(frozen=True, slots=True)
class DeclarationSheet:
    """One declaration, what anybody finds when checking it, and what the reader may do.

    `breaches` are shown to the one who declared and to the venue alone; `history` too.
    """

    declaration: Declaration
    checked: dict[str, Any]
    mine: bool
    may_sign: bool
    may_open: bool
    breaches: tuple[Breach, ...]
    history: NamedEvents | None
    renewed: bool


@dataclass(frozen=True, slots=True)
class DeclareSheet:
    """What is declared about, the statements asked, and until when it can hold at most."""

    version: Version | None
    report: Report | None
    content_hash: str
    asked: Template
    standing: Declaration | None
    rests_until: datetime | None
    keys: tuple[OrganisationKey, ...]


@dataclass(frozen=True, slots=True)
class ReportList:
    """Reports that the reader made, the kinds of evidence that they can be, and whether it may."""

    rows: QuerySet[Report]
    kinds: dict[str, Any]
    may_hand_in: bool


@dataclass(frozen=True, slots=True)
class KeyList:
    """Keys, what a new one has to sign, and what the reader may do with them."""

    rows: QuerySet[OrganisationKey]
    possession: dict[str, Any] | None
    may_propose: bool
    may_admit: bool


@dataclass(frozen=True, slots=True)
class BreachSheet:
    """A case, and what the reader may do: `why_not_decide` is the refusal's code, or ""."""

    breach: Breach
    mine: bool
    may_answer: bool
    may_decide: bool
    why_not_decide: str
    history: NamedEvents


def declaration_list(reader: Member, at: datetime) -> DeclarationList:
    """Return the reader's declarations, newest first on the page.

    Raises:
        NoOrganisation: the reader acts for none.

    """
    organisation_of(reader)
    return DeclarationList(
        rows=compliance.readable_declarations(reader),
        ending=tuple(compliance.ending_declarations(reader, at, SOON_DAYS)[:50]),
    )


def declaration_sheet(
    declaration_id: UUID, reader: Member, at: datetime, language: str
) -> DeclarationSheet:
    """Return a declaration as anybody may check it.

    Raises:
        NotFound: there is none.

    """
    checked = compliance.verification(declaration_id, at)
    rows = Declaration.objects.select_related(
        "version__product", "report__product", "organisation", "former"
    )
    row = rows.get(pk=declaration_id)
    mine = reader.organisation_id is not None and row.organisation_id == reader.organisation_id
    inside = mine or reader.is_venue
    cases = compliance.readable_breaches(reader).filter(declaration=row) if inside else ()
    later = compliance.declarations_on_the_same(row).filter(
        state="IN_FORCE", valid_until__gt=row.valid_until
    )
    return DeclarationSheet(
        declaration=row,
        checked=checked,
        mine=mine,
        may_sign=mine and not why_not(reader, "sign"),
        may_open=not why_not(reader, "review") and reader.is_venue,
        breaches=tuple(cases),
        history=named_events("declaration", row.pk, language) if inside else None,
        renewed=later.exists(),
    )


def declare_version_sheet(version_id: UUID, reader: Member, at: datetime) -> DeclareSheet:
    """Return what a declaration on a version of the reader's own is signed on.

    Raises:
        NotFound: there is none, or it is another vendor's.
        Forbidden: the reader may not sign.

    """
    version = listings.own_version(version_id, reader)
    if version.product.vendor_id != reader.organisation_id:
        raise NotFound
    require(reader, "sign")
    known = compliance.gathered([version.pk], at)[version.pk]
    return DeclareSheet(
        version=version,
        report=None,
        content_hash=version.content_hash,
        asked=compliance.asked_template(version_id, reader, at),
        standing=compliance.standing_declaration(version, at),
        rests_until=compliance.declared_at_most(known),
        keys=tuple(compliance.usable_keys(reader, at)),
    )


def declare_report_sheet(report_id: UUID, reader: Member, at: datetime) -> DeclareSheet:
    """Return what a declaration on a report of the reader's own is signed on.

    Raises:
        NotFound: there is none, or it is another provider's.
        Forbidden: the reader may not sign, or its organisation is no service provider.

    """
    asked = compliance.asked_of_report(report_id, reader, at)
    require(reader, "report")
    require(reader, "sign")
    report = compliance.own_report(report_id, reader)
    rows = Declaration.objects.filter(report=report, state="IN_FORCE", valid_until__gt=at)
    return DeclareSheet(
        version=None,
        report=report,
        content_hash=report.sha256,
        asked=asked,
        standing=rows.order_by("-valid_until").first(),
        rests_until=None,
        keys=tuple(compliance.usable_keys(reader, at)),
    )


def report_list(reader: Member, at: datetime) -> ReportList:
    """Return the reports that the reader made, or that are on its products.

    Raises:
        NoOrganisation: the reader acts for none.

    """
    organisation_of(reader)
    may = not why_not(reader, "report") and not reader.is_venue
    return ReportList(compliance.readable_reports(reader), compliance.kinds_of_evidence(at), may)


def key_list(reader: Member) -> KeyList:
    """Return the keys of the reader's organisation; all of them for the venue's staff.

    Raises:
        NoOrganisation: the reader acts for none.

    """
    organisation_id = organisation_of(reader)
    return KeyList(
        rows=compliance.readable_keys(reader),
        possession=None if reader.is_venue else compliance.possession_text(organisation_id),
        may_propose=not reader.is_venue and not why_not(reader, "sign"),
        may_admit=reader.is_venue and not why_not(reader, "admit"),
    )


def breach_list(reader: Member) -> QuerySet[Breach]:
    """Return the cases on the reader's declarations; all of them for reviewers.

    Raises:
        Forbidden: the reader is of the venue's staff and reviews nothing.

    """
    organisation_of(reader)
    if reader.is_venue and why_not(reader, "review"):
        raise Forbidden
    return compliance.readable_breaches(reader)


def breach_sheet(breach_id: UUID, reader: Member, at: datetime, language: str) -> BreachSheet:
    """Return a case with what its decision rests on.

    Raises:
        NotFound: there is none for this reader.

    """
    breach = compliance.own_breach(breach_id, reader)
    open_ = breach.state in ("OPEN", "ANSWERED")
    mine = breach.declaration.organisation_id == reader.organisation_id
    decides = open_ and reader.is_venue and not why_not(reader, "review")
    refusal = ""
    if breach.maker_id == reader.user_id:
        refusal = "four-eyes"
    elif decides and compliance.is_concerned(reader, breach.declaration):
        refusal = "interested-party"
    elif breach.state == "OPEN" and at < breach.answer_until:
        refusal = "not-heard-yet"
    return BreachSheet(
        breach=breach,
        mine=mine,
        may_answer=mine and breach.state == "OPEN" and not why_not(reader, "sign"),
        may_decide=decides,
        why_not_decide=refusal if decides else "",
        history=named_events("breach", breach.pk, language),
    )

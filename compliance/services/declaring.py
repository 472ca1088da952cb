"""What every declaration has in common. Invariant: one document, whoever signs it and however.

It says who declares, about exactly which content, in which words, and until when. The venue seals
it, or the organisation signs it outside with its own key.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from compliance import selectors
from compliance.errors import ContentChanged, StatementsIncomplete, VersionNotOpen
from compliance.models import Declaration, Report
from compliance.services.renewals import carry_over
from compliance.statements import (
    PLATFORM_MEANS,
    Template,
    asked_of,
    codes,
    template_at,
    template_document,
)
from compliance.states import DeclarationState
from core.actors import Member, acting_for
from core.canonical import plain
from core.errors import Malformed
from core.events import record
from core.models import Organisation
from core.service import require, require_step_up
from core.services.seals import seal
from listings import selectors as listings
from listings.models import Version
from listings.states import IN_THE_MAKING, ON_THE_MARKET


@dataclass(frozen=True, slots=True)
class Subject:
    """What a declaration is about: the content of a version, or the file of a report.

    `rests_until` is when the first thing that it rests on ends, None if nothing does.
    """

    content_hash: str
    asked: Template
    version: Version | None = None
    report: Report | None = None
    rests_until: datetime | None = None

    @property
    def named(self) -> dict[str, Any]:
        """The subject as the document has it."""
        if self.version is not None:
            return {
                "product": self.version.product.code,
                "version": {"id": self.version.pk, "number": self.version.number},
            }
        assert self.report is not None
        return {
            "product": self.report.product.code,
            "report": {
                "id": self.report.pk,
                "title": self.report.title,
                "evidence": self.report.key,
                "file": self.report.file.name,
            },
        }

    @property
    def about(self) -> dict[str, UUID]:
        """The subject as its event names it."""
        if self.version is not None:
            return {"version": self.version.pk}
        assert self.report is not None
        return {"report": self.report.pk}

    def standing(self, at: datetime) -> Declaration | None:
        """Return the declaration in force on the same content that lasts longest."""
        rows = Declaration.objects.filter(
            version=self.version,
            report=self.report,
            content_hash=self.content_hash,
            state=DeclarationState.IN_FORCE,
            valid_until__gt=at,
        )
        return rows.order_by("-valid_until", "-id").first()


def about_version(version_id: UUID, actor: Member, at: datetime) -> Subject:
    """Return a version of the actor's as the subject of a declaration, locked.

    Raises:
        NotFound: it is not a version of the actor's own.
        VersionNotOpen: the version can no longer be cleared.

    """
    version = listings.locked_own_version(version_id, actor)
    if version.state not in (*IN_THE_MAKING, *ON_THE_MARKET):
        raise VersionNotOpen(state=version.state)
    known = selectors.gathered([version.pk], at)[version.pk]
    return Subject(
        version=version,
        content_hash=version.content_hash,
        asked=asked_of(template_at(at), version.content),
        rests_until=selectors.declared_at_most(known),
    )


def about_report(report_id: UUID, actor: Member, at: datetime) -> Subject:
    """Return a report of the actor's as the subject of a declaration, locked.

    Raises:
        NotFound: it is not a report of the actor's own.
        Forbidden: the venue does not admit the organisation as a service provider.

    """
    report = selectors.locked_own_report(report_id, actor)
    require(actor, "report")
    return Subject(content_hash=report.sha256, asked=template_at(at, "report"), report=report)


def check_assent(
    subject: Subject,
    *,
    content_hash: str,
    template: str,
    statements: Collection[str],
    valid_until: datetime,
    at: datetime,
) -> None:
    """Refuse what is not assent to every statement asked, about this content, for a time possible.

    Raises:
        ContentChanged: the content now has another hash.
        StatementsIncomplete: a statement is missing, or is not of the template.
        Malformed: another template is in use, or the validity is not possible.

    """
    asked = subject.asked
    if subject.content_hash != content_hash:
        raise ContentChanged(content_hash=subject.content_hash)
    if template != asked.code:
        raise Malformed(fields={"template": [_("the one in use is %(c)s") % {"c": asked.code}]})
    wanted, given = set(codes(asked)), set(statements)
    if wanted != given:
        problems = [_("not assented to: %(c)s") % {"c": code} for code in sorted(wanted - given)]
        problems += [_("not asked: %(c)s") % {"c": code} for code in sorted(given - wanted)]
        raise StatementsIncomplete(fields={"statements": problems})
    latest = latest_end(subject, at)
    if not at < valid_until <= latest:
        text = _("must lie in the future, at the latest %(t)s: no longer than what it rests on")
        raise Malformed(fields={"valid_until": [text % {"t": latest.isoformat()}]})


def latest_end(subject: Subject, at: datetime) -> datetime:
    """Return until when a declaration made at `at` can hold."""
    latest = at + timedelta(days=subject.asked.longest_days)
    return latest if subject.rests_until is None else min(latest, subject.rests_until)


def document_of(
    declaration_id: UUID,
    subject: Subject,
    valid_until: datetime,
    *,
    actor: Member,
    **attested: Any,
) -> dict[str, Any]:
    """Return what is assented to; public, so a member is named by its membership only."""
    organisation = Organisation.objects.get(pk=acting_for(actor))
    document: dict[str, Any] = plain(
        {
            "type": "declaration-and-commitment",
            "id": declaration_id,
            "organisation": {
                "id": organisation.pk,
                "name_zh": organisation.name_zh,
                "name_en": organisation.name_en,
                "country": organisation.country,
                "registry_number": organisation.registry_number,
            },
            **subject.named,
            "content_hash": subject.content_hash,
            "template": template_document(subject.asked),
            "valid_until": valid_until,
            **attested,
        }
    )
    return document


def sealed(
    declaration_id: UUID, subject: Subject, valid_until: datetime, *, actor: Member, at: datetime
) -> Declaration:
    """Enter a declaration that a member assented to just now, under the venue's seal.

    Raises:
        StepUpNeeded: the person did not prove a moment ago that it is there.

    """
    require_step_up(actor, at)
    document = document_of(
        declaration_id,
        subject,
        valid_until,
        actor=actor,
        attestation="platform",
        attestation_means=PLATFORM_MEANS,
        membership=actor.membership_id,
        assent={"confirmed_at": actor.confirmed_at, "confirmed_by": actor.confirmed_by},
        signed_at=at,
    )
    sealed_ = seal(document, at)
    return entered(
        declaration_id,
        subject,
        actor=actor,
        at=at,
        valid_until=valid_until,
        document=document,
        seal=sealed_.signature,
        key_id=sealed_.key_id,
        attestation="platform",
        confirmed_at=actor.confirmed_at,
        confirmed_by=actor.confirmed_by,
    )


def entered(
    declaration_id: UUID, subject: Subject, *, actor: Member, at: datetime, **columns: Any
) -> Declaration:
    """Write a declaration and its event, and carry over a clearance that it lets last longer."""
    former = subject.standing(at)
    declaration = Declaration.objects.create(
        pk=declaration_id,
        version=subject.version,
        report=subject.report,
        former=former,
        organisation_id=acting_for(actor),
        content_hash=subject.content_hash,
        template=subject.asked.code,
        statements=list(codes(subject.asked)),
        signed_by_id=actor.user_id,
        signed_at=at,
        **columns,
    )
    record(
        "declaration",
        declaration.pk,
        "sign",
        after=declaration.state,
        actor=actor,
        at=at,
        detail={**subject.about, "content_hash": subject.content_hash},
    )
    if subject.version is not None and former is not None:
        carry_over(subject.version, declaration, actor=actor, at=at)
    return declaration

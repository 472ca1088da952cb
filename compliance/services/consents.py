"""Recording consent and other bases. Invariant: no blanket, forced or incomplete consent is kept.

What is refused here is no basis to begin with: each refusal names the article and the way out.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from compliance import selectors
from compliance.errors import (
    BlanketConsent,
    ConsentNotSeparate,
    ForcedConsent,
    GuardianMissing,
    RecordNotInForce,
)
from compliance.facts import vocabulary as v
from compliance.models import PersonalRecord
from compliance.services.personal import bind_all, checked_texts, keep, not_later
from core.actors import Member
from core.errors import Malformed
from core.service import service
from listings import selectors as listings

# PIPL art. 13(1)(1) to (7), the consent first.
BASES = (
    "consent",
    "contract",
    "statutory_duty",
    "emergency",
    "public_interest",
    "disclosed",
    "other_law",
)
CHANNELS = ("app", "website", "paper", "counter", "telephone", "other")
# What stands for everything, in a list of purposes or of recipients.
EVERYTHING = frozenset({"*", "all", "any"})
_BLANKET = re.compile(
    "(任何|任意|一切|所有|全部)(的)?(目的|用途|处理|第三方|第三人|合作方|合作伙伴|接收方|主体)"
    r"|\b(any|all|every)( other)? (purposes?|uses?|third part(y|ies)|partners?|recipients?)\b",
    re.IGNORECASE,
)
_BLANKET_LAW = gettext_noop(
    "A consent is to what was told: which purposes, which recipients (PIPL art. 14 and 23)."
)
_DENIED = re.compile(r"不|未|无需|禁止|拒绝|\bnot\b|\bnever\b|\bno\b|\bwithout\b", re.IGNORECASE)
_CLAUSES = re.compile(r"[，。；;,.!?！？\n]+")


@service(may="record")
def record_basis(
    *,
    terms: Mapping[str, Any],
    file_id: UUID | None,
    trustee_id: UUID | None,
    former_id: UUID | None,
    valid_until: datetime,
    version_ids: Collection[UUID],
    actor: Member,
    at: datetime,
) -> PersonalRecord:
    """Record the consent of a class of persons, or another basis, per purpose and recipient kind.

    `terms` are those of `BasisIn`. A record that renews another one of the actor's is about the
    same class of persons. It is bound to `version_ids` at once.

    Raises:
        BlanketConsent: it is for every purpose or for whoever comes (PIPL art. 6, 14 and 23).
        ForcedConsent: who says no is refused the service (art. 16).
        ConsentNotSeparate: sensitive kinds without a separate consent (art. 29).
        GuardianMissing: persons under 14 without their guardians' consent (art. 31).
        PersonsNamed: the text holds the number of an identity document, a card or a telephone.
        Malformed: a word is not known, a date or a count cannot be.
        NotFound: the former record, the file or a version is not the actor's own.
    """
    _refuse_what_is_no_consent(terms)
    _check_words(terms)
    _check_numbers(terms, at)
    checked_texts(terms, "persons", "notice", "wording", "law")
    if trustee_id is not None and not listings.is_admitted(trustee_id, "trustee"):
        raise Malformed(fields={"trustee_id": [_("is not admitted as a trustee")]})
    former = _former(former_id, actor)
    made = keep(
        "basis",
        _document(terms),
        file_id=file_id,
        trustee_id=trustee_id,
        former=former,
        valid_until=valid_until,
        actor=actor,
        at=at,
    )
    bind_all(made, version_ids, actor=actor, at=at)
    return selectors.own_record(made.pk, actor)


def _former(former_id: UUID | None, actor: Member) -> PersonalRecord | None:
    if former_id is None:
        return None
    former = selectors.locked_own_record(former_id, actor)
    if former.kind != "basis" or former.organisation_id != actor.organisation_id:
        raise RecordNotInForce(_("It is no consent or basis record of yours."))
    return former


def _document(terms: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept: words in the order of their lists, dates as text."""
    order = {
        "purposes": v.PURPOSES,
        "recipient_kinds": v.ORGANISATION_KINDS,
        "categories": v.PERSONAL_CATEGORIES,
        "sensitive_kinds": v.SENSITIVE_KINDS,
    }
    lists = {name: [one for one in known if one in terms[name]] for name, known in order.items()}
    dates = {name: terms[name].isoformat() for name in ("obtained_from", "obtained_until")}
    wording = terms["wording"].encode()
    return {
        **terms,
        **lists,
        **dates,
        "counts": dict(sorted(terms["counts"].items())),
        "wording_sha256": sha256(wording).hexdigest() if wording else "",
    }


def _refuse_what_is_no_consent(terms: Mapping[str, Any]) -> None:
    if terms["basis"] != "consent":
        return
    blanket = [
        name
        for name, known in (("purposes", v.PURPOSES), ("recipient_kinds", v.ORGANISATION_KINDS))
        if set(terms[name]) & EVERYTHING or set(terms[name]) >= set(known)
    ]
    if blanket:
        text = _("This stands for everything: name what each person said yes to")
        fields = {name: [text] for name in blanket}
        raise BlanketConsent(_(_BLANKET_LAW), fields=fields, articles=["6", "14", "23"])
    phrase = blanket_phrase(terms["wording"])
    if phrase:
        text = _("These words ask for everything: “%(p)s”") % {"p": phrase}
        fields = {"wording": [text]}
        raise BlanketConsent(_(_BLANKET_LAW), fields=fields, articles=["6", "14", "23"])
    if terms["refused_without"]:
        text = _("Who says no is refused the service")
        law = _("Nobody may be refused a service for saying no (PIPL art. 16).")
        raise ForcedConsent(law, fields={"refused_without": [text]}, articles=["14", "16"])
    if terms["sensitive_kinds"] and not terms["separate"]:
        text = _("Sensitive kinds need a consent of their own")
        law = _("Sensitive information asks for a separate consent (PIPL art. 29).")
        raise ConsentNotSeparate(law, fields={"separate": [text]}, articles=["29"])
    if terms["minors"] and not terms["guardian"]:
        text = _("Persons under 14 are among them, and no guardian consented")
        law = _("For persons under 14 their parents or guardians consent (PIPL art. 31).")
        raise GuardianMissing(law, fields={"guardian": [text]}, articles=["31"])


def blanket_phrase(wording: str) -> str:
    """Return the words by which a consent asks for everything, "" if none of them does.

    A clause that denies it, such as 不会提供给任何第三方, asks for nothing.
    """
    for clause in _CLAUSES.split(wording):
        found = _BLANKET.search(clause)
        if found and not _DENIED.search(clause):
            return found[0]
    return ""


def _check_words(terms: Mapping[str, Any]) -> None:
    wrong: dict[str, list[str]] = {}
    for name, known, needed in (
        ("purposes", v.PURPOSES, True),
        ("recipient_kinds", v.ORGANISATION_KINDS, True),
        ("categories", v.PERSONAL_CATEGORIES, True),
        ("sensitive_kinds", v.SENSITIVE_KINDS, False),
        ("counts", v.PERSONAL_CATEGORIES, False),
    ):
        strange = sorted(set(terms[name]) - set(known))
        if strange:
            wrong[name] = [_("there is no such word: %(w)s") % {"w": ", ".join(strange)}]
        elif needed and not terms[name]:
            wrong[name] = [_("is needed")]
    consent = terms["basis"] == "consent"
    for name in ("notice", "wording") if consent else ("law",):
        if not terms[name].strip():
            wrong[name] = [_("is needed")]
    if set(terms["counts"]) - set(terms["categories"]) and "counts" not in wrong:
        wrong["counts"] = [_("counts what is not among the categories")]
    if wrong:
        raise Malformed(fields=wrong)


def _check_numbers(terms: Mapping[str, Any], at: datetime) -> None:
    begun: date = terms["obtained_from"]
    if terms["obtained_until"] < begun:
        raise Malformed(fields={"obtained_until": [_("must not lie before the first day")]})
    not_later("obtained_until", terms["obtained_until"], at)
    if terms["persons_count"] < 1:
        raise Malformed(fields={"persons_count": [_("at least one person has to be concerned")]})

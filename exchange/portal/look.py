"""From what selectors return to what pieces show. Invariant: no query, no decision."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from compliance.rules.laws import text_url
from compliance.selectors.clearances import ClearancePage
from compliance.selectors.decisions import FactText, FindingText
from core.calendar import due_after, working_days_left
from core.money import Money
from exchange.portal.edge import said
from exchange.portal.pages.public import PermittedUse, PlanCard, Price, Tier
from exchange.portal.pieces import (
    Action,
    Article,
    ClearanceBadge,
    Deadline,
    FactValue,
    FileLink,
    Finding,
    GateStep,
    GateStrip,
    Lift,
    Path,
    Station,
    Timeline,
    TimelineEntry,
)
from exchange.selectors.names import NamedEvents
from exchange.selectors.refusals import Reason, ToldRefusal
from exchange.services.conclusion import ANSWER_HOURS
from exchange.templatetags import laws, words
from exchange.templatetags.portal import amount_text, unit
from exchange.templatetags.reasons import told_reason

DECLARED_DAYS = 365
DAY_SECONDS = 86_400
# Facts whose values are codes: the last part of the path, and the kind of its words.
_CODED = {
    "purpose": "purpose",
    "purposes": "purpose",
    "territory": "territory",
    "territories": "territory",
    "offer_mode": "offer_mode",
    "grade": "grade",
    "data_class": "data_class",
    "kind": "buyer_type",
    "buyer_types": "buyer_type",
}
_STATES = {"hit": "open", "unknown": "open", "lifted": "lifted"}
# Which step of the gate a refusal belongs to; what is not named is a matter of clearance.
_STEPS = {
    "use-not-permitted": "purpose",
    "redistribution-not-permitted": "purpose",
    "derivation-not-permitted": "purpose",
    "territory-not-permitted": "territory",
    "below-minimum": "volume",
    "term-too-long": "volume",
    "over-price-limit": "price",
    "price-not-equal": "price",
    "public-data-must-be-free": "price",
    "fee-not-chargeable": "price",
    "allocation-not-payable": "price",
    "seats-taken": "volume",
    "export-not-cleared": "territory",
    "personal-data-resale": "purpose",
    "operator-redevelopment": "purpose",
    "buyer-not-permitted": "buyer",
    "self-dealing": "buyer",
    "venue-cannot-trade": "buyer",
    "no-fee-schedule": "price",
    "insufficient-funds": "funds",
    "buyer-not-admitted": "buyer",
    "buyer-type-not-permitted": "buyer",
    "declaration-withdrawn": "declaration",
    "declaration-expired": "declaration",
    "declaration-missing": "declaration",
}
# What is checked of a price: nothing can be said of it before there is one.
_PRICED = ("price", "funds")
_GATE = ("clearance", "declaration", "buyer", "purpose", "territory", "volume", "price", "funds")


def finding(text: FindingText, evidence_keys: Mapping[str, str] | None = None) -> Finding:
    """Return a finding as its card shows it; `evidence_keys` are those the reader may give.

    They lead from the words of a piece of evidence to its key.
    """
    keys = evidence_keys or {}
    severity = "unknown" if text.status == "unknown" else text.severity
    return Finding(
        severity=severity,
        code=text.code,
        title=text.title,
        text="" if text.status == "hit" else text.what,
        facts=tuple(_fact(fact) for fact in text.facts),
        articles=tuple(map(article, text.sources)),
        lifts=tuple(
            Lift(
                one.text,
                given=one.given,
                url=f"?evidence={keys[one.text]}#evidence" if one.text in keys else "",
            )
            for one in text.evidence
        ),
        exit_path=text.way_out or text.change,
        who=text.who,
        state=_STATES.get(text.status, "stands"),
    )


def article(source: Any) -> Article:
    """Return a source of law as a page cites it."""
    url = text_url(source.instrument, source.version, source.article)
    return Article(laws.instrument(source.instrument), source.article, source.quote, url)


def findings(told: ToldRefusal, currency: str) -> tuple[Finding, ...]:
    """Return what stands in an order's way as cards: the checklist's items, then the rest."""
    return (
        *(finding(one) for one in told.items),
        *(reason_card(one, currency) for one in told.reasons),
    )


def reason_card(reason: Reason, currency: str) -> Finding:
    """Return a reason that is no item as its card shows it: its own sentence says what is wrong."""
    text = told_reason(reason, currency)
    return replace(finding(text), text=text.why)


def _fact(fact: FactText) -> FactValue:
    """Return a fact with the words of its codes, where it is made of codes."""
    kind = _CODED.get(fact.path.rpartition(".")[2])
    value = fact.value
    if kind and value:
        value = ", ".join(words.word(kind, code) for code in re.split("[,、] ?", value))
    return FactValue(fact.name, value, fact.origin)


def badge(shown: ClearancePage | None) -> ClearanceBadge:
    """Return the clearance badge of a version."""
    if shown is None:
        return ClearanceBadge("NONE", cause="clearance-missing")
    standing = shown.standing
    return ClearanceBadge(
        state="LIVE" if standing.cleared else (shown.state if shown.state != "LIVE" else "ENDED"),
        checklist=standing.checklist_code,
        valid_until=standing.valid_until.date() if standing.valid_until else None,
        cause=standing.cause,
        declaration_by=said(shown.declaration_by_zh, shown.declaration_by_en),
        declaration_at=shown.declaration_at,
        decision_at=shown.decision_at,
        reviewers=shown.reviewers,
        content_hash=shown.content_hash,
    )


def price(plan: Any) -> Price:
    """Return what a plan costs."""
    amount = None if plan.price_minor is None else Money(plan.price_minor, plan.currency)
    return Price(plan.kind, amount, plan.per_count, plan.unit, plan.period_days)


def price_text(plan: Any) -> str:
    """Return what a plan costs and what for, as plain text; "" while that is negotiated."""
    found = price(plan)
    return f"{amount_text(found.amount)} {unit(found)}".strip() if found.amount else ""


def plan_card(plan: Any, *, order_url: str = "", why_not: str = "") -> PlanCard:
    """Return a plan as its card shows it."""
    return PlanCard(
        code=plan.code,
        title=plan.title or plan.code,
        price=price(plan),
        offer_mode=plan.offer_mode,
        tiers=tuple(
            Tier(tier["from_count"], Money(tier["price_minor"], plan.currency))
            for tier in plan.tiers or ()
        ),
        minimum_count=plan.minimum_count,
        seats=plan.seats,
        exclusive=plan.exclusive,
        order_url=order_url,
        why_not=why_not,
        confirm_hours=ANSWER_HOURS,
    )


def use_of(content: dict[str, Any]) -> PermittedUse:
    """Return the permitted use that a content document states."""
    use = content.get("permitted_use") or {}
    return PermittedUse(
        purposes=tuple(use.get("purposes") or ()),
        territories=tuple(use.get("territories") or ()),
        redistribution=use.get("redistribution"),
        derivation=use.get("derivation"),
        term_days=use.get("term_days"),
        buyer_types=tuple(use.get("buyer_types") or ()),
    )


def gate(findings: Sequence[dict[str, Any]], *, priced: bool = True) -> GateStrip:
    """Return the gate with each step passed, or failed with its first reason.

    What is not `priced` yet has no price and no funds to check: they come once it is agreed.
    """
    failed: dict[str, str] = {}
    for one in findings:
        if one.get("status") == "lifted" or one.get("severity") == "caution":
            continue
        code = str(one.get("refusal") or "")
        failed.setdefault(_STEPS.get(code, "clearance"), code)
    later = () if priced else _PRICED

    def state(name: str) -> str:
        if name in failed:
            return "failed"
        return "later" if name in later else "passed"

    return GateStrip(
        tuple(GateStep(name, state(name), reason_text(failed.get(name))) for name in _GATE)
    )


def reason_text(code: str | None) -> str:
    """Return a refusal's code as a person reads it, or the code where it has no words."""
    return words.word("cause", code) if code else ""


def deadline(what: str, until: datetime | None, at: datetime) -> Deadline | None:
    """Return how many days are left, rounded down; None where nothing falls due."""
    if until is None:
        return None
    return Deadline(what, until, math.floor((until - at).total_seconds() / DAY_SECONDS))


def last_day(longest_days: int, rests_until: datetime | None, at: datetime) -> date:
    """Return the last whole day that a declaration may hold: not beyond what it rests on."""
    latest = at + timedelta(days=min(DECLARED_DAYS, longest_days - 1))
    if rests_until is not None:
        latest = min(latest, rests_until)
    return timezone.localdate(latest, timezone.get_default_timezone()) - timedelta(days=1)


def desk_deadline(what: str, since: datetime, days: int, at: datetime) -> Deadline:
    """Return what falls due so many working days after `since`, at the same time of day."""
    until = due_after(timezone.localtime(since), days)
    left = working_days_left(timezone.localtime(at).date(), until.date())
    if until < at:
        return Deadline(what, until, -1, working=True, days_past=max(-left, 0))
    return Deadline(what, until, left, working=True)


def timeline(
    events: Iterable[Any],
    names: Mapping[Any, str] | None = None,
    who: Mapping[int, str] | None = None,
) -> Timeline:
    """Return events, newest first; `names` are those of organisations, `who` did each event."""
    return Timeline(
        tuple(
            TimelineEntry(
                id=event.pk,
                subject=event.subject,
                verb=event.verb,
                at=event.at,
                who=(who or {}).get(event.pk) or (names or {}).get(event.organisation_id, ""),
                reason=words.word("reason", event.reason) if event.reason else "",
                before=event.before,
                after=event.after,
            )
            for event in sorted(events, key=lambda event: -event.pk)
        )
    )


def history(found: NamedEvents) -> Timeline:
    """Return what happened to a thing, with who did it, newest first."""
    return timeline(found.events, found.names)


def path(passed: dict[str, datetime | None], stations: Sequence[str], stopped: str = "") -> Path:
    """Return the stations, done where `passed` has a time, then the current one, then ahead."""
    shown: list[Station] = []
    current = False
    for name in stations:
        when = passed.get(name)
        if when is not None:
            shown.append(Station(name, "done", when))
        elif name == stopped:
            shown.append(Station(name, "stopped"))
            current = True
        else:
            shown.append(Station(name, "ahead" if current else "current"))
            current = True
    return Path(tuple(shown))


def file_link(file: Any, url: str = "") -> FileLink:
    """Return a stored file as it is offered."""
    return FileLink(file.name, file.media_type, file.size_bytes, file.sha256, url)


def button(subject: str, verb: str, url: str, **more: Any) -> Action:
    """Return a button whose click has one effect, however often it is pressed."""
    return Action(subject, verb, url, key=uuid4().hex, **more)


def short(identifier: Any) -> str:
    """Return the end of an identifier: what tells rows of one list apart."""
    return str(identifier)[-8:].upper()


def coded(kind: str, code: str | None) -> str | None:
    """Return the word for a code as a row shows it; None stays unknown."""
    return words.word(kind, code) if code else None


def yes_no(value: bool | None) -> str | None:
    """Return yes, no or unknown as a row shows it."""
    return None if value is None else _("yes") if value else _("no")

"""A decision and the articles that it rests on, each at an address of its own."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from compliance.rules.laws import held_law
from core.errors import NotFound
from exchange.portal import look
from exchange.portal.edge import language, page, said, show
from exchange.portal.pages.public import ArticleText, DecisionPage, LawPage
from exchange.portal.pieces import Link
from exchange.selectors.explanations import explained
from exchange.templatetags import laws

TONES = {"cleared": "cleared", "caution": "caution"}
STOPPED = {"needs_evidence": "restricted", "unknown": "unknown"}


@page()
def decision(request: Any, decision_id: UUID) -> HttpResponse:
    """Show why it was decided so: item, article, facts, what would lift each, and who can."""
    found = explained(decision_id, request.member, language())
    of_order = found.kind == "order"
    where = f"/orders/{found.reference}" if of_order else f"/versions/{found.reference}"
    # The list cleared it, but something that is no item of it stood in the way.
    verdict = "refused" if found.reasons and found.verdict in TONES else found.verdict
    shown = DecisionPage(
        title=said(found.of_zh, found.of_en),
        kind=found.kind,
        verdict=verdict,
        tone=TONES.get(verdict, STOPPED.get(verdict, "prohibited")),
        at=found.at,
        of=Link(_("The order") if of_order else _("The version"), where),
        checklist=found.checklist_code,
        checklist_hash=found.checklist_hash,
        facts_hash=found.facts_hash,
        findings=(
            *map(look.finding, found.findings),
            *(look.reason_card(one, found.currency) for one in found.reasons),
        ),
        differs=found.differs,
    )
    return show(request, "decision.html", shown)


@page(signed_in=False)
def law(request: Any, instrument: str, version: str) -> HttpResponse:
    """Show the articles of a law that items of the checklist cite, word for word."""
    held = held_law(instrument, version)
    if not held:
        raise NotFound
    shown = LawPage(
        title=laws.instrument(instrument),
        name=instrument,
        version=version,
        articles=tuple(ArticleText(one.number, one.text) for one in held),
    )
    return show(request, "law.html", shown)

"""The contract of a trade for people to read. Invariant: every word comes from the frozen text."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.canonical import canonical
from core.money import Money
from exchange.portal import look
from exchange.portal.edge import page, said, show
from exchange.portal.pages.trading import ContractPage, ContractSide, LogEntry
from exchange.portal.pieces import Row, Section
from exchange.selectors.contracts import ContractSheet, contract_proof, contract_sheet
from exchange.templatetags import words
from exchange.templatetags.portal import amount_text, moment_text, share, words_of


@page()
def contract(request: Any, trade_id: UUID) -> HttpResponse:
    """Show the contract: both sides, the nine items, and whether the text is still what it was."""
    return show(request, "contract.html", _page(contract_sheet(trade_id, request.member)))


@page()
def contract_json(request: Any, trade_id: UUID) -> HttpResponse:
    """Return the frozen contract, exactly the bytes that were hashed."""
    found = contract_sheet(trade_id, request.member)
    return HttpResponse(
        found.contract.text,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{_file_name(found)}"'},
    )


@page()
def contract_proof_json(request: Any, trade_id: UUID) -> HttpResponse:
    """Return what proves the contract to somebody who does not ask the venue."""
    return HttpResponse(
        canonical(contract_proof(trade_id, request.member)),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="contract-proof-{trade_id}.json"'},
    )


def _file_name(sheet: ContractSheet) -> str:
    return f"contract-{sheet.trade.pk}.json"


def _page(sheet: ContractSheet) -> ContractPage:
    document = sheet.document
    description, amount = document["items"]["description"], document["items"]["amount"]
    base = f"/trades/{sheet.trade.pk}"
    return ContractPage(
        code=look.short(sheet.trade.pk),
        title=said(description["title_zh"], description["title_en"]),
        trade_url=base,
        concluded_at=_moment(document["items"]["time"]["concluded_at"]),
        sides=(_side(sheet, "vendor"), _side(sheet, "buyer")),
        supplier=_called(sheet, document["parties"]["supplier"]),
        price=Money(amount["minor"], amount["currency"]),
        items=_items(sheet),
        allocation=tuple(_line(sheet, line) for line in amount["allocation"]),
        cleared_by=Section(
            _("What cleared it"),
            (
                Row(_("Checklist"), document["cleared_by"]["checklist_code"], code=True),
                Row(_("Clearance"), document["cleared_by"]["clearance_id"], code=True),
                Row(_("Decision"), document["cleared_by"]["decision_id"], code=True),
                Row(_("Declaration"), document["cleared_by"]["declaration_id"], code=True),
            ),
        ),
        sha256=sheet.contract.sha256,
        recomputed=sheet.recomputed,
        agrees=sheet.agrees,
        json_url=f"{base}/contract.json",
        json_name=_file_name(sheet),
        verify_url=f"/verify?code={sheet.contract.sha256}",
        entry=_entry(sheet, base),
    )


def _entry(sheet: ContractSheet, base: str) -> LogEntry | None:
    if sheet.logged is None:
        return None
    return LogEntry(
        number=sheet.logged.event.pk,
        sha256=sheet.logged_sha256,
        agrees=sheet.logged_sha256 == sheet.contract.sha256,
        index=sheet.logged.index,
        proof_url=f"{base}/contract-proof.json",
        proof_name=f"contract-proof-{sheet.trade.pk}.json",
    )


def _moment(text: str) -> datetime:
    return timezone.localtime(datetime.fromisoformat(text))


def _called(sheet: ContractSheet, organisation_id: str | None) -> str:
    zh, en = sheet.organisations.get(organisation_id or "", ("", ""))
    return said(zh, en) or organisation_id or ""


def _side(sheet: ContractSheet, side: str) -> ContractSide:
    party = sheet.document["parties"][side]
    return ContractSide(
        role=side,
        organisation=_called(sheet, party["organisation"]),
        signed_by=_signer(sheet, party["member"]),
        signed_at=_moment(party["at"]) if party["at"] else None,
        how=_how(party["by"]),
    )


def _signer(sheet: ContractSheet, member: int | None) -> str:
    if member is None:
        return ""
    return sheet.signers.get(member) or _("member no. %(n)s") % {"n": member}


def _how(by: str) -> str:
    """Return how a side assented, in words: by an order, a confirmation, a quote."""
    name, _colon, plan = by.partition(":")
    if name == "standing-offer":
        return _("by its standing offer, plan %(plan)s") % {"plan": plan}
    if name.startswith("acceptance-of-quote-"):
        return _("by accepting quote %(n)s") % {"n": name.rpartition("-")[2]}
    if name.startswith("quote-"):
        return _("by quote %(n)s") % {"n": name.rpartition("-")[2]}
    return {
        "order": _("by its order"),
        "confirmation": _("by confirming the buyer"),
        "answer-to-demand": _("by its quote for the demand"),
    }.get(name, by)


def _items(sheet: ContractSheet) -> tuple[Section, ...]:
    """Return the nine items that a contract must hold, as sections of rows."""
    items = sheet.document["items"]
    description, use, mode = items["description"], items["use"], items["mode"]
    amount, security = items["amount"], items["security"]
    price = Money(amount["minor"], amount["currency"])
    fee = Money(amount["buyer_fee_minor"], amount["currency"])
    days = items["term"]["days"]
    duties = [words.word("duty", one) for one in security["duties"]]
    return (
        Section(
            _("1. Description"),
            (
                Row(_("Product"), said(description["title_zh"], description["title_en"])),
                Row(_("Version"), description["version"], code=True),
                Row(_("Hash of its content"), description["content_sha256"], code=True),
            ),
        ),
        Section(
            _("2. Use"),
            (
                Row(_("Purpose"), words.word("purpose", use["purpose"])),
                Row(_("Territory"), words.word("territory", use["territory"])),
                Row(_("Passing on"), look.yes_no(use["redistribution"])),
                Row(_("Derived products"), look.yes_no(use["derivation"])),
            ),
        ),
        Section(
            _("3. Quality"),
            (
                Row(_("As declared in"), items["quality"]["as_declared_in"], code=True),
                Row(_("Hash of its content"), items["quality"]["content_sha256"], code=True),
            ),
        ),
        Section(
            _("4. Mode of the trade"),
            (
                Row(_("Offer"), words.word("offer_mode", mode["offer"])),
                Row(_("Plan"), f"{mode['plan']} · {words.word('plan_kind', mode['kind'])}"),
                Row(_("Volume"), f"{mode['volume']:,}"),
                Row(_("Delivery"), words_of(mode["delivery"], "delivery_mode") or None),
            ),
        ),
        Section(
            _("5. Amount"),
            (
                Row(_("Price"), amount_text(price)),
                Row(_("Buyer's fee to the venue"), amount_text(fee)),
                Row(_("Paid by the buyer"), amount_text(price + fee)),
            ),
        ),
        Section(
            _("6. Term"),
            (
                Row(
                    _("Term"),
                    ngettext("%(n)s day from the contract", "%(n)s days from the contract", days)
                    % {"n": days},
                ),
            ),
        ),
        Section(
            _("7. Security duties"),
            (
                Row(_("Data class"), words.word("data_class", security["data_class"])),
                Row(_("Grade"), words.word("grade", security["grade"] or "") or None),
                Row(_("Duties"), _("; ").join(duties)),
            ),
        ),
        Section(
            _("8. Time"),
            (Row(_("Concluded"), moment_text(_moment(items["time"]["concluded_at"]))),),
        ),
        Section(
            _("9. Secrecy"),
            (
                Row(
                    _("Duties"),
                    _("; ").join(words.word("duty", one) for one in items["secrecy"]["duties"]),
                ),
            ),
        ),
    )


def _line(sheet: ContractSheet, line: dict[str, Any]) -> Row:
    who = _called(sheet, line.get("beneficiary")) or _("Public-interest fund")
    currency = sheet.document["items"]["amount"]["currency"]
    parts = []
    if line.get("fixed_minor") is not None:
        parts.append(amount_text(Money(line["fixed_minor"], currency)))
    if line.get("share_bp") is not None:
        parts.append(share(line["share_bp"]))
    if line.get("cap_minor") is not None:
        parts.append(
            _("at most %(amount)s") % {"amount": amount_text(Money(line["cap_minor"], currency))}
        )
    if line.get("remainder"):
        parts.append(_("the rest"))
    role = words.word("allocation_role", line.get("role") or "")
    return Row(f"{who} · {role}", " + ".join(parts) or None)

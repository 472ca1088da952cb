"""Every piece and every page with made-up contents. Invariant: it exists where DEBUG is on only."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.portal.examples import (
    author,
    desk,
    persons,
    public,
    review,
    trading,
    vendor,
    venue,
    vessel_calls,
)
from exchange.portal.examples.vessel_calls import AT, HERE, say
from exchange.portal.forms import CodeForm, FeesForm
from exchange.portal.pieces import Link, Progress, Shell
from exchange.portal.theme import chosen_theme
from exchange.templatetags.content_words import PURPOSES
from exchange.templatetags.trading_words import TERRITORIES


class OrderExample(forms.Form):
    """The fields of an order, one of each kind."""

    purpose = forms.ChoiceField(
        label=_("Purpose"),
        choices=list(PURPOSES.items()),
        help_text=_("What you will use the data for. It goes into the contract."),
    )
    territory = forms.MultipleChoiceField(
        label=_("Territory"),
        choices=list(TERRITORIES.items())[:3],
        widget=forms.CheckboxSelectMultiple,
    )
    count = forms.IntegerField(label=_("Volume"), min_value=1, required=False)
    signed = forms.BooleanField(label=_("I may sign for my organisation"))


class VerifyExample(forms.Form):
    """The fields of a verification."""

    code = forms.CharField(label=_("Code"), required=False)
    file = forms.FileField(label=_("File"), required=False)


class QuoteExample(forms.Form):
    """The fields of a counter-quote."""

    price = forms.DecimalField(label=_("Price"), min_value=0, decimal_places=2)
    note = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


Contents = Callable[[], dict[str, Any]]
PAGES: dict[str, tuple[str, Contents]] = {
    "home": ("home.html", lambda: {"page": public.home()}),
    "catalogue": ("catalogue.html", lambda: {"page": public.catalogue()}),
    "catalogue-empty": ("catalogue.html", lambda: {"page": public.catalogue_empty()}),
    "product": ("product.html", lambda: {"page": public.product()}),
    "problem": ("problem.html", lambda: {"page": public.problem()}),
    "verify": ("verify.html", lambda: {"page": public.verified(), "form": VerifyExample()}),
    "verify-failed": (
        "verify.html",
        lambda: {"page": public.not_verified(), "form": VerifyExample()},
    ),
    "products": ("vendor_products.html", lambda: {"page": vendor.products()}),
    "products-empty": ("vendor_products.html", lambda: {"page": vendor.products_empty()}),
    "version": ("version.html", lambda: {"page": vendor.blocked(), **vendor.version_forms()}),
    "draft": ("draft.html", vendor.draft),
    "product-new": ("product_new.html", vendor.new_product),
    "rights": ("rights.html", vendor.rights),
    "rights-empty": ("rights.html", vendor.rights_empty),
    "sponsorships": ("sponsorships.html", vendor.sponsorships),
    "sponsorships-empty": ("sponsorships.html", vendor.sponsorships_empty),
    "records": ("personal_records.html", persons.records),
    "records-empty": ("personal_records.html", persons.records_empty),
    "record-new": ("personal_record_new.html", persons.new_record),
    "record": ("personal_record.html", persons.record),
    "version-listed": ("version.html", lambda: {"page": vendor.listed()}),
    "queue": ("queue.html", lambda: {"page": review.queue()}),
    "queue-empty": ("queue.html", lambda: {"page": review.queue_empty()}),
    "review": ("review.html", lambda: {"page": review.decision(), **review.forms()}),
    "review-checker": ("review.html", lambda: {"page": review.checking(), **review.forms()}),
    "decision": ("decision.html", lambda: {"page": desk.decision()}),
    "law": ("law.html", lambda: {"page": desk.law()}),
    "statistics": ("statistics.html", desk.statistics),
    "ends": ("ends.html", lambda: {"page": desk.ends()}),
    "ends-empty": ("ends.html", lambda: {"page": desk.ends_empty()}),
    "attestations": ("attestations.html", desk.attestations),
    "absences": ("absences.html", lambda: {"page": review.absences(), **review.absence_form()}),
    "checklists": ("checklists.html", author.checklists),
    "checklist": ("checklist.html", author.checklist),
    "checklist-item": ("item.html", author.item),
    "trial": ("trial.html", author.trial),
    "checklist-differences": ("checklist_differences.html", author.differences),
    "applications": ("applications.html", lambda: {"page": venue.applications()}),
    "applications-empty": ("applications.html", lambda: {"page": venue.applications_empty()}),
    "application": ("application.html", lambda: {"page": venue.application(), "form": CodeForm()}),
    "tokens": ("tokens.html", venue.tokens),
    "tokens-empty": ("tokens.html", venue.tokens_empty),
    "fees": ("fees.html", lambda: {"page": venue.fees(), "form": FeesForm()}),
    "fees-empty": ("fees.html", lambda: {"page": venue.fees_empty()}),
    "order-form": (
        "order_form.html",
        lambda: {"page": trading.order_form(passes=True), "form": OrderExample()},
    ),
    "order-form-refused": (
        "order_form.html",
        lambda: {
            "page": trading.order_form(passes=False),
            "form": OrderExample({"purpose": "marketing", "count": "-3"}),
        },
    ),
    "orders": ("orders.html", lambda: {"page": trading.orders()}),
    "orders-empty": ("orders.html", lambda: {"page": trading.orders_empty()}),
    "order": ("order.html", lambda: {"page": trading.order_refused()}),
    "order-waiting": ("order.html", lambda: {"page": trading.order_waiting()}),
    "negotiation": (
        "negotiation.html",
        lambda: {"page": trading.negotiation(), "form": QuoteExample()},
    ),
    "trade": ("trade.html", lambda: {"page": trading.trade()}),
    "trade-disputed": ("trade.html", lambda: {"page": trading.trade_disputed()}),
    "statement": ("statement.html", lambda: {"page": trading.statement()}),
    "error": ("error.html", lambda: {"problem": public.refusal()}),
    "400": ("400.html", dict),
    "403": ("403.html", dict),
    "404": ("404.html", dict),
    "409": ("409.html", dict),
    "422": ("422.html", dict),
    "500": ("500.html", dict),
}


def _pieces() -> dict[str, Any]:
    done = Progress(say("Re-screening", "重新审查"), "done", 1_284, 1_284)
    failed = Progress(
        say("Settlement run", "结算批次"),
        "failed",
        340,
        500,
        reason=say("The bank does not answer.", "银行没有应答。"),
    )
    return {
        "badges": (vessel_calls.badge(), *[row.badge for row in public.rows()[2:3]]),
        "findings": (
            vessel_calls.prohibited(),
            vessel_calls.restricted(),
            vessel_calls.unknown(),
            vessel_calls.caution(),
        ),
        "gates": (
            vessel_calls.gate_passed(),
            vessel_calls.gate_waiting(),
            vessel_calls.gate_failed(),
        ),
        "split": vessel_calls.split(),
        "paths": (vessel_calls.path(7), vessel_calls.path(2, stopped=True)),
        "timeline": vessel_calls.timeline(),
        "deadlines": tuple(vessel_calls.deadline("confirm", days) for days in (9, 3, 1, 0, -2)),
        "progresses": (vendor.running(), done, failed),
        "total": vessel_calls.total(120_000),
        "file": vessel_calls.file(),
        "hash": vessel_calls.HASH,
        "amounts": (
            vessel_calls.yuan(500_000),
            vessel_calls.yuan(-12_345_678),
            vessel_calls.yuan(1),
        ),
        "at": vessel_calls.ago(3),
        "states": ("DRAFT", "LISTED", "IN_REVIEW", "SUSPENDED", "REFUSED", "DISPUTED", "EXPIRED"),
        "empty": public.catalogue_empty().empty,
        "refusal": trading.order_refused().refusal,
        "facets": public.facets(),
        "form": OrderExample({"purpose": "999", "count": "0"}),
        "plans": public.plans(),
        "pages": tuple(PAGES),
    }


def _shell(request: HttpRequest) -> Shell:
    return Shell(
        at=AT,
        theme=chosen_theme(request),
        person=say("Li Wen", "李雯"),
        organisation=vessel_calls.buyer(),
        menu=(
            Link(say("Orders", "订单"), HERE, 2),
            Link(say("Trades", "交易"), HERE),
            Link(say("Statement", "结算单"), HERE),
        ),
        simulated=True,
    )


def gallery(request: HttpRequest, name: str = "") -> HttpResponse:
    """Show the pieces, or the page `name`, with made-up contents."""
    if not settings.DEBUG or (name and name not in PAGES):
        raise Http404
    template, contents = PAGES[name] if name else ("gallery.html", _pieces)
    # Forms and dates are lazy: the zone is the venue's, whoever looks.
    with timezone.override(timezone.get_default_timezone()):
        return render(request, template, {"shell": _shell(request), **contents()})

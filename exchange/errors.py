"""Refusals of orders and trades. Invariant: each names its fact once."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class OrderRefused(DomainError):
    code, title, status = "order-refused", _("The order is not cleared"), 422
    way_out = _("See what each finding asks for; an order can be placed again at any time.")


class PlanNotOffered(DomainError):
    code, title, status = "plan-not-offered", _("This plan is not on offer"), 404


class SampleWithheld(DomainError):
    code, title, status = "sample-withheld", _("This sample is not for everybody to read"), 403
    way_out = _("Ask the vendor for a sample in which the scan finds nobody.")


class OvertakenByChange(DomainError):
    code, title, status = "overtaken-by-change", _("What the order rests on has just changed"), 409
    way_out = _("Send it again: it is judged on what stands now.")


class PriceUnknown(DomainError):
    code, title, status = "price-unknown", _("The plan has no price to order at"), 409
    way_out = _("Ask the vendor for a quote: order it as negotiated.")


class TermsIncomplete(DomainError):
    code, title, status = "terms-incomplete", _("The order leaves out a term"), 400


class QuoteOutdated(DomainError):
    code, title, status = "quote-outdated", _("There is a newer quote"), 409
    way_out = _("Read the newest quote and answer that one.")


class NotYourTurn(DomainError):
    code, title, status = "not-your-turn", _("It is the other side's turn"), 409
    way_out = _("You may cancel, or wait for the other side's answer.")


class AnswerOverdue(DomainError):
    code, title, status = "answer-overdue", _("The time to answer has passed"), 409
    way_out = _("The buyer can order again.")


class DisputeTooLate(DomainError):
    code, title, status = "dispute-too-late", _("The inspection window has passed"), 409


class RefundTooLarge(DomainError):
    code, title, status = "refund-too-large", _("The refund is more than what is held"), 409

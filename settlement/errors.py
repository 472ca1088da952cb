"""Refusals of the money floor. Invariant: each has one code, one title and one status, for ever."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class InsufficientFunds(DomainError):
    code, title, status = "insufficient-funds", _("There is not enough money for this"), 409
    way_out = _("Pay in to the organisation's custody account and try again.")


class PlanCannotPay(DomainError):
    code, title, status = "plan-cannot-pay", _("The revenue split cannot be paid"), 409
    way_out = _("Agree on a higher price, or on a plan with lower fixed amounts.")


class FeeScheduleMissing(DomainError):
    code, title, status = "fee-schedule-missing", _("No fee schedule is in force"), 409
    way_out = _("The venue has to set one for this currency.")


class FeeScheduleInvalid(DomainError):
    code, title, status = "fee-schedule-invalid", _("The fee schedule cannot be used"), 400


class BackdatedSchedule(DomainError):
    code, title, status = (
        "fee-schedule-backdated",
        _("A fee schedule cannot begin before now or before a later one"),
        409,
    )
    way_out = _("Let it begin later.")


class ReferenceReused(DomainError):
    code, title, status = "reference-reused", _("This reference was used for another posting"), 409
    way_out = _("Use a new reference for new money.")


class HoldNotOpen(DomainError):
    code, title, status = "hold-not-open", _("The money is no longer held"), 409


class HoldTooSmall(DomainError):
    code, title, status = "hold-too-small", _("Less than this is held"), 409


class SettlementUnderWay(DomainError):
    code, title, status = "settlement-under-way", _("This trade is being settled"), 409
    way_out = _("Wait until it is settled; a refund after settlement is a matter of its own.")


class NothingToPay(DomainError):
    code, title, status = "nothing-to-pay", _("Nobody is owed anything in this currency"), 409


class AmountTooLarge(DomainError):
    code, title, status = "amount-too-large", _("The amount does not fit in 64 bits"), 409


class AccountMissing(DomainError):
    code, title, status = "account-missing", _("There is no such account"), 409
    way_out = _("Open the organisation's accounts in this currency first.")


class BankUnavailable(DomainError):
    code, title, status = "bank-unavailable", _("The bank does not answer"), 503
    way_out = _("Nothing is lost: what was instructed is sent again.")


class BankEntryDiffers(DomainError):
    code, title, status = (
        "bank-entry-differs",
        _("The bank's entry is not of this payout or deposit"),
        409,
    )
    way_out = _("Name a payout under way, or an unmatched deposit, of the same amount.")


class BankRefused(DomainError):
    code, title, status = "bank-refused", _("The bank did not take the instruction"), 409


class BankEntryChanged(DomainError):
    code, title, status = (
        "bank-entry-changed",
        _("The bank states an entry differently than before"),
        409,
    )
    way_out = _("Ask the bank which is right; nothing of this statement was booked.")

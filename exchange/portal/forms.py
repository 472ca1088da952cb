"""What a reader fills in. Invariant: a form checks shapes; a service decides."""

import re
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.actors import ORGANISATION_ROLES, VENUE_ROLES
from core.money import CURRENCIES, MAX_MINOR, Money, MoneyError, parse_minor, ungrouped
from exchange.templatetags.content_words import FORMS, PURPOSES
from exchange.templatetags.countries import chinese
from exchange.templatetags.portal import amount_text, countries
from exchange.templatetags.trading_words import (
    ACTS,
    CAPACITIES,
    ORGANISATION_KINDS,
    PRICE_REASONS,
    ROLES,
    TERRITORIES,
)
from listings.content.vocabulary import INDUSTRIES
from settlement.fees import BUYER, SIDES, VENDOR

PLACES = [(code, word) for code, word in TERRITORIES.items() if code != "*"]
ANY = ("", gettext_lazy("Any"))
MOST_DAYS = 3660
MOST_COUNT = 10**12
# No book of the venue has a line outside these days, and no time zone carries them out of range.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")


class KeyedForm(forms.Form):
    """A form whose click has one effect: `key` is made with the page."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    def field_at(self, path: str) -> str:
        """Return the field that shows what a refusal calls `path`, or ""."""
        shown = (path, path.removesuffix("_id"), path.removesuffix("_minor"))
        return next((name for name in shown if name in self.fields), "")


class AmountField(forms.CharField):
    """An amount as people write it; the currency of its form says what its minor unit is."""

    def __init__(self, label: Any, **more: Any) -> None:
        attributes = {"inputmode": "decimal", "autocomplete": "off", "class": "amount"}
        super().__init__(
            label=label, max_length=24, widget=forms.TextInput(attrs=attributes), **more
        )


class MoneyForm(KeyedForm):
    """A form with amounts in one currency, which the page says and never the one who posts.

    What was typed means nothing without it: 5 is five yen or five yuan.
    """

    amounts: tuple[str, ...] = ()

    def __init__(self, *given: Any, currency: str = "CNY", **more: Any) -> None:
        super().__init__(*given, **more)
        self.currency = currency

    def clean(self) -> dict[str, Any]:
        """Read every amount in the currency of the form; only a field left empty is no amount."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in self.amounts:
            text = cleaned.get(name, "")
            if name in self.errors or not text:
                cleaned[name] = None
                continue
            try:
                cleaned[name] = parse_minor(ungrouped(text), self.currency)
            except MoneyError:
                self.add_error(name, bad_amount(self.currency))
                continue
            if not 0 <= cleaned[name] <= MAX_MINOR:
                self.add_error(name, bad_amount(self.currency))
        return cleaned


def bad_amount(currency: str) -> str:
    """Return what is wrong with an amount that cannot be read, in the reader's language."""
    decimals = CURRENCIES[currency]
    if not decimals:
        return _("must be a whole amount, not below zero, in the digits 0 to 9")
    return _(
        "must be an amount with at most %(n)s decimals, not below zero, in the digits 0 to 9"
    ) % {"n": decimals}


class StatementField(forms.TypedChoiceField):
    """Yes, no, or nothing said."""

    def __init__(self, **more: Any) -> None:
        choices = [("", gettext_lazy("Not stated")), ("no", gettext_lazy("no"))]
        super().__init__(
            choices=[*choices, ("yes", gettext_lazy("yes"))],
            coerce=lambda text: text == "yes",
            required=False,
            empty_value=None,
            **more,
        )

    def prepare_value(self, value: Any) -> Any:
        """Return the word for what was said before."""
        return {True: "yes", False: "no"}.get(value, value) if value is not None else ""


class OrderForm(KeyedForm):
    """What a buyer says when ordering."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("Purpose"),
        choices=list(PURPOSES.items()),
        help_text=gettext_lazy("What you will use the data for. It goes into the contract."),
    )
    territory = forms.ChoiceField(label=gettext_lazy("Territory"), choices=PLACES, initial="CN-SH")
    term_days = forms.IntegerField(
        label=gettext_lazy("Term in days"), min_value=1, max_value=MOST_DAYS, initial=30
    )
    volume = forms.IntegerField(
        label=gettext_lazy("Volume"), min_value=1, max_value=MOST_COUNT, initial=1
    )
    redistribution = forms.BooleanField(label=gettext_lazy("We pass the data on"), required=False)
    derivation = forms.BooleanField(label=gettext_lazy("We make products from it"), required=False)
    foreign_judicial_request = StatementField(
        label=gettext_lazy("For a foreign court or law enforcement body"),
        help_text=gettext_lazy("Asked where you or the territory lie outside the mainland."),
    )
    label = forms.CharField(label=gettext_lazy("Your project"), max_length=60, required=False)


class QuoteForm(MoneyForm):
    """A price for the whole order, and a word with it."""

    price = AmountField(gettext_lazy("Price"), help_text=gettext_lazy("For the whole order."))
    note = forms.CharField(
        label=gettext_lazy("Note"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=500,
    )
    amounts = ("price",)


class ReasonForm(KeyedForm):
    """Why something is done that needs a reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


class DecisionForm(MoneyForm):
    """How a dispute ends: what the buyer gets back, up to the price, and why."""

    refund = AmountField(gettext_lazy("Refund to the buyer"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    amounts = ("refund",)

    def __init__(self, *given: Any, most: Money | None = None, **more: Any) -> None:
        super().__init__(*given, **more)
        if most is not None:
            self.fields["refund"].help_text = _(
                "From 0 to %(price)s, the whole price. The rest is settled with the vendor."
            ) % {"price": amount_text(most)}


class DemandForm(MoneyForm):
    """What a buyer needs, for everybody admitted to read."""

    title = forms.CharField(
        label=gettext_lazy("What you need, in one line"), max_length=120, min_length=2
    )
    words = forms.CharField(
        label=gettext_lazy("Words to look for"),
        max_length=300,
        help_text=gettext_lazy("Separated by spaces, in Chinese or English; at most ten count."),
    )
    industry = forms.ChoiceField(label=gettext_lazy("Industry"), required=False)
    form = forms.ChoiceField(
        label=gettext_lazy("Form"), choices=[ANY, *FORMS.items()], required=False
    )
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), choices=list(PURPOSES.items()))
    territory = forms.ChoiceField(label=gettext_lazy("Territory"), choices=PLACES, initial="CN-SH")
    price_limit = AmountField(
        gettext_lazy("Price limit"),
        required=False,
        help_text=gettext_lazy("Nothing: any price. Vendors can read it."),
    )
    amounts = ("price_limit",)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        named = [(code, row[2] if chinese() else row[3]) for code, row in INDUSTRIES.items()]
        self.fields["industry"].choices = [ANY, *named]  # type: ignore[attr-defined]


class AnswerForm(MoneyForm):
    """A vendor's quote for a demand: which of its plans, at what price for the whole."""

    plan = forms.ChoiceField(label=gettext_lazy("Your plan"))
    price = AmountField(gettext_lazy("Price for the whole"))
    price_reason = forms.ChoiceField(
        label=gettext_lazy("Why it differs from your price"),
        choices=[("", gettext_lazy("It does not differ")), *PRICE_REASONS.items()],
        required=False,
        help_text=gettext_lazy("Equal buyers get equal terms, unless there is a reason by law."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=500,
    )
    amounts = ("price",)

    def __init__(self, *given: Any, plans: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["plan"].choices = plans  # type: ignore[attr-defined]


class PickForm(KeyedForm):
    """How much of it, and for how long, when a vendor's quote is picked."""

    term_days = forms.IntegerField(
        label=gettext_lazy("Term in days"), min_value=1, max_value=MOST_DAYS, initial=30
    )
    volume = forms.IntegerField(
        label=gettext_lazy("Volume"), min_value=1, max_value=MOST_COUNT, initial=1
    )


def day_field(label: Any, **more: Any) -> forms.DateField:
    """Return a field for a day that any book of the venue can hold, whatever its zone."""
    bounds = {"min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date", **bounds}, format="%Y-%m-%d"),
        validators=[
            MinValueValidator(FIRST_DAY, gettext_lazy("must not be before %(limit_value)s")),
            MaxValueValidator(LAST_DAY, gettext_lazy("must not be after %(limit_value)s")),
        ],
        **more,
    )


class SpanForm(forms.Form):
    """Which account, and from which day to which, both included."""

    account = forms.CharField(widget=forms.HiddenInput, required=False, max_length=24)
    since = day_field(gettext_lazy("From"))
    until = day_field(gettext_lazy("To"))

    def clean(self) -> dict[str, Any]:
        """Check that the span does not end before it begins."""
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("must not be before the first day"))
        return cleaned


class PercentField(forms.CharField):
    """A share as people write it, in per cent; what comes out is basis points."""

    def __init__(self, label: Any, **more: Any) -> None:
        attributes = {"inputmode": "decimal", "autocomplete": "off", "class": "amount"}
        super().__init__(
            label=label, max_length=12, widget=forms.TextInput(attrs=attributes), **more
        )

    def clean(self, value: Any) -> int:
        """Return the basis points; nothing is none."""
        text = super().clean(value).rstrip("%％ ")
        if not text:
            return 0
        if not PERCENT.fullmatch(text) or float(text) > 100:
            raise forms.ValidationError(_("must be from 0 to 100, with at most 2 decimals"))
        whole, _point, part = text.partition(".")
        return int(whole) * 100 + int(part.ljust(2, "0"))


class FeesForm(MoneyForm):
    """What the venue charges from a day on: each side a rate, at least and at most so much."""

    effective_from = day_field(gettext_lazy("From the beginning of"))
    vendor_rate = PercentField(
        gettext_lazy("Vendor's fee in per cent"),
        required=False,
        help_text=gettext_lazy("Taken out of the price. Nothing: no fee."),
    )
    vendor_floor = AmountField(gettext_lazy("Vendor's fee at least"), required=False)
    vendor_cap = AmountField(gettext_lazy("Vendor's fee at most"), required=False)
    buyer_rate = PercentField(
        gettext_lazy("Buyer's fee in per cent"),
        required=False,
        help_text=gettext_lazy("Paid on top of the price. Nothing: no fee."),
    )
    buyer_floor = AmountField(gettext_lazy("Buyer's fee at least"), required=False)
    buyer_cap = AmountField(gettext_lazy("Buyer's fee at most"), required=False)
    amounts = ("vendor_floor", "vendor_cap", "buyer_floor", "buyer_cap")

    def clean(self) -> dict[str, Any]:
        """Check that no fee has its most under its least."""
        cleaned = super().clean()
        for side in SIDES:
            floor, cap = cleaned.get(f"{side}_floor"), cleaned.get(f"{side}_cap")
            if cap is not None and cap < (floor or 0):
                self.add_error(f"{side}_cap", _("must not be under what is charged at least"))
        return cleaned

    def lines(self) -> list[dict[str, Any]]:
        """Return the fees as a schedule states them; a side without any has no line."""
        given = self.cleaned_data
        return [
            {
                "side": side,
                "base": "price",
                "rate_bp": given[f"{side}_rate"],
                "floor_minor": given[f"{side}_floor"] or 0,
                "cap_minor": given[f"{side}_cap"],
            }
            for side in (VENDOR, BUYER)
            if given[f"{side}_rate"] or given[f"{side}_floor"]
        ]


class CountryField(forms.ChoiceField):
    """A country or region; its code may come in small letters."""

    def to_python(self, value: Any) -> str:
        """Return the code in capitals."""
        return str(super().to_python(value)).upper()


class ApplyForm(KeyedForm):
    """An organisation as its register knows it."""

    name_zh = forms.CharField(label=gettext_lazy("Chinese name"), max_length=200, required=False)
    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=200, required=False)
    country = CountryField(label=gettext_lazy("Country"), initial="CN")
    registry_number = forms.CharField(
        label=gettext_lazy("Registry number"),
        max_length=64,
        help_text=gettext_lazy("In China the unified social credit code, 18 characters."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=list(ORGANISATION_KINDS.items()))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["country"].choices = countries()  # type: ignore[attr-defined]


class CodeForm(KeyedForm):
    """The short name by which commands and lists name an organisation."""

    code = forms.CharField(
        label=pgettext_lazy("organisation", "Code"),
        max_length=32,
        required=False,
        help_text=gettext_lazy(
            "Short, to type: letters, digits and hyphens. Commands find the organisation by it."
        ),
    )


class CapacityForm(KeyedForm):
    """What an organisation asks to be admitted as."""

    kind = forms.ChoiceField(label=gettext_lazy("Capacity"))

    def __init__(self, *given: Any, kinds: Sequence[str], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["kind"].choices = [(kind, CAPACITIES[kind]) for kind in kinds]  # type: ignore[attr-defined]


class InviteForm(MoneyForm):
    """Who is asked in, to do what, and up to which amount it may sign."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), widget=forms.CheckboxSelectMultiple
    )
    signing_limit = AmountField(
        gettext_lazy("May sign up to"),
        required=False,
        help_text=gettext_lazy("Nothing: any amount."),
    )
    amounts = ("signing_limit",)

    def __init__(self, *given: Any, venue: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        named = [(role, ROLES[role]) for role in (VENUE_ROLES if venue else ORGANISATION_ROLES)]
        self.fields["roles"].choices = named  # type: ignore[attr-defined]


class TokenForm(KeyedForm):
    """A token's name, what a program may do with it, and for how long."""

    label = forms.CharField(
        label=gettext_lazy("Name of the token"),
        max_length=100,
        help_text=gettext_lazy("What uses it, so that you know what stops when you revoke it."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"), widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(
        label=gettext_lazy("Good for how many days"), min_value=1, max_value=366, initial=90
    )

    def __init__(self, *given: Any, acts: Sequence[str], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["scopes"].choices = [(one, ACTS[one]) for one in acts]  # type: ignore[attr-defined]


class VerifyForm(forms.Form):
    """A contract by its SHA-256, or by its file, which is hashed and not kept."""

    code = forms.CharField(
        label=gettext_lazy("SHA-256 of the contract"), max_length=64, required=False
    )
    file = forms.FileField(label=gettext_lazy("File"), required=False)

    def clean(self) -> dict[str, Any]:
        """Check that there is something to verify."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned.get("code") and not cleaned.get("file"):
            self.add_error("code", _("give the hash or the file"))
        return cleaned

    def hash_asked(self) -> str:
        """Return the hash that was typed, else that of the file."""
        file = self.cleaned_data.get("file")
        if not file:
            return str(self.cleaned_data["code"]).strip().lower()
        digest = sha256()
        for chunk in file.chunks():
            digest.update(chunk)
        return digest.hexdigest()

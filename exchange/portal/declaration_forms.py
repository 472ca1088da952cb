"""Forms of declarations, reports, keys and cases. Invariant: a form checks shapes."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.portal.forms import KeyedForm
from exchange.portal.vendor_forms import DeclarationForm

MOST_DOCUMENT = 64 * 1024


def _text(label: Any, *, most: int, rows: int = 4, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


class OutsideForm(DeclarationForm):
    """The same statements, and the key of one's own that will sign them."""

    thumbprint = forms.ChoiceField(label=gettext_lazy("Your key"))

    def __init__(self, *given: Any, keys: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["thumbprint"].choices = keys  # type: ignore[attr-defined]


class SignedForm(KeyedForm):
    """The document as it was given out, and the signature over it."""

    document = forms.FileField(
        label=gettext_lazy("The document as it was given out"),
        help_text=gettext_lazy("The JSON file, unchanged."),
    )
    signature = _text(
        gettext_lazy("Signature"),
        most=8192,
        rows=3,
        help_text=gettext_lazy(
            "A detached JWS, or the signature itself in base64 or hexadecimal, over the bytes of "
            "the file."
        ),
    )

    def clean_document(self) -> Any:
        """Return the JSON object in the file."""
        file = self.cleaned_data["document"]
        if file.size > MOST_DOCUMENT:
            raise forms.ValidationError(_("is larger than any that was given out"))
        try:
            found = json.loads(file.read())
        except (ValueError, RecursionError):
            raise forms.ValidationError(_("is no JSON document")) from None
        finally:
            # It is hashed once more, for the click to have one effect.
            file.seek(0)
        if not isinstance(found, dict):
            raise forms.ValidationError(_("is no JSON document"))
        return found


class ReportForm(KeyedForm):
    """A report: on which product, as evidence of what, and its file."""

    product = forms.CharField(
        label=gettext_lazy("Code of the product"),
        max_length=20,
        help_text=gettext_lazy("It stands on the product's page, such as DP-000123."),
    )
    evidence = forms.ChoiceField(label=gettext_lazy("What it is evidence of"))
    title = forms.CharField(label=gettext_lazy("Title of the report"), max_length=200)
    file = forms.FileField(label=gettext_lazy("File"))

    def __init__(self, *given: Any, kinds: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["evidence"].choices = kinds  # type: ignore[attr-defined]

    def field_at(self, path: str) -> str:
        """Return the field of a path: `key` is that of the click here."""
        return "evidence" if path == "key" else super().field_at(path)


class SigningKeyForm(KeyedForm):
    """A public key of one's own, and its first signature."""

    jwk = _text(
        gettext_lazy("Public key as JWK"),
        most=8192,
        required=False,
        help_text=gettext_lazy("Ed25519 or P-256. Never the private key."),
    )
    certificate = _text(
        gettext_lazy("Or an X.509 certificate"),
        most=20_000,
        required=False,
        help_text=gettext_lazy("In PEM; it begins with -----BEGIN CERTIFICATE-----."),
    )
    proof = _text(
        gettext_lazy("Signature over the text above"),
        most=8192,
        rows=3,
        help_text=gettext_lazy("Made with the private key: it shows that you hold it."),
    )

    def clean_jwk(self) -> Any:
        """Return the JSON object that was typed; None where nothing was."""
        text = self.cleaned_data["jwk"].strip()
        if not text:
            return None
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise forms.ValidationError(_("is no JSON Web Key")) from None


class BreachForm(KeyedForm):
    """What is untrue in a declaration, and what that rests on."""

    statements = forms.MultipleChoiceField(
        label=gettext_lazy("Statements found untrue"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = _text(gettext_lazy("What was found"), most=4000)
    evidence = _text(
        gettext_lazy("What it rests on"),
        most=4000,
        help_text=gettext_lazy("Who says so, which paper or which look at the data, and when."),
    )
    file = forms.FileField(label=gettext_lazy("File"), required=False)

    def __init__(self, *given: Any, statements: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["statements"].choices = statements  # type: ignore[attr-defined]


class AnswerBreachForm(KeyedForm):
    """What the one concerned says to a case."""

    answer = _text(gettext_lazy("Your answer"), most=4000, rows=6)


class DecideBreachForm(KeyedForm):
    """Why a case is confirmed or dismissed."""

    decision = _text(gettext_lazy("Why"), most=4000)

"""Input types of the house. Invariant: nothing unknown, unbounded or unprintable gets past them."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from core.actors import (
    CAPACITIES,
    ORGANISATION_KINDS,
    ORGANISATION_ROLES,
    PERMISSIONS,
    VENUE_ROLES,
)
from core.money import CURRENCIES, MAX_MINOR

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)


class Input(serializers.Serializer):
    """What a request may say; a field that is not declared is refused by name."""

    def to_internal_value(self, data: Any) -> Any:
        """Check that `data` is an object of declared fields only, then each field."""
        if isinstance(data, Mapping):
            unknown = sorted(str(name) for name in data if name not in self.fields)
            if unknown:
                raise serializers.ValidationError({name: [_("unknown field")] for name in unknown})
        return super().to_internal_value(data)


class Output(serializers.Serializer):
    """What an answer says. It renders plain dictionaries, dataclasses and model rows."""


class WholeNumberIn(serializers.IntegerField):
    """A whole number written as a number: no text, no fraction, no true or false."""

    def to_internal_value(self, data: Any) -> int:
        """Return `data` if it is a whole number within the bounds."""
        if type(data) is not int:
            raise serializers.ValidationError(_("must be a whole number"))
        return super().to_internal_value(data)


class MinorIn(WholeNumberIn):
    """Money in minor units, not negative, 64 bits."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("max_value", MAX_MINOR)
        super().__init__(**kwargs)


class CountIn(WholeNumberIn):
    """A count from 0 to 10^12 unless bounded closer."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("max_value", 10**12)
        super().__init__(**kwargs)


class QueryCountIn(serializers.IntegerField):
    """A count in a query string, where everything is text."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("max_value", 10**12)
        super().__init__(**kwargs)


class TextIn(serializers.CharField):
    """Text of at most 2,000 characters unless bounded closer, without NUL or lone surrogates."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 2000)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Return `data` if it is text that UTF-8 can carry."""
        if not isinstance(data, str):
            raise serializers.ValidationError(_("must be text"))
        return super().to_internal_value(data)


class DayIn(serializers.DateField):
    """A day between 2000 and 2099: no time zone carries it out of range."""

    def to_internal_value(self, value: Any) -> date:
        """Return `value` if it is a day within the bounds."""
        if not isinstance(value, str):
            raise serializers.ValidationError(_("must be a day, as 2026-11-28"))
        day: date = super().to_internal_value(value)
        if not 2000 <= day.year <= 2099:
            raise serializers.ValidationError(_("must lie between 2000 and 2099"))
        return day


class CodeIn(serializers.RegexField):
    """A short code of letters, digits and `. _ : * -`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        super().__init__(r"^[A-Za-z0-9._:*-]+$", **kwargs)


class MomentIn(serializers.DateTimeField):
    """A moment between the years 1900 and 2999.

    From there no span and no time zone leads out of what a calendar of Python can hold.
    """

    def to_internal_value(self, data: Any) -> datetime:
        """Return `data` if it is such a moment."""
        found = super().to_internal_value(data)
        if not EARLIEST <= found <= LATEST:
            raise serializers.ValidationError(_("must lie between the years 1900 and 2999"))
        return found


class SwitchIn(serializers.BooleanField):
    """true or false, written so."""

    def to_internal_value(self, data: Any) -> bool:
        """Return `data` if it is true or false."""
        if not isinstance(data, bool):
            raise serializers.ValidationError(_("must be true or false"))
        return data


class CurrencyIn(serializers.ChoiceField):
    """A currency that the ledger keeps."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=sorted(CURRENCIES), **kwargs)


class DocumentIn(serializers.JSONField):
    """A JSON document: at most 256 kB, 12 levels deep, without NUL or lone surrogates."""

    max_bytes, max_depth = 256 * 1024, 12

    def to_internal_value(self, data: Any) -> Any:
        """Return `data` if it is within the bounds."""
        problem = document_problem(data, self.max_depth)
        if not problem:
            try:
                size = len(json.dumps(data, ensure_ascii=False).encode())
            except (UnicodeEncodeError, ValueError):
                problem = _("holds characters that UTF-8 cannot carry")
            else:
                if size > self.max_bytes:
                    problem = _("is larger than %(n)s bytes") % {"n": self.max_bytes}
        if problem:
            raise serializers.ValidationError(problem)
        return data


def document_problem(value: Any, depth: int) -> str:
    """Return what is wrong with a JSON value, or ""."""
    if depth < 0:
        return _("is nested too deeply")
    if isinstance(value, str):
        return _("holds a NUL character") if "\x00" in value else ""
    if isinstance(value, Mapping):
        parts = [*value.keys(), *value.values()]
    elif isinstance(value, list):
        parts = value
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > MAX_MINOR:
        return _("holds a number over 64 bits")
    else:
        return ""
    return next((p for p in (document_problem(part, depth - 1) for part in parts) if p), "")


class OrganisationIn(Input):
    name_zh = TextIn(max_length=200, required=False, allow_blank=True, default="")
    name_en = TextIn(max_length=200, required=False, allow_blank=True, default="")
    country = serializers.RegexField(r"^[A-Z]{2}$", default="CN")
    registry_number = TextIn(max_length=64)
    kind = serializers.ChoiceField(choices=ORGANISATION_KINDS, default="enterprise")
    foreign_controlled = SwitchIn(required=False, allow_null=True, default=None)
    region = CodeIn(required=False, allow_blank=True, default="", max_length=10)
    zone = CodeIn(required=False, allow_blank=True, default="", max_length=10)


class CapacityIn(Input):
    kind = serializers.ChoiceField(choices=CAPACITIES)


class ReasonIn(Input):
    reason = TextIn(max_length=500, required=False, allow_blank=True, default="")


class InvitationIn(Input):
    email = serializers.EmailField(max_length=254)
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=ORGANISATION_ROLES + VENUE_ROLES),
        min_length=1,
        max_length=10,
    )
    signing_limit_minor = MinorIn(required=False, allow_null=True, default=None)


class InvitationAnswerIn(Input):
    key = TextIn(max_length=100)


class TokenIn(Input):
    label = TextIn(max_length=100)  # type: ignore[assignment]
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=sorted(PERMISSIONS)), min_length=1, max_length=20
    )
    days = CountIn(min_value=1, max_value=366, default=90)


class StepUpIn(Input):
    password = TextIn(
        max_length=128, required=False, allow_blank=True, default="", trim_whitespace=False
    )
    code = CodeIn(max_length=12, required=False, allow_blank=True, default="")


class StepUpOut(Output):
    method = serializers.CharField(help_text="password or mfa")
    at = serializers.DateTimeField()
    valid_until = serializers.DateTimeField()
    secret = serializers.CharField(help_text="to be sent as Step-Up, shown once")


class VenueKeyOut(Output):
    kty = serializers.CharField()
    crv = serializers.CharField()
    x = serializers.CharField(help_text="the public key, base64url")
    kid = serializers.CharField(help_text="the name that seals give")
    use = serializers.CharField()
    alg = serializers.CharField()
    nbf = serializers.IntegerField(allow_null=True, help_text="null: from the beginning")
    exp = serializers.IntegerField(allow_null=True, help_text="when replaced; null: in use")


class VenueKeysOut(Output):
    keys = VenueKeyOut(many=True)


class CapacityOut(Output):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    state = serializers.CharField()


class OrganisationOut(Output):
    id = serializers.UUIDField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    country = serializers.CharField()
    registry_number = serializers.CharField()
    code = serializers.CharField()
    kind = serializers.CharField()
    region = serializers.CharField()
    zone = serializers.CharField()
    is_venue = serializers.BooleanField()
    state = serializers.CharField()
    capacities = serializers.SerializerMethodField()

    def get_capacities(self, organisation: Any) -> list[dict[str, Any]]:
        """Return the capacities that were fetched with the organisation."""
        return [dict(CapacityOut(row).data) for row in organisation.capacities.all()]


class MemberOut(Output):
    user_id = serializers.IntegerField()
    organisation_id = serializers.UUIDField(allow_null=True)
    organisation_state = serializers.CharField()
    is_venue = serializers.BooleanField()
    roles = serializers.ListField(child=serializers.CharField())
    capacities = serializers.ListField(child=serializers.CharField())
    signing_limit_minor = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()


class InvitationOut(Output):
    id = serializers.UUIDField()
    email = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    expires_at = serializers.DateTimeField()


class TokenOut(Output):
    id = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]
    scopes = serializers.ListField(child=serializers.CharField())
    expires_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)
    secret = serializers.CharField(required=False, help_text="shown once, when it is made")
    note = serializers.CharField(
        required=False, help_text="instead of the secret, where the answer is given again"
    )


class EventOut(Output):
    id = serializers.IntegerField()
    subject = serializers.CharField()
    subject_id = serializers.UUIDField()
    verb = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()
    at = serializers.DateTimeField()
    reason = serializers.CharField()


class ProofOut(Output):
    event = serializers.IntegerField()
    index = serializers.IntegerField()
    size = serializers.IntegerField()
    leaf = serializers.CharField(help_text="SHA-256 leaf hash, hexadecimal")
    path = serializers.ListField(child=serializers.CharField())
    root = serializers.CharField()  # type: ignore[assignment]
    signature = serializers.CharField()


class HeadOut(Output):
    size = serializers.IntegerField()
    root = serializers.CharField()  # type: ignore[assignment]
    at = serializers.DateTimeField(allow_null=True)
    key_id = serializers.CharField()
    signature = serializers.CharField()


class ConsistencyIn(Input):
    first = QueryCountIn()
    second = QueryCountIn()


class ConsistencyOut(Output):
    first = serializers.IntegerField()
    second = serializers.IntegerField()
    path = serializers.ListField(child=serializers.CharField())

"""What the API of delivery takes and shows. Invariant: a link's token is shown only in its URL."""

from typing import Any

from rest_framework import serializers

from core.serializers import (
    CountIn,
    Input,
    MomentIn,
    Output,
    QueryCountIn,
    TextIn,
)
from delivery.states import DeletionState, GrantState


class GrantQuery(Input):
    reference = serializers.UUIDField(required=False, help_text="of the trade")
    state = serializers.ChoiceField(choices=GrantState.choices, required=False)
    after = TextIn(required=False, help_text="from `next` of the page before")
    size = QueryCountIn(required=False, min_value=1, max_value=200)


class LinkIn(Input):
    release = serializers.UUIDField()


class WithdrawalIn(Input):
    reason = TextIn(max_length=500)


class OutsideDeliveryIn(Input):
    means = TextIn(max_length=500, help_text="how and where it was handed over")
    delivered_at = MomentIn()
    sha256 = serializers.RegexField(
        r"^[0-9a-f]{64}\Z", required=False, allow_blank=True, default="", max_length=64
    )
    size_bytes = CountIn(required=False, allow_null=True, default=None)


class DenialIn(Input):
    reason = TextIn(max_length=500)


class GrantOut(Output):
    id = serializers.UUIDField()
    reference = serializers.UUIDField(help_text="the trade")
    state = serializers.CharField()
    buyer = serializers.UUIDField(source="buyer_id")
    vendor = serializers.UUIDField(source="vendor_id")
    version = serializers.UUIDField(source="version_id")
    max_downloads = serializers.IntegerField(allow_null=True, help_text="null: no limit")
    download_count = serializers.IntegerField()
    opened_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    inspect_until = serializers.DateTimeField()
    handed_over_at = serializers.DateTimeField(allow_null=True)
    inspection_ended_at = serializers.DateTimeField(allow_null=True)


class OfferedFileOut(Output):
    release = serializers.UUIDField(source="release_id")
    name = serializers.CharField()
    media_type = serializers.CharField()
    size_bytes = serializers.IntegerField()
    sha256 = serializers.CharField()
    published_at = serializers.DateTimeField()
    note = serializers.CharField()


class GrantPageOut(GrantOut):
    files = OfferedFileOut(many=True)


class LinkOut(Output):
    id = serializers.UUIDField()
    grant = serializers.UUIDField()
    release = serializers.UUIDField()
    url = serializers.CharField(help_text="works without signing in, until it expires")
    expires_at = serializers.DateTimeField()
    name = serializers.CharField()
    size_bytes = serializers.IntegerField()
    sha256 = serializers.CharField()


class MeterOut(Output):
    download_count = serializers.IntegerField()
    max_downloads = serializers.IntegerField(allow_null=True)
    request_count = serializers.IntegerField()
    refusal_count = serializers.IntegerField()
    asked_bytes = serializers.IntegerField()
    sent_bytes = serializers.IntegerField()
    receipt_count = serializers.IntegerField()
    first_at = serializers.DateTimeField(allow_null=True)
    last_at = serializers.DateTimeField(allow_null=True)


class OutsideDeliveryOut(Output):
    id = serializers.UUIDField()
    grant = serializers.UUIDField(source="grant_id")
    state = serializers.CharField()
    means = serializers.CharField()
    delivered_at = serializers.DateTimeField()
    sha256 = serializers.CharField()
    size_bytes = serializers.IntegerField(allow_null=True)
    reported_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)


class ReceiptOut(Output):
    id = serializers.UUIDField()
    grant = serializers.UUIDField(source="grant_id")
    document = serializers.JSONField(help_text="what is signed, as canonical JSON (RFC 8785)")
    at = serializers.DateTimeField()
    key_id = serializers.CharField(help_text="which key of the venue signed")
    signature = serializers.SerializerMethodField(help_text="Ed25519, hexadecimal")

    def get_signature(self, receipt: Any) -> str:
        """Return the signature in hexadecimal."""
        return bytes(receipt.signature).hex()


class DeletionQuery(Input):
    state = serializers.ChoiceField(choices=DeletionState.choices, required=False)
    after = TextIn(required=False, help_text="from `next` of the page before")
    size = QueryCountIn(required=False, min_value=1, max_value=200)


class ProofIn(Input):
    statement = TextIn(max_length=4000, help_text="what was deleted or given back, how and when")
    file = serializers.UUIDField(required=False, allow_null=True, default=None)


class ReturnIn(Input):
    reason = TextIn(max_length=500)


class DeletionOut(Output):
    id = serializers.UUIDField()
    grant = serializers.UUIDField(source="grant_id")
    reference = serializers.UUIDField(source="grant.reference", help_text="the trade")
    kind = serializers.CharField(help_text="delete, or recall: give it back")
    ground = serializers.CharField(help_text="why it is asked")
    state = serializers.CharField()
    asked_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    statement = serializers.CharField()
    file = serializers.UUIDField(source="file_id", allow_null=True)
    proved_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    objection = serializers.CharField(help_text="why a proof was returned")
    document = serializers.JSONField(
        allow_null=True, help_text="what the venue signed when it accepted the proof"
    )
    key_id = serializers.CharField()
    signature = serializers.SerializerMethodField(help_text="Ed25519, hexadecimal; empty before")

    def get_signature(self, deletion: Any) -> str:
        """Return the signature in hexadecimal."""
        return bytes(deletion.signature or b"").hex()

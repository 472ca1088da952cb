"""Input and output of the listings' endpoints. Invariant: shapes only; no query and no rule.

What a content document and a plan may say stands in `listings.content`; their schemas here are
made from it.
"""

import hashlib
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.errors import TooLarge
from core.serializers import (
    CodeIn,
    DocumentIn,
    Input,
    MomentIn,
    Output,
    QueryCountIn,
    TextIn,
)
from listings.content import content_schema
from listings.content import vocabulary as v
from listings.content.plan import KINDS, OFFER_MODES, PLANS
from listings.selectors import CatalogueQuery
from listings.services.catalogue import BANDS
from listings.terms import MAX_QUESTION

PRICE_BANDS = ("free", *(name for name, _bound in BANDS), "over", "negotiated")


@extend_schema_field(content_schema())
class ContentIn(DocumentIn):
    """A content document: at most 1 MiB; `listings.content` checks the rest."""

    max_bytes = 1024 * 1024


@extend_schema_field(content_schema())
class ContentField(serializers.JSONField):
    """A content document as it is stored."""


@extend_schema_field(PLANS.schema())
class PlansIn(DocumentIn):
    """The plans of a version; `listings.content` checks them."""


class ProductIn(Input):
    supplier_id = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="empty: the vendor's own data"
    )


class DraftIn(Input):
    content = ContentIn()
    plans = PlansIn()


class FileIn(Input):
    """A file handed in as multipart/form-data."""

    file = serializers.FileField()

    def validate_file(self, file: Any) -> Any:
        """Refuse what is too large, and hash the file for the Idempotency-Key."""
        limit = settings.FILE_UPLOAD_MAX_BYTES
        if file.size > limit:
            raise TooLarge(
                _("The file has %(size)s bytes; at most %(limit)s are taken.")
                % {"size": file.size, "limit": limit},
                limit_bytes=limit,
            )
        file.sha256_of_upload = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        return file


class ReleaseIn(Input):
    kind = serializers.ChoiceField(choices=["data", "sample"])
    file_id = serializers.UUIDField()
    note = TextIn(max_length=500, required=False, allow_blank=True, default="")


class DelistIn(Input):
    reason = TextIn(max_length=500, required=False, allow_blank=True, default="")


class SponsorshipIn(Input):
    supplier_id = serializers.UUIDField()
    mandate_id = serializers.UUIDField(help_text="a file that was handed in")
    valid_until = MomentIn()


class RightsRecordIn(Input):
    supplier_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=["hold", "use", "operate"])
    holder_id = serializers.UUIDField()
    certificate_code = CodeIn(max_length=15, required=False, allow_blank=True, default="")
    proof_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    valid_from = MomentIn()
    valid_until = MomentIn()


class CatalogueIn(Input):
    """What a visitor asks the catalogue."""

    q = TextIn(max_length=MAX_QUESTION, required=False, allow_blank=True, default="")
    section = serializers.ChoiceField(choices=sorted(v.INDUSTRIES), required=False)
    form = serializers.ChoiceField(choices=v.FORMS, required=False)
    grade = serializers.ChoiceField(choices=v.GRADES, required=False)
    data_class = serializers.ChoiceField(choices=v.DATA_CLASSES, required=False)
    offer_mode = serializers.ChoiceField(choices=OFFER_MODES, required=False)
    price_band = serializers.ChoiceField(choices=PRICE_BANDS, required=False)
    purpose = serializers.ChoiceField(choices=v.PURPOSES, required=False)
    territory = serializers.RegexField(f"^({v.TERRITORY})$", required=False, max_length=8)
    vendor = serializers.UUIDField(required=False)


class CataloguePageIn(CatalogueIn):
    after = CodeIn(max_length=400, required=False)
    size = QueryCountIn(min_value=1, max_value=200, required=False)


def catalogue_query(asked: dict[str, Any]) -> CatalogueQuery:
    """Return the question that a validated `CatalogueIn` asks."""
    return CatalogueQuery(**{n: x for n, x in asked.items() if n not in ("after", "size")})


class FileOut(Output):
    id = serializers.UUIDField()
    name = serializers.CharField()
    media_type = serializers.CharField()
    size_bytes = serializers.IntegerField()
    sha256 = serializers.CharField()
    created_at = serializers.DateTimeField()


class PlanOut(Output):
    id = serializers.UUIDField()
    code = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    offer_mode = serializers.ChoiceField(choices=OFFER_MODES)
    price_minor = serializers.IntegerField(allow_null=True)
    currency = serializers.CharField()
    unit = serializers.CharField()
    per_count = serializers.IntegerField(help_text="price_minor is for so many units")
    minimum_count = serializers.IntegerField()
    period_days = serializers.IntegerField(allow_null=True)
    tiers = serializers.ListField(child=serializers.DictField())
    seats = serializers.IntegerField(allow_null=True)
    exclusive = serializers.BooleanField()


class ReleaseOut(Output):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    note = serializers.CharField()
    published_at = serializers.DateTimeField()
    file = FileOut()


class ProductOut(Output):
    id = serializers.UUIDField()
    code = serializers.CharField()
    vendor_id = serializers.UUIDField()
    supplier_id = serializers.UUIDField()
    source_ref = serializers.CharField()
    simulated = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class VersionLineOut(Output):
    """A version as a list shows it."""

    id = serializers.UUIDField()
    product_id = serializers.UUIDField()
    number = serializers.IntegerField()
    state = serializers.CharField()
    title_zh = serializers.CharField()
    title_en = serializers.CharField()
    data_class = serializers.CharField()
    grade = serializers.CharField()
    form = serializers.CharField()
    content_hash = serializers.CharField()
    created_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    listed_at = serializers.DateTimeField(allow_null=True)


class VersionOut(VersionLineOut):
    """A version with all that belongs to it."""

    product = ProductOut()
    content = ContentField()
    plans = PlanOut(many=True)
    releases = ReleaseOut(many=True)


class CardOut(Output):
    """One hit of a search in the catalogue."""

    product_id = serializers.UUIDField()
    version_id = serializers.UUIDField()
    code = serializers.CharField()
    title_zh = serializers.CharField()
    title_en = serializers.CharField()
    summary_zh = serializers.CharField()
    summary_en = serializers.CharField()
    vendor_id = serializers.UUIDField()
    section = serializers.CharField()
    industry = serializers.CharField()
    topic = serializers.CharField()
    form = serializers.CharField()
    grade = serializers.CharField()
    data_class = serializers.CharField()
    price_from_minor = serializers.IntegerField(allow_null=True)
    currency = serializers.CharField()
    price_band = serializers.CharField()
    price_terms = serializers.DictField(
        help_text="what the lowest price is for: kind, price_minor, unit, per_count, period_days"
    )
    offer_modes = serializers.ListField(child=serializers.CharField())
    purposes = serializers.ListField(child=serializers.CharField())
    territories = serializers.ListField(child=serializers.CharField())
    simulated = serializers.BooleanField()
    listed_at = serializers.DateTimeField()


class FacetOut(Output):
    value = serializers.CharField()
    count = serializers.IntegerField()


class CatalogueCountOut(Output):
    """How many hits there are. `capped`: there are more than were counted."""

    count = serializers.IntegerField()
    capped = serializers.BooleanField()
    facets = serializers.DictField(child=FacetOut(many=True))


class OfferOut(CardOut):
    """A product on the market, as a visitor reads it before buying."""

    vendor = serializers.CharField(source="vendor.display_name")
    supplier = serializers.CharField(source="supplier.display_name")
    version_number = serializers.IntegerField(source="version.number")
    content_hash = serializers.CharField(source="version.content_hash")
    content = serializers.SerializerMethodField()
    plans = PlanOut(many=True, source="version.plans")
    samples = serializers.SerializerMethodField()

    @extend_schema_field(content_schema())
    def get_content(self, entry: Any) -> dict[str, Any]:
        """Return the content without what concerns the vendor's side alone."""
        kept = {**entry.version.content}
        kept.pop("allocation", None)
        return kept

    @extend_schema_field(ReleaseOut(many=True))
    def get_samples(self, entry: Any) -> list[dict[str, Any]]:
        """Return the samples among the releases that were fetched with the version."""
        samples = [row for row in entry.version.releases.all() if row.kind == "sample"]
        return list(ReleaseOut(samples, many=True).data)


class SponsorshipOut(Output):
    id = serializers.UUIDField()
    vendor_id = serializers.UUIDField()
    supplier_id = serializers.UUIDField()
    mandate_id = serializers.UUIDField()
    valid_until = serializers.DateTimeField()
    state = serializers.CharField()
    proposed_at = serializers.DateTimeField()


class RightsRecordOut(Output):
    id = serializers.UUIDField()
    supplier_id = serializers.UUIDField()
    kind = serializers.CharField()
    holder_id = serializers.UUIDField()
    certificate_code = serializers.CharField()
    proof_id = serializers.UUIDField(allow_null=True)
    valid_from = serializers.DateTimeField()
    valid_until = serializers.DateTimeField()
    state = serializers.CharField()
    recorded_at = serializers.DateTimeField()

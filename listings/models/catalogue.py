"""The catalogue. Invariant: a row exists only for a version that is listed and cleared.

One narrow row per version: what a search filters, counts and shows, and nothing it may not find.
"""

# Fields and lookups have signatures that Django prescribes.
# ruff: noqa: ARG002

from collections.abc import Iterable
from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Lookup

from core.fields import CurrencyField, MinorField
from listings.models.products import Product, Version

LISTED_ONLY = (
    "PERFORM 1 FROM listings_version v WHERE v.id = NEW.version_id AND v.state = 'LISTED' "
    "FOR SHARE; IF NOT FOUND THEN RAISE EXCEPTION 'only a listed version is in the catalogue' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
)


class TermsField(models.Field):
    """The search terms of a row, a tsvector made by `listings.terms` and not by a dictionary."""

    def db_type(self, connection: Any) -> str:
        """Return the column type."""
        return "tsvector"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        """Return how a list of terms is written into the column."""
        return "array_to_tsvector(%s::text[])"

    def get_prep_value(self, value: Iterable[str]) -> list[str]:
        """Return the terms as the list that the driver sends."""
        return list(value)


@TermsField.register_lookup
class HasAll(Lookup):
    """Match the rows that have every one of some terms."""

    lookup_name = "has_all"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the condition; terms are letters and digits only, so quoting is enough."""
        left, parameters = self.process_lhs(compiler, connection)
        question = " & ".join(f"'{term}'" for term in self.rhs)
        return f"{left} @@ %s::tsquery", (*parameters, question)


class CatalogueEntry(models.Model):
    """What a visitor finds of one listed version while its clearance lives."""

    version = models.OneToOneField(
        Version, on_delete=models.PROTECT, primary_key=True, related_name="entry"
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="entries")
    vendor = models.ForeignKey("core.Organisation", on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey("core.Organisation", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    title_zh = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    summary_zh = models.CharField(max_length=4000, blank=True)
    summary_en = models.CharField(max_length=4000, blank=True)
    section = models.CharField(max_length=1, blank=True)
    industry = models.CharField(max_length=3, blank=True)
    topic = models.CharField(max_length=100, blank=True)
    form = models.CharField(max_length=12)
    grade = models.CharField(max_length=10, blank=True)
    data_class = models.CharField(max_length=10, blank=True)
    price_from_minor = MinorField(null=True, blank=True)
    currency = CurrencyField()
    price_band = models.CharField(max_length=12)
    # What the lowest price is for: kind, price_minor, unit, per_count, period_days of its plan.
    price_terms = models.JSONField(default=dict, db_default={})
    offer_modes = ArrayField(models.CharField(max_length=10))
    purposes = ArrayField(models.CharField(max_length=24))
    territories = ArrayField(models.CharField(max_length=8))
    simulated = models.BooleanField(default=False)
    listed_at = models.DateTimeField()
    live_until = models.DateTimeField()
    terms = TermsField()

    class Meta:
        verbose_name_plural = "catalogue entries"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-listed_at", "-version"], name="entry_newest"),
            models.Index(fields=["section", "-listed_at", "-version"], name="entry_section_newest"),
            models.Index(fields=["vendor", "-listed_at"], name="entry_vendor"),
            GinIndex(fields=["terms"], name="entry_terms"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Trigger(
                name="entry_of_listed_version",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=LISTED_ONLY,
            ),
        ]

    def __str__(self) -> str:
        return self.code

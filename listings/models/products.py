"""Products, their versions and releases. Invariant: a submitted version's content never changes."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext_lazy as _

from core.fields import DigestField, StateField
from core.guards import frozen, undeletable, untruncatable
from core.ids import uuid7
from listings.states import IN_THE_MAKING, ON_THE_MARKET, VERSION, VersionState

CONTENT_COLUMNS = (
    "content",
    "content_hash",
    "title_zh",
    "title_en",
    "industry",
    "topic",
    "data_class",
    "grade",
    "form",
)
CONTENT_CHANGES = "NOT (OLD.state = 'DRAFT' AND NEW.state = 'DRAFT') AND ({})".format(
    " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in CONTENT_COLUMNS)
)
SPONSORED = (
    "IF NEW.vendor_id <> NEW.supplier_id AND NOT EXISTS (SELECT 1 FROM listings_sponsorship s "
    "WHERE s.vendor_id = NEW.vendor_id AND s.supplier_id = NEW.supplier_id "
    "AND s.state = 'IN_FORCE' AND s.valid_until > NEW.created_at) THEN "
    "RAISE EXCEPTION 'the vendor does not sponsor this supplier' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
)
# Who submits has to have made the plans of personal and important data wait for the vendor.
CONFIRMED = (
    "IF (NEW.data_class = 'personal' OR NEW.grade IN ('important', 'core')) AND EXISTS ("
    "SELECT 1 FROM listings_plan p WHERE p.version_id = NEW.id AND p.offer_mode = 'standing') THEN "
    "RAISE EXCEPTION 'personal and important data cannot be on standing offer' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
)
# The lock keeps a version from being submitted between this look and the commit.
RELEASABLE = (
    "PERFORM 1 FROM listings_version v WHERE v.id = NEW.version_id AND (v.state = 'DRAFT' "
    "OR NEW.kind = 'data' AND v.state IN ('LISTED', 'SUSPENDED')) FOR SHARE; "
    "IF NOT FOUND THEN RAISE EXCEPTION 'this version takes no such release now' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
)
# What was submitted once is what decisions rest on; the lock is the same.
REMOVABLE = (
    "PERFORM 1 FROM listings_version v WHERE v.id = OLD.version_id AND v.state = 'DRAFT' "
    "FOR SHARE; IF NOT FOUND THEN RAISE EXCEPTION 'a release leaves a draft only' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN OLD;"
)


def _of_content(key: str) -> "models.GeneratedField":
    """Return a column that the database keeps equal to one part of the content."""
    return models.GeneratedField(
        expression=KeyTransform(key, "content"),
        output_field=models.JSONField(),
        db_persist=True,
    )


class Product(models.Model):
    """The stable identity of what is offered, whatever its terms are at the time.

    `source_ref` is its identity in the catalogue it was imported from.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=20, unique=True)
    vendor = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, related_name="offered_products"
    )
    supplier = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, related_name="supplied_products"
    )
    source_ref = models.CharField(max_length=200, blank=True)
    simulated = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["vendor", "source_ref"],
                condition=~Q(source_ref=""),
                name="product_imported_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["vendor", "-created_at", "-id"], name="product_of_vendor"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            frozen("product", "code", "vendor_id", "supplier_id", "source_ref", "created_at"),
            undeletable("product"),
            pgtrigger.Trigger(
                name="product_sponsored",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=SPONSORED,
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Version(models.Model):
    """One state of a product's terms, schema and sources. Its content is frozen on submission.

    The columns repeat what is searched or joined; the document is what is hashed and signed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    state = StateField(choices=VersionState.choices, default=VersionState.DRAFT)
    content = models.JSONField()
    content_hash = DigestField()
    title_zh = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    industry = models.CharField(max_length=3, blank=True)
    topic = models.CharField(max_length=100, blank=True)
    data_class = models.CharField(max_length=10, blank=True)
    grade = models.CharField(max_length=10, blank=True)
    form = models.CharField(max_length=12, blank=True)
    # What of the content an order reads: the document is long and kept compressed.
    permitted_use = _of_content("permitted_use")
    allocation = _of_content("allocation")
    delivery_modes = _of_content("delivery_modes")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    listed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["product", "number"], name="version_number"),
            models.UniqueConstraint(
                fields=["product"],
                condition=Q(state__in=[str(state) for state in IN_THE_MAKING]),
                name="version_one_in_the_making",
            ),
            models.UniqueConstraint(
                fields=["product"],
                condition=Q(state__in=[str(state) for state in ON_THE_MARKET]),
                name="version_one_on_the_market",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_number_positive"),
            models.CheckConstraint(
                condition=~Q(state=VersionState.LISTED) | Q(listed_at__isnull=False),
                name="version_listed_at",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *VERSION.guards(),
            frozen("version", "id", "product_id", "number", "created_at"),
            pgtrigger.Protect(
                name="version_content_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(CONTENT_CHANGES),
            ),
            pgtrigger.Trigger(
                name="version_confirmed",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__state="DRAFT") & pgtrigger.Q(new__state="SUBMITTED"),
                func=CONFIRMED,
            ),
            undeletable("version"),
            untruncatable("version"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}/{self.number}"

    @property
    def title(self) -> str:
        """The title in Chinese, else in English."""
        return self.title_zh or self.title_en


class Release(models.Model):
    """One dated file under a version: data, or a sample that anyone may see before buying.

    It is never changed, and leaves its version only while that is a draft.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="releases")
    kind = models.CharField(max_length=6, choices=[("data", _("data")), ("sample", _("sample"))])
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT)
    note = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(kind__in=["data", "sample"]), name="release_kind"),
            models.UniqueConstraint(fields=["version", "kind", "file"], name="release_once"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="release_unchanged", operation=pgtrigger.Update),
            untruncatable("release"),
            pgtrigger.Trigger(
                name="release_removable",
                operation=pgtrigger.Delete,
                when=pgtrigger.Before,
                func=REMOVABLE,
            ),
            pgtrigger.Trigger(
                name="release_releasable",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=RELEASABLE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.version_id}"

"""Tables of delivery. Invariant: no more downloads begin than a grant allows; meters only grow."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import DigestField, StateField
from core.guards import append_only, frozen, undeletable, untruncatable
from core.ids import uuid7
from delivery.states import (
    DELETION,
    GRANT,
    OUTSIDE_DELIVERY,
    DeletionState,
    GrantState,
    OutsideDeliveryState,
)

LINK_OF_GRANT = (
    "PERFORM 1 FROM delivery_grant g JOIN listings_release r ON r.version_id = g.version_id "
    "WHERE g.id = NEW.grant_id AND r.id = NEW.release_id AND r.kind = 'data' "
    "AND NEW.expires_at <= g.expires_at AND NEW.expires_at <= NEW.made_at + interval '24 hours'; "
    "IF NOT FOUND THEN RAISE EXCEPTION 'this grant gives no such link' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
)
# The lock keeps the grant from being withdrawn between this look and the commit.
ENTITLED = (
    "PERFORM 1 FROM delivery_link l JOIN delivery_grant g ON g.id = l.grant_id "
    "WHERE l.id = NEW.link_id AND g.state = 'OPEN' AND NEW.at < l.expires_at "
    "AND NEW.at BETWEEN now() - interval '5 minutes' AND now() + interval '5 minutes' "
    "FOR SHARE OF g; IF NOT FOUND THEN RAISE EXCEPTION 'no grant is open for this access' "
    "USING ERRCODE = 'check_violation'; END IF; "
    "IF NOT NEW.begins AND NOT EXISTS (SELECT 1 FROM delivery_access a "
    "WHERE a.link_id = NEW.link_id AND a.begins) THEN "
    "RAISE EXCEPTION 'this link has begun no download' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
)


class Grant(models.Model):
    """What the buyer of one trade may fetch: the data releases of a version, for a term.

    `download_count` is the row that a beginning download locks, so that the last one of
    `max_downloads` (null: no limit) is begun once. `inspect_until` ends the inspection window of
    data that was there when the grant was opened; for later data the window moves along.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.UUIDField(unique=True, help_text="the trade")
    buyer = models.ForeignKey("core.Organisation", on_delete=models.PROTECT, related_name="+")
    vendor = models.ForeignKey("core.Organisation", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("listings.Version", on_delete=models.PROTECT, related_name="grants")
    state = StateField(choices=GrantState.choices, default=GrantState.OPEN)
    max_downloads = models.IntegerField(null=True, blank=True)
    download_count = models.IntegerField(default=0)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    inspect_until = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True, blank=True)
    inspection_ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(max_downloads__isnull=True) | Q(max_downloads__gte=1),
                name="grant_limit_positive",
            ),
            models.CheckConstraint(
                condition=Q(download_count__gte=0)
                & (Q(max_downloads__isnull=True) | Q(download_count__lte=F("max_downloads"))),
                name="grant_within_limit",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("opened_at")) & Q(inspect_until__gte=F("opened_at")),
                name="grant_dates",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["buyer", "-opened_at", "-id"], name="grant_of_buyer"),
            models.Index(fields=["vendor", "-opened_at", "-id"], name="grant_of_vendor"),
            models.Index(
                fields=["expires_at"], condition=Q(state=GrantState.OPEN), name="grant_expiring"
            ),
            models.Index(
                fields=["inspect_until"],
                condition=Q(inspection_ended_at__isnull=True),
                name="grant_in_inspection",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *GRANT.guards(),
            frozen(
                "grant",
                "id",
                "reference",
                "buyer_id",
                "vendor_id",
                "version_id",
                "max_downloads",
                "opened_at",
                "expires_at",
                "inspect_until",
            ),
            pgtrigger.Protect(
                name="grant_count_grows",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__download_count__lt=pgtrigger.F("old__download_count")),
            ),
            pgtrigger.Protect(
                name="grant_told_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.handed_over_at IS DISTINCT FROM NEW.handed_over_at "
                    "AND OLD.handed_over_at IS NOT NULL "
                    "OR OLD.inspection_ended_at IS DISTINCT FROM NEW.inspection_ended_at "
                    "AND OLD.inspection_ended_at IS NOT NULL"
                ),
            ),
            undeletable("grant"),
            untruncatable("grant"),
        ]

    def __str__(self) -> str:
        return f"grant of {self.reference}"


class Link(models.Model):
    """A download link that a member of the buyer asked for: one release, at most a day.

    Its token is not kept: it is an HMAC over what stands here. All requests with one link are
    one download, however many ranges they ask for.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="links")
    release = models.ForeignKey("listings.Release", on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey("core.User", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="link_dates"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *append_only("link"),
            pgtrigger.Trigger(
                name="link_of_grant",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=LINK_OF_GRANT,
            ),
        ]

    def __str__(self) -> str:
        return f"link to {self.release_id}"


class Access(models.Model):
    """One request with a link: what was asked and how it was answered, refusals included.

    `begins` marks the one access of a link that took up a download of the grant.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="accesses")
    at = models.DateTimeField()
    method = models.CharField(max_length=4)
    status = models.SmallIntegerField()
    first_byte = models.BigIntegerField(default=0)
    asked_bytes = models.BigIntegerField(default=0)
    begins = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "accesses"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["link"], condition=Q(begins=True), name="access_begins_once"
            ),
            models.CheckConstraint(
                condition=Q(asked_bytes__gte=0)
                & Q(first_byte__gte=0)
                & (Q(begins=False) | Q(asked_bytes__gte=1)),
                name="access_bytes",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *append_only("access"),
            pgtrigger.Trigger(
                name="access_entitled",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__asked_bytes__gt=0),
                func=ENTITLED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.status}"


class AccessEnd(models.Model):
    """How many bytes of one access went out before it ended, in order from its first byte.

    An access without one was cut off with the process that served it.
    """

    access = models.OneToOneField(
        Access, on_delete=models.PROTECT, primary_key=True, related_name="end"
    )
    sent_bytes = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(sent_bytes__gte=0), name="access_end_bytes"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("access_end")

    def __str__(self) -> str:
        return f"{self.sent_bytes} bytes"


class OutsideDelivery(models.Model):
    """A delivery outside the platform: the vendor reports it, the buyer confirms or denies it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="outside_deliveries")
    state = StateField(choices=OutsideDeliveryState.choices, default=OutsideDeliveryState.REPORTED)
    means = models.CharField(max_length=500)
    delivered_at = models.DateTimeField()
    sha256 = DigestField(blank=True)
    size_bytes = models.BigIntegerField(null=True, blank=True)
    reported_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "outside deliveries"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(delivered_at__lte=F("reported_at")), name="outside_delivery_dates"
            ),
            models.CheckConstraint(
                condition=Q(sha256="") | Q(sha256__regex="^[0-9a-f]{64}$"),
                name="outside_delivery_sha256",
            ),
            models.CheckConstraint(
                condition=Q(state=OutsideDeliveryState.REPORTED) | Q(answered_at__isnull=False),
                name="outside_delivery_answered_at",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *OUTSIDE_DELIVERY.guards(),
            frozen(
                "outside_delivery",
                "id",
                "grant_id",
                "means",
                "delivered_at",
                "sha256",
                "size_bytes",
                "reported_at",
            ),
            undeletable("outside_delivery"),
            untruncatable("outside_delivery"),
        ]

    def __str__(self) -> str:
        return self.means


class Receipt(models.Model):
    """The venue's signature under one hand-over; see `delivery.receipts`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="receipts")
    link = models.OneToOneField(
        Link, on_delete=models.PROTECT, null=True, blank=True, related_name="receipt"
    )
    outside_delivery = models.OneToOneField(
        OutsideDelivery, on_delete=models.PROTECT, null=True, blank=True, related_name="receipt"
    )
    document = models.JSONField()
    at = models.DateTimeField()
    key_id = models.CharField(max_length=64)
    signature = models.BinaryField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(link__isnull=False, outside_delivery__isnull=True)
                | Q(link__isnull=True, outside_delivery__isnull=False),
                name="receipt_of_one_handover",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("receipt")

    def __str__(self) -> str:
        return f"receipt of {self.grant_id}"


class Deletion(models.Model):
    """What a buyer is asked to delete, or to give back, of data that was handed over to it.

    It is asked when the ground of a fallen clearance asks for it. The buyer states what it did,
    with a file where there is one; when the venue accepts the proof it signs for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="deletions")
    kind = models.CharField(
        max_length=8, choices=[("delete", _("delete it")), ("recall", _("give it back"))]
    )
    ground = models.CharField(max_length=40)
    state = StateField(choices=DeletionState.choices, default=DeletionState.ASKED)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    statement = models.CharField(max_length=4000, blank=True)
    file = models.ForeignKey(
        "core.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proved_by = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proved_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    objection = models.CharField(
        max_length=500, blank=True, help_text=_("why a proof was returned")
    )
    document = models.JSONField(null=True, blank=True)
    key_id = models.CharField(max_length=64, blank=True)
    signature = models.BinaryField(max_length=64, null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["grant", "ground", "kind"], name="deletion_once_a_ground"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["delete", "recall"]) & Q(due_at__gt=F("asked_at")),
                name="deletion_asked",
            ),
            models.CheckConstraint(
                condition=Q(state=DeletionState.ASKED)
                | Q(proved_by__isnull=False, proved_at__isnull=False) & ~Q(statement=""),
                name="deletion_proved_by",
            ),
            models.CheckConstraint(
                condition=Q(state=DeletionState.ACCEPTED)
                & Q(document__isnull=False, signature__isnull=False, answered_at__isnull=False)
                | ~Q(state=DeletionState.ACCEPTED)
                & Q(document__isnull=True, signature__isnull=True),
                name="deletion_signed_when_accepted",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at", "id"],
                condition=~Q(state=DeletionState.ACCEPTED),
                name="deletion_open",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *DELETION.guards(),
            frozen("deletion", "id", "grant_id", "kind", "ground", "asked_at", "due_at"),
            undeletable("deletion"),
            untruncatable("deletion"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.grant_id}"

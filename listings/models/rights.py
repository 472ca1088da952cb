"""Rights records and sponsorships. Invariant: a right is proven; a supplier has agreed."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import StateField
from core.guards import frozen, undeletable
from core.ids import uuid7
from listings.states import RIGHTS, SPONSORSHIP, RightsState, SponsorshipState


class RightsRecord(models.Model):
    """The venue's record of one right in data: to hold, to process and use, or to operate.

    A national registration certificate is proof by itself; the venue does not review it again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    supplier = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, related_name="rights_in_its_data"
    )
    kind = models.CharField(
        max_length=7,
        choices=[("hold", _("hold")), ("use", _("process and use")), ("operate", _("operate"))],
    )
    holder = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, related_name="rights_held"
    )
    certificate_code = models.CharField(max_length=15, blank=True)
    proof = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, null=True, blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    state = StateField(choices=RightsState.choices, default=RightsState.RECORDED)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(kind__in=["hold", "use", "operate"]), name="rights_record_kind"
            ),
            models.CheckConstraint(
                condition=~Q(certificate_code="") | Q(proof__isnull=False),
                name="rights_record_proven",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")), name="rights_record_dates"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["supplier", "-recorded_at", "-id"], name="rights_record_list"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *RIGHTS.guards(),
            frozen(
                "rights_record",
                "supplier_id",
                "kind",
                "holder_id",
                "certificate_code",
                "proof_id",
                "valid_from",
                "valid_until",
                "recorded_at",
            ),
            undeletable("rights_record"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.supplier_id}"


class Sponsorship(models.Model):
    """That a vendor lists for a supplier, under the supplier's mandate and with its acceptance."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    vendor = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, related_name="sponsored_suppliers"
    )
    supplier = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, related_name="sponsors"
    )
    mandate = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT)
    valid_until = models.DateTimeField()
    state = StateField(choices=SponsorshipState.choices, default=SponsorshipState.PROPOSED)
    proposed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(vendor=F("supplier")), name="sponsorship_of_another"
            ),
            models.UniqueConstraint(
                fields=["vendor", "supplier"],
                condition=Q(state__in=["PROPOSED", "IN_FORCE"]),
                name="sponsorship_once",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *SPONSORSHIP.guards(),
            frozen(
                "sponsorship",
                "vendor_id",
                "supplier_id",
                "mandate_id",
                "valid_until",
                "proposed_at",
            ),
            undeletable("sponsorship"),
        ]

    def __str__(self) -> str:
        return f"{self.vendor_id} for {self.supplier_id}"

"""What leaves the mainland, counted by exporter, and what the venue's registers say of parties.

Invariant: rows are only added; a reservation ends once, as what it was, and the tally is their sum.
"""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.guards import append_only, undeletable, untruncatable
from core.ids import uuid7


class RegisterKind(models.TextChoices):
    """What an entry is about."""

    CRITICAL_OPERATOR = "critical_operator", _("operator of critical information infrastructure")
    ZONE = "zone", _("registered in a zone with an export list")
    GREATER_BAY = "greater_bay", _("registered in a mainland city of the Greater Bay Area")
    EXPORTS_ELSEWHERE = "exports_elsewhere", _("persons exported by other ways this year")
    ZONE_LIST = "zone_list", _("the product on the zone's export list")
    OVERSEAS_ORIGIN = "overseas_origin", _("personal data of the product all from abroad")
    RESTRICTED_RECIPIENT = "restricted_recipient", _("may not be given personal information")
    CONTROL_LIST = "control_list", _("on the control list of the export law")


_YES_NO = ("yes", "no")
# What each kind may answer; the database checks the same.
ANSWERS: dict[str, tuple[str, ...]] = {
    RegisterKind.CRITICAL_OPERATOR: _YES_NO,
    RegisterKind.ZONE: ("in", "none"),
    RegisterKind.GREATER_BAY: _YES_NO,
    RegisterKind.EXPORTS_ELSEWHERE: ("counted",),
    RegisterKind.ZONE_LIST: ("not_covered", "outside", "on_list"),
    RegisterKind.OVERSEAS_ORIGIN: _YES_NO,
    RegisterKind.RESTRICTED_RECIPIENT: _YES_NO,
    RegisterKind.CONTROL_LIST: _YES_NO,
}
OF_A_PRODUCT = (RegisterKind.ZONE_LIST, RegisterKind.OVERSEAS_ORIGIN)


def _answers() -> Q:
    found = Q()
    for kind, answers in ANSWERS.items():
        found |= Q(kind=kind, answer__in=answers)
    return found


class RegisterEntry(models.Model):
    """One fact about an organisation, or about one product of it, and when it holds.

    Days are China's; `valid_until` is the first day on which it holds no more, null for open. Of
    several entries of one kind that hold on a day, the one recorded last counts.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=24, choices=RegisterKind.choices)
    product = models.ForeignKey(
        "listings.Product",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    answer = models.CharField(max_length=12)
    zone = models.CharField(max_length=10, blank=True)
    route = models.CharField(max_length=40, blank=True)
    parts = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    persons = models.BigIntegerField(null=True, blank=True)
    sensitive_persons = models.BigIntegerField(null=True, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=500)
    recorded_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=_answers(), name="register_entry_answer"),
            models.CheckConstraint(
                condition=Q(kind__in=OF_A_PRODUCT, product__isnull=False)
                | (~Q(kind__in=OF_A_PRODUCT) & Q(product__isnull=True)),
                name="register_entry_product",
            ),
            models.CheckConstraint(
                condition=(Q(answer="in") & ~Q(zone="")) | (~Q(answer="in") & Q(zone="")),
                name="register_entry_zone",
            ),
            models.CheckConstraint(
                condition=(Q(answer="on_list") & ~Q(route=""))
                | (~Q(answer="on_list") & Q(route="", parts=[])),
                name="register_entry_route",
            ),
            models.CheckConstraint(
                condition=Q(answer="counted", persons__gte=0, sensitive_persons__gte=0)
                | (~Q(answer="counted") & Q(persons__isnull=True, sensitive_persons__isnull=True)),
                name="register_entry_counts",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="register_entry_days",
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="register_entry_basis"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["organisation", "kind", "-at", "-id"], name="register_of_organisation"
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("register_entry")

    def __str__(self) -> str:
        return f"{self.kind}: {self.answer}"


class ExportKind(models.TextChoices):
    """What a row of the ledger does."""

    RESERVE = "reserve", _("reserved")
    COMMIT = "commit", _("handed over")
    RELEASE = "release", _("released")


# A reservation is ended by what it was, once (a unique key says so), and the tally follows. The
# year is China's: it is the one from whose first day the law counts.
_BOOKED = """
        IF NEW.year <> extract(year FROM NEW.at AT TIME ZONE 'Asia/Shanghai') THEN
            RAISE EXCEPTION 'export-year: % is not the year of %', NEW.year, NEW.at
                USING ERRCODE = 'check_violation';
        END IF;
        reserved_in := NEW.year;
        IF NEW.kind <> 'reserve' THEN
            SELECT r.year INTO reserved_in
            FROM compliance_exportrow r
            WHERE r.reference = NEW.reference AND r.exporter_id = NEW.exporter_id
              AND r.kind = 'reserve' AND r.persons = NEW.persons
              AND r.sensitive_persons = NEW.sensitive_persons;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'export-not-reserved: %', NEW.reference
                    USING ERRCODE = 'check_violation';
            END IF;
        END IF;
        IF NEW.kind = 'commit' THEN
            INSERT INTO compliance_exporttally AS t (
                id, exporter_id, year, reserved_persons, reserved_sensitive,
                committed_persons, committed_sensitive)
            VALUES (gen_random_uuid(), NEW.exporter_id, NEW.year, 0, 0,
                    NEW.persons, NEW.sensitive_persons)
            ON CONFLICT (exporter_id, year) DO UPDATE
            SET committed_persons = t.committed_persons + EXCLUDED.committed_persons,
                committed_sensitive = t.committed_sensitive + EXCLUDED.committed_sensitive;
        END IF;
        IF NEW.kind = 'reserve' THEN
            INSERT INTO compliance_exporttally AS t (
                id, exporter_id, year, reserved_persons, reserved_sensitive,
                committed_persons, committed_sensitive)
            VALUES (gen_random_uuid(), NEW.exporter_id, reserved_in, NEW.persons,
                    NEW.sensitive_persons, 0, 0)
            ON CONFLICT (exporter_id, year) DO UPDATE
            SET reserved_persons = t.reserved_persons + EXCLUDED.reserved_persons,
                reserved_sensitive = t.reserved_sensitive + EXCLUDED.reserved_sensitive;
        ELSE
            UPDATE compliance_exporttally AS t
            SET reserved_persons = t.reserved_persons - NEW.persons,
                reserved_sensitive = t.reserved_sensitive - NEW.sensitive_persons
            WHERE t.exporter_id = NEW.exporter_id AND t.year = reserved_in;
        END IF;
        RETURN NULL;
"""


class ExportRow(models.Model):
    """One row of the ledger of what leaves the mainland; `reference` is the trade.

    `persons` are those of ordinary personal information, `sensitive_persons` those of sensitive.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    exporter = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    year = models.SmallIntegerField()
    kind = models.CharField(max_length=8, choices=ExportKind.choices)
    persons = models.BigIntegerField()
    sensitive_persons = models.BigIntegerField()
    reference = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["reference", "exporter"],
                condition=Q(kind=ExportKind.RESERVE),
                name="export_reserved_once",
            ),
            models.UniqueConstraint(
                fields=["reference", "exporter"],
                condition=~Q(kind=ExportKind.RESERVE),
                name="export_ended_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=ExportKind.values), name="export_row_kind"),
            models.CheckConstraint(
                condition=Q(persons__gte=0, sensitive_persons__gte=0), name="export_row_counts"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["exporter", "year", "-id"], name="export_row_of_year"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *append_only("export_row"),
            pgtrigger.Trigger(
                name="export_row_booked",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                declare=[("reserved_in", "smallint")],
                func=_BOOKED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.persons} + {self.sensitive_persons}"


class ExportTally(models.Model):
    """The sums of one exporter's rows, kept by the ledger's trigger alone.

    `reserved` is what was reserved in that year and is still open, `committed` what was handed
    over in it. What is open counts in every later year too, until it is handed over or released.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    exporter = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    year = models.SmallIntegerField()
    reserved_persons = models.BigIntegerField(default=0)
    reserved_sensitive = models.BigIntegerField(default=0)
    committed_persons = models.BigIntegerField(default=0)
    committed_sensitive = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["exporter", "year"], name="export_tally_of_year"),
            models.CheckConstraint(
                condition=Q(
                    reserved_persons__gte=0,
                    reserved_sensitive__gte=0,
                    committed_persons__gte=0,
                    committed_sensitive__gte=0,
                ),
                name="export_tally_not_negative",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            undeletable("export_tally"),
            untruncatable("export_tally"),
            # Nobody writes a sum by hand: it changes within the trigger of the ledger alone.
            pgtrigger.Protect(
                name="export_tally_summed",
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exporter_id} {self.year}"

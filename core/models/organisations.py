"""Organisations and who acts for them.

Invariant: the venue holds no vendor, supplier or buyer capacity, and its staff belong to it alone.
"""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.fields import MinorField, StateField
from core.ids import uuid7
from core.states import CAPACITY, ORGANISATION, CapacityState, OrganisationState

# What a person can type and read out; never two that differ by case alone.
ORGANISATION_CODE = r"^[A-Z][A-Z0-9-]{1,31}$"


class Organisation(models.Model):
    """A legal person or unincorporated organisation.

    A Chinese one is known by its unified social credit code (GB 32100-2015), a foreign one by
    country and registry number.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name_zh = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, default="CN")
    registry_number = models.CharField(max_length=64)
    code = models.CharField(
        max_length=32, blank=True, help_text=_("short name that the venue gave, to type")
    )
    kind = models.CharField(
        max_length=24,
        default="enterprise",
        choices=[
            ("enterprise", _("enterprise")),
            ("financial_institution", _("financial institution")),
            ("government", _("Party or government organ")),
            ("public_institution", _("public institution")),
            ("research_institute", _("research institute")),
            ("social_organisation", _("social organisation")),
        ],
    )
    foreign_controlled = models.BooleanField(
        null=True, blank=True, help_text=_("foreign, or set up or controlled by foreigners")
    )
    region = models.CharField(max_length=10, blank=True, help_text=_("ISO 3166-2"))
    zone = models.CharField(max_length=10, blank=True, help_text=_("pilot free trade zone"))
    is_venue = models.BooleanField(default=False)
    simulated = models.BooleanField(default=False)
    state = StateField(choices=OrganisationState.choices, default=OrganisationState.APPLIED)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["country", "registry_number"], name="organisation_registry_number"
            ),
            models.UniqueConstraint(
                fields=["is_venue"], condition=Q(is_venue=True), name="organisation_one_venue"
            ),
            models.CheckConstraint(
                condition=~Q(name_zh="") | ~Q(name_en=""), name="organisation_has_name"
            ),
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="organisation_code"
            ),
            models.CheckConstraint(
                condition=Q(code="") | Q(code__regex=ORGANISATION_CODE),
                name="organisation_code_to_type",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = ORGANISATION.guards()

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name in the reader's language, else in the other one."""
        chinese = (translation.get_language() or "").startswith("zh")
        first, second = (self.name_zh, self.name_en) if chinese else (self.name_en, self.name_zh)
        return first or second


class Capacity(models.Model):
    """What the venue has admitted an organisation to do."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="capacities"
    )
    kind = models.CharField(
        max_length=24,
        choices=[
            ("vendor", _("vendor")),
            ("supplier", _("supplier")),
            ("buyer", _("buyer")),
            ("service_provider", _("service provider")),
            ("trustee", _("trustee")),
        ],
    )
    state = StateField(choices=CapacityState.choices, default=CapacityState.APPLIED)
    applied_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "capacities"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "kind"], name="capacity_once"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *CAPACITY.guards(),
            pgtrigger.Trigger(
                name="capacity_not_of_venue",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=(
                    "IF NEW.kind IN ('vendor', 'supplier', 'buyer') AND EXISTS (SELECT 1 FROM "
                    "core_organisation o WHERE o.id = NEW.organisation_id AND o.is_venue) THEN "
                    "RAISE EXCEPTION 'the venue can hold no % capacity', NEW.kind "
                    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class Membership(models.Model):
    """That a person acts for an organisation, in which roles and up to which amount."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    roles = ArrayField(models.CharField(max_length=20), default=list)
    signing_limit_minor = MinorField(null=True, blank=True, help_text=_("empty: no limit"))
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "organisation"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(signing_limit_minor__isnull=True) | Q(signing_limit_minor__gte=0),
                name="membership_limit_not_negative",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Trigger(
                name="membership_of_venue_alone",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=(
                    "IF NEW.is_active THEN "
                    "PERFORM 1 FROM core_user u WHERE u.id = NEW.user_id FOR NO KEY UPDATE; "
                    "IF EXISTS (SELECT 1 FROM core_membership m "
                    "JOIN core_organisation o ON o.id = m.organisation_id "
                    "JOIN core_organisation n ON n.id = NEW.organisation_id "
                    "WHERE m.user_id = NEW.user_id AND m.is_active AND m.id <> NEW.id "
                    "AND (o.is_venue OR n.is_venue)) THEN "
                    "RAISE EXCEPTION 'staff of the venue can act for no other organisation' "
                    "USING ERRCODE = 'check_violation'; END IF; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.organisation_id}"


class Invitation(models.Model):
    """That an organisation asks a person, by e-mail, to become its member."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    email = models.EmailField(max_length=254)
    roles = ArrayField(models.CharField(max_length=20), default=list)
    signing_limit_minor = MinorField(null=True, blank=True)
    key_hash = models.CharField(max_length=64, unique=True)
    # Nobody where the installation itself asks the venue's first administrator in.
    invited_by = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.email

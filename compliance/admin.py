"""Compliance in the installation's admin. Invariant: nothing can be changed here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from compliance import models


class ReadOnlyAdmin(admin.ModelAdmin):
    """A table to look at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: services make rows."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: services move rows."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: nothing is deleted."""
        return False


@admin.register(models.ChecklistVersion)
class ChecklistVersionAdmin(ReadOnlyAdmin):
    list_display = ("code", "state", "effective_at", "items_hash")


@admin.register(models.Declaration)
class DeclarationAdmin(ReadOnlyAdmin):
    list_display = ("id", "organisation", "template", "state", "signed_at", "valid_until")
    list_filter = ("state",)
    list_select_related = ("organisation",)


@admin.register(models.Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    list_display = ("id", "version", "key", "state", "valid_until")
    list_filter = ("state", "key")


@admin.register(models.Review)
class ReviewAdmin(ReadOnlyAdmin):
    list_display = ("id", "version", "state", "risk", "proposal", "queued_at")
    list_filter = ("state", "proposal")


@admin.register(models.Clearance)
class ClearanceAdmin(ReadOnlyAdmin):
    list_display = ("id", "version", "state", "ground", "valid_from", "valid_until")
    list_filter = ("state", "ground")


@admin.register(models.VenueAttestation)
class VenueAttestationAdmin(ReadOnlyAdmin):
    list_display = ("item", "holds", "at", "valid_until")
    list_filter = ("item", "holds")


@admin.register(models.RegisterEntry)
class RegisterEntryAdmin(ReadOnlyAdmin):
    list_display = ("organisation", "kind", "answer", "valid_from", "valid_until", "at")
    list_filter = ("kind", "answer")
    list_select_related = ("organisation",)


@admin.register(models.ExportRow)
class ExportRowAdmin(ReadOnlyAdmin):
    list_display = ("exporter", "year", "kind", "persons", "sensitive_persons", "reference", "at")
    list_filter = ("kind", "year")
    list_select_related = ("exporter",)


@admin.register(models.ExportTally)
class ExportTallyAdmin(ReadOnlyAdmin):
    list_display = (
        *("exporter", "year", "reserved_persons", "reserved_sensitive"),
        *("committed_persons", "committed_sensitive"),
    )
    list_filter = ("year",)
    list_select_related = ("exporter",)


@admin.register(models.Grading)
class GradingAdmin(ReadOnlyAdmin):
    list_display = ("version", "grade", "level", "determined_by", "settled", "at")
    list_filter = ("grade", "determined_by", "settled")


@admin.register(models.Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "reference", "verdict", "at")
    list_filter = ("kind", "verdict")
    show_full_result_count = False

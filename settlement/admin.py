"""Money in the installation's admin. Invariant: nothing can be changed here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from settlement import models


class ReadOnlyAdmin(admin.ModelAdmin):
    """A table to look at."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: services make rows."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: services move rows."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: nothing is deleted."""
        return False


@admin.register(models.Account)
class AccountAdmin(ReadOnlyAdmin):
    list_display = ("address", "currency", "kind", "side", "hot")
    list_filter = ("kind", "currency")
    search_fields = ("address",)


@admin.register(models.PostingGroup)
class PostingGroupAdmin(ReadOnlyAdmin):
    list_display = ("reference", "code", "booked_at", "reason")
    list_filter = ("code",)
    search_fields = ("reference",)


@admin.register(models.Transfer)
class TransferAdmin(ReadOnlyAdmin):
    list_display = ("id", "code", "debit", "credit", "amount_minor", "currency", "booked_at")
    list_select_related = ("debit", "credit")
    list_filter = ("code", "currency")


@admin.register(models.Hold)
class HoldAdmin(ReadOnlyAdmin):
    list_display = ("reference", "state", "amount_minor", "captured_minor", "voided_minor")
    list_filter = ("state", "currency")
    search_fields = ("reference",)


@admin.register(models.SettlementRequest)
class SettlementRequestAdmin(ReadOnlyAdmin):
    list_display = ("reference", "state", "reason", "price_minor", "currency", "settled_at")
    list_filter = ("state", "currency")
    search_fields = ("reference",)


@admin.register(models.FeeSchedule)
class FeeScheduleAdmin(ReadOnlyAdmin):
    list_display = ("currency", "effective_from", "effective_until")


@admin.register(models.BankEntry)
class BankEntryAdmin(ReadOnlyAdmin):
    list_display = ("sequence", "kind", "amount_minor", "currency", "state", "organisation")
    list_select_related = ("organisation",)
    list_filter = ("state", "kind", "currency")


@admin.register(models.PayoutBatch)
class PayoutBatchAdmin(ReadOnlyAdmin):
    list_display = ("id", "state", "currency", "total_minor", "payout_count", "maker", "checker")
    list_select_related = ("maker", "checker")
    list_filter = ("state",)


@admin.register(models.PayoutInstruction)
class PayoutInstructionAdmin(ReadOnlyAdmin):
    list_display = ("reference", "state", "organisation", "amount_minor", "currency", "reason")
    list_select_related = ("organisation",)
    list_filter = ("state", "currency")

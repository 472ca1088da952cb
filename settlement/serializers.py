"""What the API of money takes and shows. Invariant: amounts are whole minor units, as numbers."""

from typing import Any

from rest_framework import serializers

from core.serializers import (
    CountIn,
    CurrencyIn,
    Input,
    MinorIn,
    MomentIn,
    Output,
    QueryCountIn,
    TextIn,
)
from settlement import selectors
from settlement.fees import BASES, RATE_WHOLE, SIDES
from settlement.models import AccountKind, ExplanationKind
from settlement.states import BankEntryState, SettlementState

OWN_KINDS = (AccountKind.CUSTODY, AccountKind.HELD, AccountKind.PAYABLE, AccountKind.PAYOUT)


class PageQuery(Input):
    after = TextIn(required=False, help_text="from `next` of the page before")
    size = QueryCountIn(required=False, min_value=1, max_value=200)


class PostingQuery(PageQuery):
    account = serializers.ChoiceField(choices=OWN_KINDS, required=False)
    currency = CurrencyIn(required=False)


class StatementQuery(Input):
    account = serializers.ChoiceField(choices=OWN_KINDS, default=AccountKind.CUSTODY)
    currency = CurrencyIn(default="CNY")
    since = MomentIn(required=False, help_text="included; 31 days before `until`")
    until = MomentIn(required=False, help_text="not included; now")


class FeeScheduleQuery(PageQuery):
    currency = CurrencyIn(required=False)


class BankEntryQuery(PageQuery):
    state = serializers.ChoiceField(choices=BankEntryState.choices, required=False)


class SettlementQuery(PageQuery):
    state = serializers.ChoiceField(choices=SettlementState.choices, required=False)


class FeeLineIn(Input):
    side = serializers.ChoiceField(choices=SIDES, help_text="who bears it")
    base = serializers.ChoiceField(choices=BASES, default="price")
    rate_bp = CountIn(max_value=RATE_WHOLE, help_text="basis points of the price")
    floor_minor = MinorIn(default=0)
    cap_minor = MinorIn(required=False, allow_null=True, default=None)


class FeeScheduleIn(Input):
    currency = CurrencyIn()
    effective_from = MomentIn()
    lines = serializers.ListField(child=FeeLineIn(), max_length=10)


class PayoutBatchIn(Input):
    currency = CurrencyIn()
    minimum_minor = MinorIn(default=1, min_value=1)


class MoneyReasonIn(Input):
    reason = TextIn(max_length=500)


class AssignmentIn(Input):
    organisation = serializers.UUIDField()


class ExplanationIn(Input):
    kind = serializers.ChoiceField(choices=ExplanationKind.choices)
    payout = serializers.UUIDField(required=False, help_text="for `payout`")
    deposit = serializers.UUIDField(required=False, help_text="for `return`: a bank entry")
    reason = TextIn(max_length=500)


class BalanceOut(Output):
    account = serializers.CharField(source="kind")
    address = serializers.CharField()
    currency = serializers.CharField()
    balance_minor = serializers.IntegerField()
    sub_account = serializers.CharField(help_text="to be named when paying in")


class ChangeOut(Output):
    account = serializers.CharField(source="kind")
    currency = serializers.CharField()
    change_minor = serializers.IntegerField()


class PostingOut(Output):
    id = serializers.IntegerField()
    reference = serializers.CharField()
    code = serializers.CharField()
    reason = serializers.CharField()
    booked_at = serializers.DateTimeField()
    changes = serializers.SerializerMethodField()

    def get_changes(self, posting: Any) -> list[dict[str, Any]]:
        """Return what the posting changed on the reader's accounts."""
        return [dict(ChangeOut(change).data) for change in selectors.own_changes(posting)]


class StatementLineOut(Output):
    id = serializers.IntegerField()
    booked_at = serializers.DateTimeField()
    value_date = serializers.DateField(allow_null=True)
    code = serializers.CharField()
    reference = serializers.CharField()
    reason = serializers.CharField()
    change_minor = serializers.IntegerField()
    balance_minor = serializers.IntegerField()


class StatementOut(Output):
    organisation = serializers.UUIDField(source="organisation_id")
    account = serializers.CharField(source="kind")
    address = serializers.CharField()
    currency = serializers.CharField()
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    opening_minor = serializers.IntegerField()
    lines = StatementLineOut(many=True)
    closing_minor = serializers.IntegerField()


class SplitLineOut(Output):
    line = serializers.IntegerField()
    beneficiary = serializers.UUIDField(source="beneficiary_id", allow_null=True)
    name = serializers.CharField(source="beneficiary")
    role = serializers.CharField()
    share_bp = serializers.IntegerField(allow_null=True)
    fixed_minor = serializers.IntegerField(allow_null=True)
    cap_minor = serializers.IntegerField(allow_null=True)
    is_remainder = serializers.BooleanField()
    amount_minor = serializers.IntegerField()


class SplitOut(Output):
    reference = serializers.CharField()
    currency = serializers.CharField()
    state = serializers.CharField()
    reason = serializers.CharField()
    requested_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)
    price_minor = serializers.IntegerField()
    buyer_fee_minor = serializers.IntegerField(allow_null=True)
    total_minor = serializers.IntegerField(allow_null=True)
    vendor_fee_minor = serializers.IntegerField(allow_null=True)
    net_minor = serializers.IntegerField(allow_null=True)
    lines = SplitLineOut(many=True)
    whole = serializers.BooleanField(help_text="whether all lines are shown to you")


class FeeScheduleOut(Output):
    id = serializers.UUIDField()
    currency = serializers.CharField()
    effective_from = serializers.DateTimeField()
    effective_until = serializers.DateTimeField(allow_null=True)
    lines = serializers.ListField(child=serializers.DictField())


class PayoutOut(Output):
    id = serializers.UUIDField()
    reference = serializers.CharField()
    organisation = serializers.UUIDField(source="organisation_id")
    amount_minor = serializers.IntegerField()
    currency = serializers.CharField()
    state = serializers.CharField()
    reason = serializers.CharField()
    created_at = serializers.DateTimeField()
    paid_at = serializers.DateTimeField(allow_null=True)


class PayoutBatchOut(Output):
    id = serializers.UUIDField()
    currency = serializers.CharField()
    total_minor = serializers.IntegerField()
    payout_count = serializers.IntegerField()
    state = serializers.CharField()
    maker = serializers.IntegerField(source="maker_id")
    checker = serializers.IntegerField(source="checker_id", allow_null=True)
    created_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)


class PayoutBatchPageOut(PayoutBatchOut):
    payouts = serializers.SerializerMethodField()

    def get_payouts(self, batch: Any) -> list[dict[str, Any]]:
        """Return the payouts that were fetched with the batch."""
        return [dict(PayoutOut(row).data) for row in batch.instructions.all()]


class BankEntryOut(Output):
    id = serializers.UUIDField()
    entry_id = serializers.CharField()
    sequence = serializers.IntegerField()
    kind = serializers.CharField()
    sub_account = serializers.CharField()
    bank_reference = serializers.CharField()
    amount_minor = serializers.IntegerField()
    currency = serializers.CharField()
    value_date = serializers.DateField()
    organisation = serializers.UUIDField(source="organisation_id", allow_null=True)
    state = serializers.CharField()


class BankExplanationOut(Output):
    id = serializers.UUIDField()
    entry = serializers.UUIDField(source="entry_id")
    kind = serializers.CharField()
    payout = serializers.UUIDField(source="payout_id", allow_null=True)
    deposit = serializers.UUIDField(source="deposit_id", allow_null=True)
    reason = serializers.CharField()
    maker = serializers.IntegerField(source="maker_id")
    checker = serializers.IntegerField(source="checker_id", allow_null=True)
    state = serializers.CharField()
    created_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class SettlementOut(Output):
    id = serializers.UUIDField()
    reference = serializers.CharField()
    organisation = serializers.UUIDField(source="organisation_id")
    vendor = serializers.UUIDField(source="vendor_id")
    currency = serializers.CharField()
    price_minor = serializers.IntegerField()
    amount_minor = serializers.IntegerField()
    state = serializers.CharField()
    reason = serializers.CharField()
    requested_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)


class TrialLineOut(Output):
    account = serializers.CharField(source="kind")
    currency = serializers.CharField()
    side = serializers.CharField()
    debit_minor = serializers.IntegerField()
    credit_minor = serializers.IntegerField()
    balance_minor = serializers.IntegerField()


class CustodyOut(Output):
    currency = serializers.CharField()
    custody_minor = serializers.IntegerField()
    clients_minor = serializers.IntegerField()
    venue_minor = serializers.IntegerField()
    fund_minor = serializers.IntegerField()
    unmatched_minor = serializers.IntegerField()
    unexplained_minor = serializers.IntegerField(help_text="a claim on the bank")
    difference_minor = serializers.IntegerField(help_text="must be 0")

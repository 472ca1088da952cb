"""What the API of the roof takes and shows."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from compliance.serializers import FindingOut
from core.serializers import (
    CodeIn,
    CountIn,
    CurrencyIn,
    Input,
    MinorIn,
    Output,
    QueryCountIn,
    SwitchIn,
    TextIn,
)
from exchange.selectors.statistics import BY
from exchange.states import DemandState, OrderState, TradeState
from listings.content import vocabulary

SIDES = ("buyer", "vendor")
FINDINGS_HELP = (
    "what stands in the way, in the language asked for (Accept-Language): each with its law, what "
    "would change it and who can; /problems/<refusal> explains it"
)
MOST_ORDERS = 1000
LONGEST_DAYS = 3660


class ToldOut(Output):
    days = serializers.IntegerField(help_text="how many days ahead it was told: 30, 7 or 1")
    at = serializers.DateTimeField()


class EndingOut(Output):
    """Something that ends soon, and when its organisation was told of it."""

    subject = serializers.CharField(
        source="ending.subject",
        help_text="declaration, clearance, evidence, rights-record, sponsorship, "
        "venue-attestation or grant",
    )
    subject_id = serializers.UUIDField(source="ending.subject_id")
    organisation_id = serializers.UUIDField(source="ending.organisation_id")
    organisation_zh = serializers.CharField()
    organisation_en = serializers.CharField()
    ends_at = serializers.DateTimeField(source="ending.ends_at")
    of_zh = serializers.CharField(source="ending.of_zh")
    of_en = serializers.CharField(source="ending.of_en")
    where = serializers.UUIDField(
        source="ending.where", allow_null=True, help_text="the version, or the trade of a grant"
    )
    told = ToldOut(many=True)


class ReasonOut(Output):
    code = serializers.CharField(help_text="/problems/<code> explains it")
    facts = serializers.SerializerMethodField()

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_facts(self, reason: Any) -> dict[str, Any]:
        """Return the values that decided it."""
        return dict(reason.facts)


class ExplainedOut(Output):
    """A decision as it was stored, in words; it is at this address for ever."""

    id = serializers.UUIDField()
    kind = serializers.CharField(help_text="listing, review, rerun or order")
    reference = serializers.UUIDField(help_text="the version or the order")
    verdict = serializers.CharField()
    at = serializers.DateTimeField()
    checklist_code = serializers.CharField()
    checklist_hash = serializers.CharField()
    facts_hash = serializers.CharField()
    findings = FindingOut(many=True, help_text=FINDINGS_HELP)
    reasons = ReasonOut(many=True, help_text="of a refused order, what is no item")
    differs = serializers.ListField(
        child=serializers.CharField(), help_text="what does not come out the same when made again"
    )


class StatisticsIn(Input):
    by = serializers.ChoiceField(choices=BY, default="item")
    since = serializers.RegexField(
        r"^[0-9]{4}-[0-9]{2}$", required=False, default="", help_text="the first month, as 2026-05"
    )
    until = serializers.RegexField(
        r"^[0-9]{4}-[0-9]{2}$", required=False, default="", help_text="the last month, included"
    )


class StatisticsRowOut(Output):
    """One line; a count of orders is null where it would single out a buyer, or is not counted."""

    key = serializers.CharField()
    zh = serializers.CharField()
    en = serializers.CharField()
    screened = serializers.IntegerField(help_text="versions")
    blocked = serializers.IntegerField(help_text="versions")
    orders = serializers.IntegerField(allow_null=True)
    refused = serializers.IntegerField(allow_null=True, help_text="orders")


class StatisticsOut(Output):
    by = serializers.CharField()
    first = serializers.DateField(help_text="the first month")
    last = serializers.DateField(help_text="the last month, included")
    fewest = serializers.IntegerField(help_text="counts of orders of fewer buyers are null")
    rows = StatisticsRowOut(many=True)


class OrderIn(Input):
    plan = serializers.UUIDField()
    purpose = serializers.ChoiceField(choices=vocabulary.PURPOSES)
    territory = CodeIn(max_length=10, help_text="ISO 3166: a country, or a province of China")
    term_days = CountIn(min_value=1, max_value=LONGEST_DAYS)
    volume = CountIn(min_value=1, default=1)
    redistribution = SwitchIn(default=False)
    derivation = SwitchIn(default=False)
    foreign_judicial_request = SwitchIn(
        required=False,
        allow_null=True,
        default=None,
        help_text="for a foreign court or law enforcement body; asked where data leave China",
    )
    price_limit_minor = MinorIn(required=False, allow_null=True, default=None)
    label = TextIn(  # type: ignore[assignment]
        max_length=60, allow_blank=True, default="", help_text="your project or cost centre"
    )
    answer_within_seconds = CountIn(
        min_value=1,
        max_value=30 * 86_400,
        required=False,
        allow_null=True,
        default=None,
        help_text="how long the vendor has to answer; default 48 hours",
    )


class OrdersIn(Input):
    orders = OrderIn(many=True)

    def validate_orders(self, value: list[Any]) -> list[Any]:
        """Check that there are from one to a thousand."""
        if not 1 <= len(value) <= MOST_ORDERS:
            raise serializers.ValidationError(f"must be from 1 to {MOST_ORDERS} orders")
        return value


class OrderQuery(Input):
    side = serializers.ChoiceField(choices=SIDES, required=False)
    state = serializers.ChoiceField(choices=OrderState.choices, required=False)
    after = TextIn(required=False, help_text="from `next` of the page before")
    size = QueryCountIn(required=False, min_value=1, max_value=200)


class TradeQuery(Input):
    side = serializers.ChoiceField(choices=SIDES, required=False)
    state = serializers.ChoiceField(choices=TradeState.choices, required=False)
    after = TextIn(required=False, help_text="from `next` of the page before")
    size = QueryCountIn(required=False, min_value=1, max_value=200)


class PageQuery(Input):
    after = TextIn(required=False, help_text="from `next` of the page before")
    size = QueryCountIn(required=False, min_value=1, max_value=200)


class NothingIn(Input):
    pass


class WhyIn(Input):
    reason = TextIn(max_length=500, allow_blank=True, default="")


class QuoteIn(Input):
    amount_minor = MinorIn(help_text="the price of the whole order")
    note = TextIn(max_length=500, allow_blank=True, default="")


class AcceptanceIn(Input):
    number = CountIn(min_value=1, max_value=10_000, help_text="of the other side's newest quote")


class DisputeIn(Input):
    ground = TextIn(max_length=2000)


class DecisionIn(Input):
    refund_minor = MinorIn(help_text="0: dismissed; the price: refunded in whole")
    reason = TextIn(max_length=2000)


class RefundIn(Input):
    reason = TextIn(max_length=500)


class AnswerOut(Output):
    """What became of an order when it was placed or concluded."""

    id = serializers.UUIDField()
    state = serializers.CharField()
    code = serializers.CharField(help_text="the first reason of a refusal, else empty")
    findings = FindingOut(many=True, help_text=FINDINGS_HELP)
    amount_minor = serializers.IntegerField(allow_null=True, help_text="null: to be negotiated")
    buyer_fee_minor = serializers.IntegerField()
    total_minor = serializers.IntegerField(allow_null=True)
    currency = serializers.CharField()
    trade_id = serializers.UUIDField(allow_null=True)
    contract_sha256 = serializers.CharField(allow_null=True)
    placed_at = serializers.DateTimeField()
    answer_by = serializers.DateTimeField(allow_null=True)


class AnswersOut(Output):
    results = AnswerOut(many=True)


class OrderProblemOut(Output):
    """A refused order as a problem document (RFC 9457)."""

    type = serializers.CharField(help_text="/problems/order-refused")
    title = serializers.CharField()
    status = serializers.IntegerField(help_text="422")
    code = serializers.CharField()
    way_out = serializers.CharField()
    order = AnswerOut()


class CheckOut(Output):
    """What the gate would say now."""

    verdict = serializers.CharField(help_text="match, await, negotiate or refuse")
    code = serializers.CharField(help_text="the first reason of a refusal, else empty")
    findings = FindingOut(many=True, help_text=FINDINGS_HELP)
    amount_minor = serializers.IntegerField(allow_null=True)
    buyer_fee_minor = serializers.IntegerField()
    total_minor = serializers.IntegerField(allow_null=True)
    currency = serializers.CharField()
    available_minor = serializers.IntegerField()


class QuoteOut(Output):
    number = serializers.IntegerField()
    side = serializers.CharField()
    amount_minor = serializers.IntegerField()
    note = serializers.CharField()
    quoted_at = serializers.DateTimeField()


class StartOut(Output):
    documentation = serializers.URLField(help_text="every operation, to read and to try")
    schema = serializers.URLField(help_text="the same as OpenAPI")
    catalogue = serializers.URLField()
    me = serializers.URLField(help_text="who you act as; needs a session or a token")
    tokens = serializers.URLField(help_text="the page where a member makes an API token")
    problems = serializers.URLField(
        help_text="what a refusal code means: its last part is the code"
    )


class OrderOut(Output):
    id = serializers.UUIDField()
    state = serializers.CharField()
    buyer = serializers.UUIDField(source="buyer_id")
    vendor = serializers.UUIDField(source="vendor_id")
    version = serializers.UUIDField(source="version_id")
    plan = serializers.UUIDField(source="plan_id")
    demand = serializers.UUIDField(source="demand_id", allow_null=True)
    offer_mode = serializers.CharField()
    purpose = serializers.CharField()
    territory = serializers.CharField()
    term_days = serializers.IntegerField()
    volume = serializers.IntegerField()
    redistribution = serializers.BooleanField()
    derivation = serializers.BooleanField()
    foreign_judicial_request = serializers.BooleanField(allow_null=True)
    price_limit_minor = serializers.IntegerField(allow_null=True)
    amount_minor = serializers.IntegerField(allow_null=True)
    buyer_fee_minor = serializers.IntegerField()
    currency = serializers.CharField()
    refusal_code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    placed_at = serializers.DateTimeField()
    answer_by = serializers.DateTimeField(allow_null=True)
    trade = serializers.SerializerMethodField()

    def get_trade(self, order: Any) -> str | None:
        """Return the trade that the order became, read with it."""
        trade = getattr(order, "trade", None)
        return str(trade.pk) if trade is not None else None


class OrderPageOut(Output):
    order = OrderOut()
    findings = FindingOut(many=True, help_text=FINDINGS_HELP)
    quotes = QuoteOut(many=True)
    verbs = serializers.ListField(child=serializers.CharField(), help_text="what you may do now")


class TradeOut(Output):
    id = serializers.UUIDField()
    state = serializers.CharField()
    order = serializers.UUIDField(source="order_id")
    buyer = serializers.UUIDField(source="buyer_id")
    vendor = serializers.UUIDField(source="vendor_id")
    version = serializers.UUIDField(source="version_id")
    plan = serializers.UUIDField(source="plan_id")
    clearance = serializers.UUIDField(source="clearance_id")
    amount_minor = serializers.IntegerField()
    buyer_fee_minor = serializers.IntegerField()
    refunded_minor = serializers.IntegerField()
    currency = serializers.CharField()
    matched_at = serializers.DateTimeField()
    inspect_until = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)


class DisputeOut(Output):
    ground = serializers.CharField()
    opened_at = serializers.DateTimeField()
    outcome = serializers.CharField()
    refund_minor = serializers.IntegerField()
    reason = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)


class TradePageOut(Output):
    trade = TradeOut()
    contract_sha256 = serializers.CharField()
    grant = serializers.UUIDField(allow_null=True)
    dispute = DisputeOut(allow_null=True)
    verbs = serializers.ListField(child=serializers.CharField(), help_text="what you may do now")


class ContractOut(Output):
    trade = serializers.UUIDField(source="trade_id")
    sha256 = serializers.CharField()
    text = serializers.CharField(help_text="canonical JSON (RFC 8785): hash it to verify")
    concluded_at = serializers.DateTimeField()


class ContractProofOut(Output):
    """What proves a contract without the venue; `docs/operations.md` says how it is checked."""

    form = serializers.CharField()
    contract_sha256 = serializers.CharField()
    event = serializers.CharField(help_text="canonical text; its detail holds the contract's hash")
    index = serializers.IntegerField(
        allow_null=True, help_text="of its leaf; null until the audit tree holds it"
    )
    path = serializers.ListField(child=serializers.CharField(), help_text="RFC 9162, leaf first")
    head = serializers.CharField(help_text="canonical text that the venue signed: size, root, at")
    key_id = serializers.CharField()
    signature = serializers.CharField(help_text="Ed25519 over `head`, hexadecimal")
    public_key = serializers.CharField()


class KnownContractOut(Output):
    """What anybody who holds a contract may know: that the venue concluded it, and when."""

    sha256 = serializers.CharField()
    concluded_at = serializers.DateTimeField()


class DemandIn(Input):
    title = TextIn(max_length=120)
    words = TextIn(max_length=300, help_text="what to look for, words apart by spaces")
    industry = CodeIn(max_length=8, allow_blank=True, default="")
    form = serializers.ChoiceField(choices=vocabulary.FORMS, allow_blank=True, default="")
    purpose = serializers.ChoiceField(choices=vocabulary.PURPOSES)
    territory = CodeIn(max_length=10)
    price_limit_minor = MinorIn(required=False, allow_null=True, default=None)
    currency = CurrencyIn(default="CNY")


class DemandQuery(Input):
    mine = serializers.ChoiceField(choices=("true", "false"), required=False)
    state = serializers.ChoiceField(choices=DemandState.choices, required=False)
    after = TextIn(required=False, help_text="from `next` of the page before")
    size = QueryCountIn(required=False, min_value=1, max_value=200)


class DemandOut(Output):
    id = serializers.UUIDField()
    state = serializers.CharField()
    buyer = serializers.UUIDField(source="buyer_id")
    title = serializers.CharField()
    words = serializers.CharField()
    industry = serializers.CharField()
    form = serializers.CharField()
    purpose = serializers.CharField()
    territory = serializers.CharField()
    price_limit_minor = serializers.IntegerField(allow_null=True)
    currency = serializers.CharField()
    published_at = serializers.DateTimeField()
    open_until = serializers.DateTimeField()


class DemandQuoteOut(Output):
    id = serializers.UUIDField()
    vendor = serializers.UUIDField(source="vendor_id")
    plan = serializers.UUIDField(source="plan_id")
    amount_minor = serializers.IntegerField()
    price_reason = serializers.CharField()
    note = serializers.CharField()
    quoted_at = serializers.DateTimeField()


class ShortlistOut(Output):
    made_at = serializers.DateTimeField()
    offers = serializers.JSONField()
    left_out = serializers.JSONField()


class DemandPageOut(Output):
    demand = DemandOut()
    shortlist = ShortlistOut(allow_null=True)
    quotes = DemandQuoteOut(many=True)


class DemandQuoteIn(Input):
    plan = serializers.UUIDField()
    amount_minor = MinorIn(help_text="the price of the whole")
    price_reason = CodeIn(max_length=24, allow_blank=True, default="")
    note = TextIn(max_length=500, allow_blank=True, default="")


class PickIn(Input):
    term_days = CountIn(min_value=1, max_value=LONGEST_DAYS)
    volume = CountIn(min_value=1, default=1)

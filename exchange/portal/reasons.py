"""Reasons that are no item of the checklist, as finding cards: the rule, the way out, and who.

Invariant: every code with which an order can be refused has a card, with its rule and its way out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.money import Money
from exchange.portal.pieces import Article, FactValue, Finding, Lift
from exchange.selectors.refusals import Reason
from exchange.templatetags import laws, words
from exchange.templatetags.portal import amount_text

Text = Promise | str
Law = tuple[str, str, str]

MEASURES = "关于构建数据基础制度更好发挥数据要素作用的意见"
# What the law or the rule says is quoted as it stands there; the article is its number.
ADMISSION: Law = (MEASURES, "8", "建立数据流通准入标准规则")
COMMITMENT: Law = (MEASURES, "15", "推行面向数据商及第三方专业服务机构的数据流通交易声明和承诺制")
IDENTITY: Law = ("数据安全法", "33", "审核交易双方的身份，并留存审核、交易记录")
AUTHORISED: Law = ("上海市数据条例", "55", "未经合法权利人授权同意的")
PRICING: Law = (
    "上海市数据条例",
    "57",
    "从事数据交易活动的市场主体可以依法自主定价",
)
AGREED: Law = ("民法典", "488", "承诺的内容应当与要约的内容一致")
SHOWN: Law = ("电子商务法", "33", "持续公示平台服务协议和交易规则信息")
SETTLEMENT: Law = (
    "电子商务法",
    "46",
    "可以按照平台服务协议和交易规则，为经营者之间的电子商务提供仓储、物流、支付结算、交收等服务",
)

VENDOR, BUYER, VENUE = _("the vendor"), _("you, the buyer"), _("the venue")
ANOTHER = _("Choose another product, or wait: an order can be placed again at any time.")


@dataclass(frozen=True, slots=True)
class Card:
    """What is said of one code: one sentence on what is wrong, its rule, the way out, and who."""

    text: Text
    law: Law
    change: Text
    who: Text


CARDS: dict[str, Card] = {
    "clearance-missing": Card(
        _("This version holds no clearance, and nothing is matched unless it is cleared."),
        ADMISSION,
        _("The vendor submits the version for review; two reviewers decide."),
        VENDOR,
    ),
    "clearance-suspended": Card(
        _("Its clearance is suspended while the venue looks into it."),
        ADMISSION,
        _("The venue resumes or ends the clearance once the cause is settled."),
        VENUE,
    ),
    "clearance-expired": Card(
        _("Its clearance has run out."),
        ADMISSION,
        _("The vendor has the version screened and reviewed again."),
        VENDOR,
    ),
    "clearance-changed": Card(
        _("Its clearance changed between the check and your signature."),
        ADMISSION,
        _("Sign again: the order is judged on the clearance that stands now."),
        BUYER,
    ),
    "checklist-superseded": Card(
        _("It was cleared under a checklist that is no longer in force."),
        ADMISSION,
        _("The vendor has the version screened under the checklist in force."),
        VENDOR,
    ),
    "declaration-expired": Card(
        _("The vendor's declaration on source, rights, quality and use has run out."),
        COMMITMENT,
        _("The vendor signs the declaration again for exactly this content."),
        VENDOR,
    ),
    "declaration-withdrawn": Card(
        _("The vendor has withdrawn its declaration on source, rights, quality and use."),
        COMMITMENT,
        _("The vendor signs a new declaration for exactly this content."),
        VENDOR,
    ),
    "declaration-breached": Card(
        _("The venue found the vendor's declaration to be untrue."),
        COMMITMENT,
        ANOTHER,
        BUYER,
    ),
    "version-not-listed": Card(
        _("The vendor or the venue has taken this version off the market."),
        SHOWN,
        ANOTHER,
        BUYER,
    ),
    "vendor-suspended": Card(
        _("The vendor may not sell at present."),
        IDENTITY,
        _("The venue reinstates the vendor once the cause is settled."),
        VENUE,
    ),
    "supplier-suspended": Card(
        _("The organisation whose data it is may not trade at present."),
        IDENTITY,
        _("The venue reinstates the supplier once the cause is settled."),
        VENUE,
    ),
    "buyer-not-admitted": Card(
        _("Your organisation is not admitted to buy, or its admission is suspended."),
        IDENTITY,
        _("Apply to the venue for the buyer's capacity; it checks who you are."),
        BUYER,
    ),
    "use-not-permitted": Card(
        _("What you state as the purpose is not among the purposes that the vendor permits."),
        AUTHORISED,
        _("Choose a permitted purpose, or ask the vendor for a version that permits yours."),
        BUYER,
    ),
    "territory-not-permitted": Card(
        _("The territory you name is not among those that the vendor permits."),
        AUTHORISED,
        _("Choose a permitted territory, or ask the vendor for a version that permits yours."),
        BUYER,
    ),
    "below-minimum": Card(
        _("The plan is offered from a minimum on, and you ask for less."),
        AGREED,
        _("Raise the volume to the minimum, or choose another plan."),
        BUYER,
    ),
    "over-price-limit": Card(
        _("The price is over the limit that you set for this order."),
        AGREED,
        _("Raise your limit, ask for less, or choose another plan."),
        BUYER,
    ),
    "insufficient-funds": Card(
        _("An order is matched only if its whole price and fee can be held in custody at once."),
        SETTLEMENT,
        _("Transfer what is lacking to your custody sub-account, or ask for less."),
        BUYER,
    ),
    "no-fee-schedule": Card(
        _("The venue has published no fees for this currency, so nothing can be charged."),
        SHOWN,
        _("The venue publishes its fee schedule."),
        VENUE,
    ),
    "fee-not-chargeable": Card(
        _("The venue's fee schedule cannot be applied to this price."),
        PRICING,
        _("Order at another price or volume, or ask the venue to mend its fee schedule."),
        VENUE,
    ),
    "allocation-not-payable": Card(
        _("The price is less than the fixed amounts that the vendor's allocation promises."),
        PRICING,
        _("Order at another price or volume, or ask the vendor to change the allocation."),
        VENDOR,
    ),
    "seats-taken": Card(
        _("The plan is offered to a limited number of buyers, and all seats are taken."),
        AGREED,
        _("Choose another plan, or wait until a seat is given back."),
        BUYER,
    ),
    "illegality": Card(
        _("The venue found the data to be unlawful; every open order on it is refused."),
        AUTHORISED,
        ANOTHER,
        BUYER,
    ),
    "official-order": Card(
        _("A court or an authority has ordered the trade in it to stop."),
        AUTHORISED,
        ANOTHER,
        BUYER,
    ),
    "consent-withdrawn": Card(
        _("Persons whose data it is have withdrawn their consent."),
        AUTHORISED,
        ANOTHER,
        BUYER,
    ),
}
# Whatever else ends a clearance is told as its absence.
OTHERWISE = CARDS["clearance-missing"]

FACTS: dict[str, Text] = {
    "minimum": _("Minimum of the plan"),
    "amount_minor": _("Price"),
    "limit_minor": _("Your limit"),
    "needed_minor": _("To be held"),
    "available_minor": _("Your balance in custody"),
    "state": _("State"),
    "why": _("Reason"),
}


def reason_card(reason: Reason, currency: str) -> Finding:
    """Return the finding card of a reason; amounts among its facts are in `currency`."""
    card = CARDS.get(reason.code, OTHERWISE)
    instrument, article, quote = card.law
    return Finding(
        severity="restricted",
        code=reason.code,
        title=words.word("cause", reason.code),
        text=str(card.text),
        facts=tuple(_fact(name, value, currency) for name, value in reason.facts),
        articles=(Article(laws.instrument(instrument), article, quote),),
        lifts=(Lift(str(card.change)),),
        who=str(card.who),
        state="open",
    )


def _fact(name: str, value: Any, currency: str) -> FactValue:
    shown = FACTS.get(name, name)
    if name.endswith("_minor") and isinstance(value, int):
        return FactValue(str(shown), amount_text(Money(value, currency)))
    if isinstance(value, int):
        return FactValue(str(shown), f"{value:,}")
    if isinstance(value, Mapping):
        return FactValue(str(shown), ", ".join(f"{key}: {one}" for key, one in value.items()))
    return FactValue(str(shown), None if value is None else str(value))

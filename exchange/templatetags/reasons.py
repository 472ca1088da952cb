"""What is said of each code with which an order can be refused: its rule, the way out, and who.

Invariant: every such code has a card. A reason that is no item of the checklist is told in the
words of its card; for a code that items of the checklist give, the card is what /problems/ says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from compliance.rules import Source
from compliance.selectors.decisions import FactText, FindingText
from core.money import Money
from exchange.selectors.refusals import Reason, ToldRefusal
from exchange.templatetags import words
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

HELD: Law = (MEASURES, "7", "")
EXPORT: Law = ("网络数据安全管理条例", "37", "应当通过国家网信部门组织的数据出境安全评估")
PRICED_PUBLIC: Law = ("公共数据资源授权运营实施规范（试行）", "6", "")
PERSONAL: Law = ("个人信息保护法", "10", "不得非法买卖、提供或者公开他人个人信息")
EQUAL: Law = ("反垄断法", "22(6)", "对条件相同的交易相对人在交易价格等交易条件上实行差别待遇")
FREE_PUBLIC: Law = (MEASURES, "（四）", "")
HONEST: Law = ("深圳市数据交易管理暂行办法", "11(5)", "")
NEUTRAL: Law = ("深圳市数据交易管理暂行办法", "11", "")

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
    "right-expired": Card(
        _("A right in the data that the clearance rests on has run out."),
        HELD,
        _("The vendor records a right that is in force and has the version reviewed again."),
        VENDOR,
    ),
    "right-withdrawn": Card(
        _("A right in the data that the clearance rests on was withdrawn."),
        HELD,
        _("The vendor records a right that is in force and has the version reviewed again."),
        VENDOR,
    ),
    "mandate-ended": Card(
        _("The supplier's mandate, under which the vendor lists the data, has ended."),
        HELD,
        _("The supplier gives the vendor a new mandate, and the version is reviewed again."),
        VENDOR,
    ),
    "evidence-expired": Card(
        _("Evidence that lifted a finding has run out."),
        ADMISSION,
        _("The vendor gives fresh evidence and has the version reviewed again."),
        VENDOR,
    ),
    "evidence-withdrawn": Card(
        _("Evidence that lifted a finding was withdrawn."),
        ADMISSION,
        _("The vendor gives fresh evidence and has the version reviewed again."),
        VENDOR,
    ),
    "organisation-suspended": Card(
        _("An organisation that the clearance rests on is suspended."),
        IDENTITY,
        _("The venue lifts the suspension once its cause is settled."),
        VENUE,
    ),
    "organisation-closed": Card(
        _("An organisation that the clearance rests on has closed."),
        IDENTITY,
        ANOTHER,
        BUYER,
    ),
    "delisted": Card(
        _("The vendor or the venue has taken this version off the market."),
        SHOWN,
        ANOTHER,
        BUYER,
    ),
    "replaced": Card(
        _("A newer clearance of the same version has taken the place of this one."),
        ADMISSION,
        _("Sign again: the order is judged on the clearance that stands now."),
        BUYER,
    ),
    "venue": Card(
        _("The venue has suspended the clearance by a decision of its own."),
        ADMISSION,
        _("The venue resumes or ends the clearance once the cause is settled."),
        VENUE,
    ),
    "confirmation-missed": Card(
        _("The vendor confirms each buyer of this plan, and did not answer in time."),
        AGREED,
        _("Order again, or choose a plan that is concluded at once."),
        BUYER,
    ),
    "unknown-fact": Card(
        _("A fact that the checklist needs is not known, and what is unknown blocks."),
        ADMISSION,
        _("State the fact that the finding names, or have the vendor state it."),
        _("whoever the finding names"),
    ),
    "prohibited-item": Card(
        _("An item of the checklist prohibits this, and no evidence lifts it."),
        ADMISSION,
        _("Change what the finding names, so that the item is no longer hit."),
        _("whoever the finding names"),
    ),
    "restricted-item": Card(
        _("An item of the checklist allows this only with evidence that is not given yet."),
        ADMISSION,
        _("Give the evidence that the finding names."),
        _("whoever the finding names"),
    ),
    "caution-item": Card(
        _("An item of the checklist asks for a closer look. It does not stand in the way."),
        ADMISSION,
        _("Nothing has to be done for the order; a senior reviewer looks at the version."),
        VENUE,
    ),
    "redistribution-not-permitted": Card(
        _("You want to pass the data on, and the vendor does not permit it."),
        AUTHORISED,
        _("Order without passing on, or ask the vendor for a version that permits it."),
        BUYER,
    ),
    "derivation-not-permitted": Card(
        _("You want to make products from the data, and the vendor does not permit it."),
        AUTHORISED,
        _("Order without derived products, or ask the vendor for a version that permits them."),
        BUYER,
    ),
    "term-too-long": Card(
        _("You want to use the data for longer than the vendor permits."),
        AUTHORISED,
        _("Order a shorter term."),
        BUYER,
    ),
    "buyer-not-permitted": Card(
        _("The vendor does not offer this to organisations of your kind."),
        AUTHORISED,
        _("Ask the vendor for a version that permits organisations of your kind."),
        VENDOR,
    ),
    "confirmation-needed": Card(
        _("Data of this class may be concluded only with a buyer whom the vendor has confirmed."),
        IDENTITY,
        _("Order on a plan that the vendor confirms."),
        BUYER,
    ),
    "export-not-cleared": Card(
        _("The data would leave the mainland, and what that needs by law is not in place."),
        EXPORT,
        _("Use it inside the mainland, or complete the procedure that the finding names first."),
        _("whoever the finding names"),
    ),
    "operator-redevelopment": Card(
        _("An authorised operator of public data wants to develop what it delivered itself."),
        PRICED_PUBLIC,
        _("Leave redevelopment to others."),
        BUYER,
    ),
    "personal-data-resale": Card(
        _("Personal information would be bought in order to sell it on."),
        PERSONAL,
        _("Buy it for a use of your own."),
        BUYER,
    ),
    "price-not-equal": Card(
        _("The price differs from that of the plan, and no lawful reason is recorded."),
        EQUAL,
        _("Conclude at the price of the plan, or have the vendor record its lawful reason."),
        VENDOR,
    ),
    "public-data-must-be-free": Card(
        _("Public data is ordered for governance or public welfare, on a plan that has a price."),
        FREE_PUBLIC,
        _("Order a free plan: for these purposes nothing may be charged."),
        BUYER,
    ),
    "self-dealing": Card(
        _("The buyer is the vendor or the supplier of the data itself."),
        HONEST,
        _("Trade with another party: a sale to oneself is no trade."),
        BUYER,
    ),
    "venue-cannot-trade": Card(
        _("The buyer is the venue, or acts for it."),
        NEUTRAL,
        _("Trade for an organisation that is not the venue."),
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


def told_reason(reason: Reason, currency: str) -> FindingText:
    """Return a reason in the shape of a finding; amounts among its facts are in `currency`."""
    card = CARDS.get(reason.code, OTHERWISE)
    instrument, article, quote = card.law
    title = words.word("reason", reason.code)
    return FindingText(
        code=reason.code,
        severity="restricted",
        status="hit",
        blocks=True,
        refusal=reason.code,
        title=title,
        what=gettext("Not cleared: %(title)s") % {"title": title},
        why=str(card.text),
        change=str(card.change),
        who=str(card.who),
        way_out=str(card.change),
        facts=tuple(_fact(name, value, currency) for name, value in _in_order(reason.facts)),
        sources=(Source(instrument, "", article, quote),),
        evidence=(),
    )


def refusal_texts(told: ToldRefusal, currency: str) -> tuple[FindingText, ...]:
    """Return what stands in an order's way: the checklist's items, then what is no item."""
    return (*told.items, *(told_reason(one, currency) for one in told.reasons))


def _in_order(facts: tuple[tuple[str, Any], ...]) -> list[tuple[str, Any]]:
    """Return facts in the order they are told; the database keeps them in one of its own."""
    places = {name: place for place, name in enumerate(FACTS)}
    return sorted(facts, key=lambda fact: (places.get(fact[0], len(places)), fact[0]))


def _fact(name: str, value: Any, currency: str) -> FactText:
    if value is None:
        shown = None
    elif name.endswith("_minor") and isinstance(value, int):
        shown = amount_text(Money(value, currency))
    elif isinstance(value, int):
        shown = f"{value:,}"
    elif isinstance(value, Mapping):
        shown = ", ".join(f"{key}: {one}" for key, one in value.items())
    else:
        shown = str(value)
    return FactText(name, str(FACTS.get(name, name)), shown, "")

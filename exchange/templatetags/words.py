"""The words for codes, in the reader's language. Invariant: a code has one word everywhere.

`WORDS[kind][code]` is a lazy text. What is not here is shown as the code, and a test finds it.
"""

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

Words = dict[str, Promise | str]

PURPOSES: Words = {
    "research": _("Research"),
    "credit_risk": _("Credit risk"),
    "marketing": _("Marketing"),
    "product_development": _("Product development"),
    "public_governance": _("Public governance"),
    "public_welfare": _("Public welfare"),
    "operations": _("Running a business"),
    "model_training": _("Model training"),
    "compliance_check": _("Compliance checks"),
    "resale": _("Resale"),
}
FORMS: Words = {
    "dataset": _("Dataset"),
    "api": _("API"),
    "report": _("Report"),
    "model": _("Model"),
    "verification": _("Verification service"),
}
GRADES: Words = {
    "core": _("Core data"),
    "important": _("Important data"),
    "general": _("General data"),
    "pending": _("Not graded yet"),
}
DETERMINED_BY: Words = {
    "self": _("graded by the vendor"),
    "catalogue": _("graded by catalogue"),
    "official_notice": _("graded by official notice"),
}
DATA_CLASSES: Words = {
    "public": _("Public data"),
    "enterprise": _("Enterprise data"),
    "personal": _("Personal data"),
}
ORIGINS: Words = {
    "generated": _("Generated in own operations"),
    "contract": _("Obtained by contract"),
    "scraped": _("Collected automatically from open pages"),
    "derived": _("Derived from other data"),
    "fused": _("Fused from several holders"),
    "entrusted": _("Processed on commission"),
    "authorised_operation": _("Authorised operation of public data"),
    "shared": _("Shared by government bodies"),
    "open": _("Opened to the public"),
}
LEGAL_BASES: Words = {
    "consent": _("Consent"),
    "contract": _("Contract"),
    "statutory_duty": _("Statutory duty"),
    "public_disclosure": _("Lawfully public"),
    "authorised_operation": _("Authorised operation"),
    "own_generation": _("Own generation"),
    "not_applicable": _("None needed"),
}
SENSITIVITIES: Words = {
    "none": _("Not sensitive"),
    "personal": _("Personal"),
    "sensitive": _("Sensitive personal"),
    "secret": _("Secret"),
}
CONSENT_BASES: Words = {
    "separate_consent": _("Separate consent"),
    "consent": _("Consent"),
    "contract": _("Contract"),
    "statutory": _("Statutory basis"),
    "none": _("No basis"),
}
PERSONAL_CATEGORIES: Words = {
    "whereabouts": _("Whereabouts"),
    "communication_content": _("Content of communications"),
    "credit": _("Credit information"),
    "property": _("Property"),
    "lodging": _("Lodging"),
    "communication_records": _("Communication records"),
    "health": _("Health"),
    "transactions": _("Transactions"),
    "identity": _("Identity"),
    "contact": _("Contact details"),
    "biometric": _("Biometric"),
    "income_and_tax": _("Income and tax"),
    "education_and_work": _("Education and work"),
    "family": _("Family"),
    "online_behaviour": _("Online behaviour"),
    "device": _("Devices"),
    "other": _("Other"),
}
SENSITIVE_KINDS: Words = {
    "biometric": _("Biometric"),
    "religious_belief": _("Religious belief"),
    "specific_identity": _("Specific identity"),
    "health": _("Health"),
    "genetic": _("Genetic"),
    "financial_account": _("Financial accounts"),
    "whereabouts": _("Whereabouts"),
    "minor_under_14": _("Minors under 14"),
}
FREQUENCIES: Words = {
    "real_time": _("In real time"),
    "hourly": _("Hourly"),
    "daily": _("Daily"),
    "weekly": _("Weekly"),
    "monthly": _("Monthly"),
    "quarterly": _("Quarterly"),
    "yearly": _("Yearly"),
    "on_demand": _("On demand"),
    "irregular": _("Irregularly"),
    "once": _("Not updated"),
}
DELIVERY_MODES: Words = {"download": _("Download"), "api": _("API")}
BUYER_TYPES: Words = {
    "enterprise": _("Enterprises"),
    "financial_institution": _("Financial institutions"),
    "government": _("Government bodies"),
    "public_institution": _("Public institutions"),
    "research_institute": _("Research institutes"),
    "social_organisation": _("Social organisations"),
}
ALLOCATION_ROLES: Words = {
    "venue_fee": _("Venue's fee"),
    "price": _("Price of the data"),
    "collection": _("Collection"),
    "holding": _("Holding"),
    "processing": _("Processing"),
    "operation": _("Operation"),
    "brokerage": _("Brokerage"),
    "service_provider": _("Service provider"),
    "public_budget": _("Public budget"),
    "public_interest_fund": _("Public-interest fund"),
}
PLAN_KINDS: Words = {
    "one_off": _("One-off"),
    "subscription": _("Subscription"),
    "per_call": _("By use"),
    "free": _("Free"),
    "negotiated": _("Negotiated"),
}
PRICE_BANDS: Words = {
    "free": _("Free"),
    "under_100": _("Under 100"),
    "under_1000": _("100 to 1,000"),
    "under_10000": _("1,000 to 10,000"),
    "under_100000": _("10,000 to 100,000"),
    "over": _("More"),
    "negotiated": _("Negotiated"),
}
OFFER_MODES: Words = {
    "standing": _("Concludes at once"),
    "confirm": _("The vendor confirms each buyer"),
    "negotiated": _("Price and terms are negotiated"),
}
SEVERITIES: Words = {
    "prohibited": _("Prohibited"),
    "restricted": _("Restricted"),
    "unknown": _("Unknown"),
    "caution": _("Caution"),
}
FINDING_STATES: Words = {
    "open": pgettext_lazy("finding", "Open"),
    "given": _("Evidence given"),
    "lifted": _("Lifted"),
    "stands": _("Stands"),
}
GATE_STEPS: Words = {
    "clearance": _("Clearance"),
    "declaration": _("Declaration"),
    "purpose": _("Purpose"),
    "territory": _("Territory"),
    "volume": _("Volume"),
    "term": _("Term"),
    "buyer": _("Buyer"),
    "price": _("Price"),
    "funds": _("Funds"),
}
GATE_STATES: Words = {
    "passed": _("passed"),
    "failed": _("not passed"),
    "waiting": _("not checked yet"),
}
STATIONS: Words = {
    "recorded": _("Recorded"),
    "declared": _("Declared"),
    "screened": _("Screened"),
    "reviewed": _("Reviewed"),
    "cleared": _("Cleared"),
    "ordered": _("Ordered"),
    "confirmed": _("Confirmed"),
    "contracted": _("Contracted"),
    "delivered": _("Delivered"),
    "accepted": _("Accepted"),
    "settled": _("Settled"),
    "paid": _("Paid"),
}
STATION_STATES: Words = {
    "done": _("done"),
    "current": _("under way"),
    "ahead": _("still to come"),
    "stopped": _("stopped here"),
}
STEPS: Words = {
    "describe": _("Describe"),
    "sources": _("Sources"),
    "use": _("Use and price"),
    "files": _("Files and scan"),
    "declaration": _("Declaration"),
    "split": _("Who gets what"),
}
CAUSES: Words = {
    "clearance-missing": _("No clearance"),
    "clearance-suspended": _("Clearance suspended"),
    "clearance-expired": _("Clearance expired"),
    "declaration-expired": _("Declaration expired"),
    "use-not-permitted": _("The purpose is outside the permitted use"),
    "territory-not-permitted": _("The territory is outside the permitted use"),
    "redistribution-not-permitted": _("Passing the data on is not permitted"),
    "derivation-not-permitted": _("Making products from it is not permitted"),
    "term-too-long": _("The term is longer than permitted"),
    "below-minimum": _("Less than the plan's minimum"),
    "over-price-limit": _("The price is over your limit"),
    "insufficient-funds": _("Not enough money in custody"),
    "no-fee-schedule": _("The venue has set no fees"),
    "buyer-not-admitted": _("Your organisation is not admitted to buy"),
    "vendor-suspended": _("The vendor is suspended"),
    "supplier-suspended": _("The supplier is suspended"),
    "version-not-listed": _("The version is not on the market"),
    "seats-taken": _("All seats of this plan are taken"),
    "unknown-fact": _("A fact that decides it is not known"),
    "prohibited-item": _("The checklist prohibits it"),
    "restricted-item": _("It needs evidence that is not given"),
    "confirmation-missed": _("The vendor did not answer in time"),
    "declaration-withdrawn": _("Declaration withdrawn"),
    "declaration-breached": _("Declaration breached"),
    "checklist-superseded": _("Cleared under an earlier checklist"),
    "clearance-changed": _("Its clearance has just changed"),
    "allocation-not-payable": _("The price cannot pay what its allocation promises"),
    "fee-not-chargeable": _("The venue's fee cannot be taken of this price"),
    "illegality": _("Found to be unlawful"),
    "official-order": _("Stopped by a court or an authority"),
    "consent-withdrawn": _("Consent withdrawn"),
    "right-expired": _("The right it rests on has run out"),
    "right-withdrawn": _("The right it rests on was withdrawn"),
    "mandate-ended": _("The supplier's mandate has ended"),
    "evidence-expired": _("The evidence it rests on has run out"),
    "evidence-withdrawn": _("The evidence it rests on was withdrawn"),
    "organisation-suspended": _("An organisation behind it is suspended"),
    "organisation-closed": _("An organisation behind it has closed"),
    "delisted": _("Taken off the market"),
    "buyer-not-permitted": _("Not offered to buyers of your kind"),
    "buyer-type-not-permitted": _("Not offered to buyers of your kind"),
    "confirmation-needed": _("The vendor must confirm each buyer"),
    "export-not-cleared": _("Leaving the country is not cleared"),
    "operator-redevelopment": _("An operator may not develop its own product again"),
    "personal-data-resale": _("Personal data may not be sold on"),
    "price-not-equal": _("Equal buyers get equal prices"),
    "public-data-must-be-free": _("Public data is free for this purpose"),
    "self-dealing": _("Nobody trades with itself"),
    "venue-cannot-trade": _("The venue cannot trade"),
    "another-form": _("Another form than asked for"),
    "another-currency": _("Another currency than asked for"),
    "inspection-window-passed": _("The inspection window passed without objection"),
}
# Reasons that the venue's own machinery gives; what people typed stays as it is.
REASONS: Words = CAUSES | {
    "blocked_prohibited": _("A prohibited item speaks against it"),
    "needs_evidence": _("A restricted item needs evidence"),
    "unknown": _("A fact is not known"),
    "caution": _("A senior reviewer has to look at it"),
    "cleared": _("No item speaks against it"),
    "expired": _("Its time ran out"),
    "replaced": _("A newer one took its place"),
    "venue": _("Suspended by the venue"),
}
ROLES: Words = {
    "owner": _("Owner"),
    "signatory": _("Signatory"),
    "editor": _("Editor"),
    "trader": _("Trader"),
    "finance": _("Finance"),
    "viewer": _("Viewer"),
    "admin": _("Administrator"),
    "reviewer": _("Reviewer"),
    "senior_reviewer": _("Senior reviewer"),
    "author": _("Checklist author"),
    "officer": _("Settlement officer"),
}
CAPACITIES: Words = {
    "vendor": _("Vendor"),
    "supplier": _("Supplier"),
    "buyer": _("Buyer"),
    "service_provider": _("Service provider"),
    "trustee": _("Trustee"),
}
STAGES: Words = {"maker": _("To propose"), "checker": _("To confirm")}
DEADLINES: Words = {
    "confirm": _("Confirm by"),
    "inspect": _("Inspect by"),
    "review": _("Decide by"),
    "declaration": _("Declaration ends"),
    "clearance": _("Clearance ends"),
    "quote": _("Quote stands until"),
    "evidence": _("Evidence by"),
}
VERDICTS: Words = {
    "approve": _("Approve"),
    "refuse": _("Refuse"),
    "return": _("Ask for changes"),
}
CHECKS: Words = {
    "record": _("The venue has a record of it"),
    "hash": _("The content matches its hash"),
    "signature": _("The venue's signature is valid"),
    "log": _("It is in the audit log"),
    "state": _("It is in force"),
}
DOCUMENTS: Words = {
    "certificate": _("Transaction certificate"),
    "contract": _("Contract"),
    "declaration": _("Declaration and commitment"),
    "clearance": _("Clearance"),
    "statement": _("Settlement statement"),
    "receipt": _("Receipt"),
}
ORIGINS_OF_FACTS: Words = {
    "vendor": _("stated by the vendor"),
    "scan": _("found by the scan"),
    "text": _("read in the text"),
    "register": _("from a register"),
    "order": _("stated in the order"),
    "buyer": _("stated by the buyer"),
    "venue": _("known to the venue"),
    "derived": _("worked out by the venue"),
}
LEDGER: Words = {
    "deposit": _("Deposit"),
    "hold": _("Held for a trade"),
    "release": _("Refunded from a hold"),
    "settle": _("Settlement of a trade"),
    "payout": _("Payout"),
    "reversal": _("Entry reversed"),
    # What the same posting is on one account: its kind, its code, and in or out.
    "custody-release-in": _("Refund of a trade"),
    "custody-settle-in": _("Fee given back after a refund"),
    "held-release-out": _("Refund of a trade"),
    "held-settle-out": _("Payment for a trade"),
    "payable-settle-in": _("Share of a trade"),
    "payable-payout-out": _("Payout sent to your bank"),
    "payout-payout-in": _("Payout sent to your bank"),
    "payout-payout-out": _("Payout confirmed by your bank"),
}
TERRITORIES: Words = {
    "*": _("Anywhere"),
    "CN": _("Mainland China"),
    "HK": _("Hong Kong SAR"),
    "MO": _("Macao SAR"),
    "TW": _("Taiwan"),
    "CN-BJ": _("Beijing"),
    "CN-TJ": _("Tianjin"),
    "CN-HE": _("Hebei"),
    "CN-SX": _("Shanxi"),
    "CN-NM": _("Inner Mongolia"),
    "CN-LN": _("Liaoning"),
    "CN-JL": _("Jilin"),
    "CN-HL": _("Heilongjiang"),
    "CN-SH": _("Shanghai"),
    "CN-JS": _("Jiangsu"),
    "CN-ZJ": _("Zhejiang"),
    "CN-AH": _("Anhui"),
    "CN-FJ": _("Fujian"),
    "CN-JX": _("Jiangxi"),
    "CN-SD": _("Shandong"),
    "CN-HA": _("Henan"),
    "CN-HB": _("Hubei"),
    "CN-HN": _("Hunan"),
    "CN-GD": _("Guangdong"),
    "CN-GX": _("Guangxi"),
    "CN-HI": _("Hainan"),
    "CN-CQ": _("Chongqing"),
    "CN-SC": _("Sichuan"),
    "CN-GZ": _("Guizhou"),
    "CN-YN": _("Yunnan"),
    "CN-XZ": _("Tibet"),
    "CN-SN": _("Shaanxi"),
    "CN-GS": _("Gansu"),
    "CN-QH": _("Qinghai"),
    "CN-NX": _("Ningxia"),
    "CN-XJ": _("Xinjiang"),
    "SG": _("Singapore"),
    "JP": _("Japan"),
    "US": _("United States"),
    "GB": _("United Kingdom"),
    "DE": _("Germany"),
    "FR": _("France"),
}

PRICE_REASONS: Words = {
    "actual_need_custom": _("Made to this buyer's needs, as is usual in the trade"),
    "new_user_promo": _("An offer to new users, for a reasonable time"),
    "random_fair": _("A random offer by fair rules"),
    "law_other": _("Another case the law allows"),
}
ACCOUNTS: Words = {
    "custody": _("Money in custody"),
    "held": _("Held for trades"),
    "payable": _("Earned, to be paid out"),
    "payout": _("On its way to your bank"),
}
ORGANISATION_KINDS: Words = {
    "enterprise": _("Enterprise"),
    "financial_institution": _("Financial institution"),
    "government": _("Party or government organ"),
    "public_institution": _("Public institution"),
    "research_institute": _("Research institute"),
    "social_organisation": _("Social organisation"),
}
DUTIES: Words = {
    "protect-as-graded": _("protect the data as its grade asks"),
    "report-incidents": _("report incidents at once"),
    "delete-at-end-of-term": _("delete the data at the end of the term"),
    "no-disclosure": _("disclose it to nobody"),
    "no-re-identification": _("identify nobody in it"),
}
SHORTLIST_REASONS: Words = {
    "industry": _("your industry"),
    "form": _("the form you want"),
    "within-price-limit": _("within your price limit"),
    "negotiated": _("its price can be negotiated"),
    "standing-offer": _("it can be ordered at once"),
}

WORDS: dict[str, Words] = {
    "price_reason": PRICE_REASONS,
    "account": ACCOUNTS,
    "duty": DUTIES,
    "organisation_kind": ORGANISATION_KINDS,
    "shortlist_reason": SHORTLIST_REASONS,
    "purpose": PURPOSES,
    "form": FORMS,
    "grade": GRADES,
    "determined_by": DETERMINED_BY,
    "data_class": DATA_CLASSES,
    "origin": ORIGINS,
    "legal_basis": LEGAL_BASES,
    "sensitivity": SENSITIVITIES,
    "consent_basis": CONSENT_BASES,
    "personal_category": PERSONAL_CATEGORIES,
    "sensitive_kind": SENSITIVE_KINDS,
    "frequency": FREQUENCIES,
    "delivery_mode": DELIVERY_MODES,
    "buyer_type": BUYER_TYPES,
    "allocation_role": ALLOCATION_ROLES,
    "plan_kind": PLAN_KINDS,
    "offer_mode": OFFER_MODES,
    "price_band": PRICE_BANDS,
    "severity": SEVERITIES,
    "finding_state": FINDING_STATES,
    "gate_step": GATE_STEPS,
    "gate_state": GATE_STATES,
    "station": STATIONS,
    "station_state": STATION_STATES,
    "step": STEPS,
    "cause": CAUSES,
    "reason": REASONS,
    "role": ROLES,
    "capacity": CAPACITIES,
    "stage": STAGES,
    "deadline": DEADLINES,
    "verdict": VERDICTS,
    "check": CHECKS,
    "document": DOCUMENTS,
    "fact_origin": ORIGINS_OF_FACTS,
    "ledger": LEDGER,
    "territory": TERRITORIES,
}


# What an instrument is called in English; its Chinese name is the one it has.
INSTRUMENTS = {
    "个人信息保护法": "Personal Information Protection Law",
    "网络数据安全管理条例": "Network Data Security Regulations",
    "数据安全法": "Data Security Law",
    "数据产权登记工作指引（试行）": "Data Property Rights Registration Guidelines (trial)",
    "深圳市数据交易管理暂行办法": "Shenzhen Interim Measures for Data Trading",
    "保守国家秘密法": "Law on Guarding State Secrets",
    "上海市数据条例": "Shanghai Data Regulations",
    "征信业管理条例": "Credit Reporting Regulations",
    "最高人民法院、最高人民检察院关于办理侵犯公民个人信息刑事案件适用法律若干问题的解释": (
        "Judicial Interpretation on Crimes against Citizens' Personal Information"
    ),
    "出口管制法": "Export Control Law",
    "深圳经济特区数据条例": "Shenzhen Special Economic Zone Data Regulations",
    "关于构建数据基础制度更好发挥数据要素作用的意见": "Data Twenty Measures",
    "公共数据资源授权运营实施规范（试行）": (
        "Rules on the Authorised Operation of Public Data Resources (trial)"
    ),
    "促进和规范数据跨境流动规定": "Provisions on Cross-Border Data Flows",
    "网络安全法": "Cybersecurity Law",
    "测绘法": "Surveying and Mapping Law",
    "地图管理条例": "Map Management Regulations",
    "关于建立公共数据资源授权运营价格形成机制的通知（发改价格〔2025〕65号）": (
        "Notice on the Pricing of Authorised Public Data (NDRC Price [2025] 65)"
    ),
    "银行保险机构数据安全管理办法": "Data Security Measures for Banks and Insurers",
    "深圳市数据产权登记管理暂行办法": "Shenzhen Interim Measures for Data Property Registration",
    "汽车数据安全管理若干规定（试行）": "Provisions on Automotive Data Security (trial)",
    "人类遗传资源管理条例": "Human Genetic Resources Regulations",
    "统计法": "Statistics Law",
    "粤港澳大湾区（内地、澳门）个人信息跨境流动标准合同实施指引": (
        "Greater Bay Area (Mainland, Macao) Standard Contract Guidelines"
    ),
    "电子商务法": "E-Commerce Law",
    "档案法": "Archives Law",
    "技术进出口管理条例": "Technology Import and Export Regulations",
    "反垄断法": "Anti-Monopoly Law",
    "公共数据资源登记管理暂行办法": "Interim Measures for the Registration of Public Data",
    "公共安全视频图像信息系统管理条例": "Public Security Video Systems Regulations",
    "临港新片区数据跨境流动分类分级管理办法（试行）": (
        "Lingang Measures for Classified Cross-Border Data Flows (trial)"
    ),
    "个人信息出境认证办法": "Measures for the Certification of Personal Information Export",
    "上海数据交易中心《数据流通禁止清单》": (
        "Shanghai Data Exchange Centre, List of Data Barred from Circulation"
    ),
    "民法典": "Civil Code",
}
ARTICLES = {
    "附件 1": _("annex 1"),
    "全文": _("the whole"),
    "核心数据": _("on core data"),
    "数据共享、转移和对外提供": _("on sharing, transfer and provision"),
    "不予登记情形（一）": _("grounds for refusing registration (1)"),
    "不予登记情形（三）": _("grounds for refusing registration (3)"),
    "（四）": _("measure 4"),
    "（十五）": _("measure 15"),
}


def instrument(name: str) -> str:
    """Return what a law or rule is called in the reader's language, in Chinese in its marks."""
    if not (get_language() or "").startswith("zh"):
        return INSTRUMENTS.get(name, name)
    plain = name.startswith("GB/T") or "《" in name
    return name if plain else f"《{name}》"


def word(kind: str, code: str) -> str:
    """Return the word for `code` of `kind`, or the code itself where there is none."""
    return str(WORDS[kind].get(code, code))

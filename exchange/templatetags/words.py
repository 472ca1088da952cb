"""The words for codes, in the reader's language. Invariant: a code has one word everywhere.

`WORDS[kind][code]` is a lazy text. What is not here is shown as the code, and a test finds it.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
}
LEDGER: Words = {
    "deposit": _("Deposit"),
    "hold": _("Hold for an order"),
    "release": _("Hold released"),
    "share": _("Share of a trade"),
    "fee": _("Venue's fee"),
    "payment": _("Payment for a trade"),
    "refund": _("Refund"),
    "payout": _("Payout"),
    "payout_returned": _("Payout returned by the bank"),
    "receivable": _("Set off against a refund"),
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

WORDS: dict[str, Words] = {
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
    "severity": SEVERITIES,
    "finding_state": FINDING_STATES,
    "gate_step": GATE_STEPS,
    "gate_state": GATE_STATES,
    "station": STATIONS,
    "station_state": STATION_STATES,
    "step": STEPS,
    "cause": CAUSES,
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


def word(kind: str, code: str) -> str:
    """Return the word for `code` of `kind`, or the code itself where there is none."""
    return str(WORDS[kind].get(code, code))

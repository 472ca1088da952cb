"""Words of what a listing states. Invariant: as `words`, where they are looked up."""

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
# A vendor names the type of a field freely; these are the usual ones, the rest stays as stated.
FIELD_TYPES: Words = {
    "text": _("Text"),
    "string": _("Text"),
    "integer": _("Whole number"),
    "int": _("Whole number"),
    "bigint": _("Whole number"),
    "decimal": _("Decimal number"),
    "float": _("Decimal number"),
    "double": _("Decimal number"),
    "number": _("Number"),
    "boolean": _("Yes or no"),
    "date": _("Date"),
    "time": _("Time of day"),
    "datetime": _("Date and time"),
    "timestamp": _("Date and time"),
    "code": _("Code"),
    "category": _("Category"),
    "amount": _("Amount"),
    "coordinate": _("Coordinate"),
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
UNITS: Words = {"call": pgettext_lazy("unit", "call"), "record": pgettext_lazy("unit", "record")}
RIGHT_KINDS: Words = {
    "hold": _("Right to hold"),
    "use": _("Right to process and use"),
    "operate": _("Right to operate"),
}
RELEASE_KINDS: Words = {"sample": _("Sample"), "data": _("Data")}

"""The words that facts may use. Invariant: a checklist item can name no word outside these lists.

Words that a listing's content already has are the content's own; the rest are defined here.
"""

from listings.content import vocabulary as content

PURPOSES = content.PURPOSES
FORMS = content.FORMS
GRADES = ("core", "important", "general")
DETERMINED_BY = content.DETERMINED_BY
DATA_CLASSES = content.DATA_CLASSES
ORIGINS = content.ORIGINS
LEGAL_BASES = content.LEGAL_BASES
CONSENT_BASES = content.CONSENT_BASES
PERSONAL_CATEGORIES = content.PERSONAL_CATEGORIES
SENSITIVE_KINDS = content.SENSITIVE_KINDS
SENSITIVITIES = content.SENSITIVITIES
DELIVERY_MODES = content.DELIVERY_MODES
FREQUENCIES = content.FREQUENCIES
ORGANISATION_KINDS = content.BUYER_TYPES
SECTIONS = tuple(content.INDUSTRIES)
PLAN_KINDS = ("one_off", "subscription", "per_call", "free", "negotiated")
OFFER_MODES = ("standing", "confirm", "negotiated")

# 法释〔2017〕10号 art. 5(1)(3), (4) and (5): 50, 500 and 5,000 records.
GRAVE_CATEGORIES = ("whereabouts", "communication_content", "credit", "property")
SERIOUS_CATEGORIES = ("lodging", "communication_records", "health", "transactions")
GRAVE_RECORDS, SERIOUS_RECORDS, OTHER_RECORDS = 50, 500, 5_000

# What the sample scan can find. The first group identifies a person without other data; a landline
# is a company's as often as a person's and shows nobody by itself.
IDENTIFYING_KINDS = ("resident_id", "passport", "foreign_id", "bank_card", "biometric", "genetic")
PERSONAL_SCAN_KINDS = (
    *IDENTIFYING_KINDS,
    "person_name",
    "birth_date",
    "minor",
    "mobile",
    "foreign_phone",
    "email",
    "postal_address",
    "vehicle_plate",
    "device_id",
    "ip_address",
    "gps_track",
    "health",
    "religion",
)
OTHER_SCAN_KINDS = ("landline", "social_credit_code", "classification_mark")
SCAN_KINDS = PERSONAL_SCAN_KINDS + OTHER_SCAN_KINDS
SCAN_STATES = ("done", "no_file", "failed")

# Kinds of thing that the listing's own text speaks of; the terms are in `mentions`.
MENTIONS = (
    "state_secret",
    "work_secret",
    "military",
    "core_data",
    "important_data",
    "illicit_trade",
    "resident_id",
    "contact",
    "biometric",
    "genetic",
    "health",
    "whereabouts",
    "minors",
    "personal_credit",
    "enterprise_credit",
    "finance",
    "public_images",
    "public_security_video",
    "unit_statistics",
    "map",
    "survey",
    "public_data",
    "state_archives",
    "scraped",
    "trade_secret",
    "third_party_ip",
    "export_control",
    "automotive",
    "de_identified",
)

# Where what the vendor states and what is found do not agree.
CONTRADICTIONS = (
    "scan_finds_personal",
    "scan_finds_identity",
    "scan_finds_identifier_in_anonymised",
    "dictionary_has_personal",
    "source_class_is_personal",
    "names_look_personal",
    "text_names_identifiers",
    "text_says_core",
    "text_says_important",
    "text_says_scraped",
    "text_says_public",
    "text_says_genetic",
    "text_says_personal_credit",
    "text_says_public_images",
    "text_says_third_party",
)

LICENCES = (
    "personal_credit_reporting",
    "enterprise_credit_filing",
    "surveying",
    "public_data_operation",
)
PRICE_REASONS = ("actual_need_custom", "new_user_promo", "random_fair", "law_other")
EXPORT_PATHS = (
    "not_export",
    "block",
    "security_assessment",
    "standard_contract_or_certification",
    "gba_standard_contract",
    "free_ftz",
    "free",
    "free_with_duties",
)
# The thirteen categories of the list of Tianjin; the lists of other zones are not divided here.
ZONE_LIST_PARTS = (
    "strategic_commodities",
    "natural_resources",
    "industry",
    "finance",
    "statistics",
    "information_dissemination",
    "housing_construction",
    "transport",
    "public_health",
    "public_security",
    "internet_commerce",
    "science_technology",
    "personal_information",
)
SPECIAL_REGIMES = (
    "human_genetic",
    "survey_map",
    "restricted_technology",
    "automotive",
    "bank_insurance",
)

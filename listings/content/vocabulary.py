"""The words a content document may use. Invariant: every closed list of the content is here.

Codes are what is stored and hashed; their names in either language belong to the pages.
"""

PURPOSES = (
    "research",
    "credit_risk",
    "marketing",
    "product_development",
    "public_governance",
    "public_welfare",
    "operations",
    "model_training",
    "compliance_check",
    "resale",
)

FORMS = ("dataset", "api", "report", "model", "verification")
GRADES = ("core", "important", "general", "pending")
DETERMINED_BY = ("self", "catalogue", "official_notice")

# From the mildest to the strictest: the strictest class of any source is the version's.
DATA_CLASSES = ("public", "enterprise", "personal")

ORIGINS = (
    "generated",
    "contract",
    "scraped",
    "derived",
    "fused",
    "entrusted",
    "authorised_operation",
    "shared",
    "open",
)
LEGAL_BASES = (
    "consent",
    "contract",
    "statutory_duty",
    "public_disclosure",
    "authorised_operation",
    "own_generation",
    "not_applicable",
)
SENSITIVITIES = ("none", "personal", "sensitive", "secret")
CONSENT_BASES = ("separate_consent", "consent", "contract", "statutory", "none")

# What the information is about. The first four and the next four are the two groups for which the
# criminal law counts fewer records (法释〔2017〕10号, art. 5).
PERSONAL_CATEGORIES = (
    "whereabouts",
    "communication_content",
    "credit",
    "property",
    "lodging",
    "communication_records",
    "health",
    "transactions",
    "identity",
    "contact",
    "biometric",
    "income_and_tax",
    "education_and_work",
    "family",
    "online_behaviour",
    "device",
    "other",
)
# Sensitive personal information: 个人信息保护法 art. 28.
SENSITIVE_KINDS = (
    "biometric",
    "religious_belief",
    "specific_identity",
    "health",
    "genetic",
    "financial_account",
    "whereabouts",
    "minor_under_14",
)

FREQUENCIES = (
    "real_time",
    "hourly",
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "yearly",
    "on_demand",
    "irregular",
    "once",
)
DELIVERY_MODES = ("download", "api")
BUYER_TYPES = (
    "enterprise",
    "financial_institution",
    "government",
    "public_institution",
    "research_institute",
    "social_organisation",
)
ALLOCATION_ROLES = (
    "collection",
    "holding",
    "processing",
    "operation",
    "brokerage",
    "service_provider",
    "public_budget",
    "public_interest_fund",
)

# GB/T 4754-2017: section letter → (first division, last division, name in Chinese, in English).
INDUSTRIES: dict[str, tuple[int, int, str, str]] = {
    "A": (1, 5, "农、林、牧、渔业", "Agriculture, forestry, animal husbandry and fishery"),
    "B": (6, 12, "采矿业", "Mining"),
    "C": (13, 43, "制造业", "Manufacturing"),
    "D": (44, 46, "电力、热力、燃气及水生产和供应业", "Electricity, heat, gas and water"),
    "E": (47, 50, "建筑业", "Construction"),
    "F": (51, 52, "批发和零售业", "Wholesale and retail"),
    "G": (53, 60, "交通运输、仓储和邮政业", "Transport, storage and post"),
    "H": (61, 62, "住宿和餐饮业", "Accommodation and catering"),
    "I": (63, 65, "信息传输、软件和信息技术服务业", "Information and software services"),
    "J": (66, 69, "金融业", "Finance"),
    "K": (70, 70, "房地产业", "Real estate"),
    "L": (71, 72, "租赁和商务服务业", "Leasing and business services"),
    "M": (73, 75, "科学研究和技术服务业", "Scientific research and technical services"),
    "N": (76, 79, "水利、环境和公共设施管理业", "Water, environment and public facilities"),
    "O": (80, 82, "居民服务、修理和其他服务业", "Household, repair and other services"),
    "P": (83, 83, "教育", "Education"),
    "Q": (84, 85, "卫生和社会工作", "Health and social work"),
    "R": (86, 90, "文化、体育和娱乐业", "Culture, sports and entertainment"),
    "S": (91, 96, "公共管理、社会保障和社会组织", "Public administration and social security"),
    "T": (97, 97, "国际组织", "International organisations"),
}

TERRITORY = r"\*|[A-Z]{2}(-[A-Z0-9]{1,3})?"
PRODUCT_CODE = r"DP-[0-9]{6,9}"
INDUSTRY = r"[A-T]([0-9]{2})?"

"""Who is in the demonstration market. Invariant: every organisation is plainly fictional."""

from dataclasses import dataclass

PASSWORD = "demo-market-2026"  # noqa: S105 (of a demonstration on one's own machine, and printed)
MAIL = "demo.invalid"


@dataclass(frozen=True, slots=True)
class House:
    """An organisation of the demonstration; `kinds` are its capacities."""

    code: str
    name_zh: str
    name_en: str
    kinds: tuple[str, ...]
    country: str = "CN"
    kind: str = "enterprise"
    foreign_controlled: bool = False
    region: str = "CN-31"

    @property
    def email(self) -> str:
        """The sign-in of its one member."""
        return f"{self.code.lower()}@{MAIL}"


@dataclass(frozen=True, slots=True)
class Staff:
    """A person of the venue."""

    code: str
    roles: tuple[str, ...]

    @property
    def email(self) -> str:
        """The person's sign-in."""
        return f"{self.code}@{MAIL}"


VENUE = House("VENUE", "演示数据交易场所", "Demonstration Data Exchange", ())
STAFF = (
    Staff("admin", ("admin",)),
    Staff("reviewer", ("reviewer",)),
    Staff("senior", ("senior_reviewer",)),
    Staff("author", ("author",)),
    Staff("officer", ("officer",)),
    Staff("second-officer", ("officer",)),
)
SELLER = ("vendor", "supplier")
VENDORS = (
    House("RIVER", "虚构江河数据有限公司", "Imaginary River Data Co.", SELLER),
    House("HARVEST", "虚构丰收农业数据有限公司", "Imaginary Harvest Data Co.", SELLER),
    House("TRANSIT", "虚构通达交通数据有限公司", "Imaginary Transit Data Co.", SELLER),
    House("MARKET", "虚构集市零售数据有限公司", "Imaginary Market Data Co.", SELLER),
    House("CLINIC", "虚构康宁健康数据有限公司", "Imaginary Clinic Data Co.", SELLER),
    House("LEDGER", "虚构账簿金融数据有限公司", "Imaginary Ledger Data Co.", SELLER),
    House("DEMO-IMPORT", "演示导入数据商", "Demonstration Import Vendor", SELLER),
)
SUPPLIERS = (House("METER", "虚构电表制造有限公司", "Imaginary Meter Works", ("supplier",)),)
BUYERS = (
    House(
        "LAKE",
        "虚构湖畔研究院",
        "Imaginary Lakeside Institute",
        ("buyer",),
        kind="research_institute",
    ),
    House("BRIDGE", "虚构桥梁软件有限公司", "Imaginary Bridge Software", ("buyer",)),
    House(
        "CITY", "虚构城市规划院", "Imaginary City Planning", ("buyer",), kind="public_institution"
    ),
    House(
        "BANK",
        "虚构远山银行",
        "Imaginary Far Hills Bank",
        ("buyer",),
        kind="financial_institution",
    ),
    House("POOR", "虚构囊中羞涩有限公司", "Imaginary Thin Purse Ltd.", ("buyer",)),
)
HOUSES = (*VENDORS, *SUPPLIERS, *BUYERS)

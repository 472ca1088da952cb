"""Tables in English. Invariant: as of those in Chinese, a row depends on number and seed alone."""

from math import pi, sin

from exchange.demo.tables.invented import START, Invented
from exchange.demo.tables.shape import TableKind, fields

PORTS = (
    ("CNSHA", "Shanghai", 31.23, 121.49),
    ("SGSIN", "Singapore", 1.26, 103.84),
    ("NLRTM", "Rotterdam", 51.95, 4.14),
    ("AEJEA", "Jebel Ali", 25.01, 55.06),
    ("DEHAM", "Hamburg", 53.54, 9.97),
    ("USLAX", "Los Angeles", 33.74, -118.26),
)
PRAISE = (
    "Works as described",
    "Better than expected",
    "Stopped working after a month",
    "Good value",
)
DETAILS = (
    "The parcel came two days early and nothing was broken.",
    "Setting it up took an hour because the manual is thin.",
    "I bought a second one for the office.",
    "The colour is darker than in the picture, but I kept it.",
    "Customer service answered within a day.",
)


def ports(make: Invented, number: int) -> tuple[object, ...]:
    """Return one call of one ship at one port."""
    code, name, latitude, longitude = PORTS[number % len(PORTS)]
    arrived = make.moment(number, 900)
    return (
        f"IMO{9100000 + make.random.randrange(800000)}",
        code,
        name,
        f"{latitude:.2f}",
        f"{longitude:.2f}",
        make.random.choice(("container", "bulk", "tanker", "ro-ro")),
        f"{arrived:%Y-%m-%dT%H:%M:%SZ}",
        f"{make.random.uniform(8, 96):.1f}",
        make.random.randint(120, 21000),
        f"{make.random.uniform(7.2, 16.4):.1f}",
    )


def reviews(make: Invented, number: int) -> tuple[object, ...]:
    """Return one review of a product, by nobody in particular."""
    details = " ".join(make.random.sample(DETAILS, k=make.random.randint(1, 3)))
    return (
        f"R{number + 1:09d}",
        f"P{make.random.randrange(4000):05d}",
        make.random.choice((1, 2, 3, 4, 4, 5, 5, 5)),
        make.random.choice(PRAISE),
        f'{details} "{make.random.choice(PRAISE)}", as they say.',
        make.random.randrange(60),
        f"{make.moment(number, 120):%Y-%m-%d}",
        make.random.choice(("true", "true", "false")),
    )


def meters(make: Invented, number: int) -> tuple[object, ...]:
    """Return one quarter of an hour of one electricity meter of a building."""
    meter, quarter = number % 400, number // 400
    load = 18 + 9 * sin(2 * pi * (quarter % 96 - 30) / 96) + meter % 13
    moment = START.fromtimestamp(START.timestamp() + quarter * 900, START.tzinfo)
    return (
        f"MTR-{7000000000 + meter * 37}",
        f"{moment:%Y-%m-%dT%H:%M:%S+00:00}",
        f"{max(0.2, make.random.gauss(load, 2.5)):.3f}",
        f"{make.random.gauss(230, 2.2):.1f}",
        f"{make.random.uniform(0.86, 0.99):.2f}",
        make.random.choice(("A", "A", "A", "E")),
    )


def patents(make: Invented, number: int) -> tuple[object, ...]:
    """Return one patent application of a company."""
    year = make.random.randint(2012, 2025)
    field = make.random.choice(("H04L", "G06F", "B60L", "A61K", "H01M", "G01N"))
    return (
        f"CN{year}1{make.digits(7)}.{make.digits(1)}",
        make.random.choice(("Method", "Device", "System"))
        + f" for {make.random.choice(DETAILS)[:24].strip()}",
        f"{field}{make.random.randint(1, 60)}/{make.random.randint(0, 99):02d}",
        f"Sample {make.random.choice(('Energy', 'Robotics', 'Materials', 'Networks'))} Co., Ltd.",
        f"{make.born(year, year):%Y-%m-%d}",
        make.random.choice(("granted", "pending", "withdrawn", "lapsed")),
        make.random.randint(1, 32),
        make.random.randrange(140),
    )


def guests(make: Invented, number: int) -> tuple[object, ...]:
    """Return one stay of a guest at a hotel."""
    arrived = make.moment(number, 1200)
    return (
        f"B{number + 1:08d}",
        make.english_name(),
        make.passport(),
        make.email(),
        f"+44 7700 {make.digits(6)}",
        f"{make.born():%Y-%m-%d}",
        f"{arrived:%Y-%m-%d}",
        make.random.randint(1, 9),
        f"{make.random.uniform(60, 480):.2f}",
    )


ENGLISH_TABLES = (
    TableKind(
        "port_calls",
        "港口船舶靠泊数据",
        "Calls of ships at ports",
        "en",
        "G",
        "shipping",
        fields(
            ("ship", "code", "IMO number of the ship"),
            ("port_code", "code", "UN/LOCODE of the port"),
            ("port_name", "text", "Name of the port"),
            ("port_latitude", "decimal", "Degrees north"),
            ("port_longitude", "decimal", "Degrees east"),
            ("ship_type", "text", "Type of ship"),
            ("arrived_at", "datetime", "Arrival, UTC"),
            ("hours_in_port", "decimal", "Hours"),
            ("teu", "integer", "Containers handled"),
            ("draught_m", "decimal", "Metres"),
        ),
        ports,
    ),
    TableKind(
        "product_reviews",
        "商品评价数据",
        "Reviews of products",
        "en",
        "F",
        "retail",
        fields(
            ("review_id", "code", "Review"),
            ("product_id", "code", "Product"),
            ("stars", "integer", "1 to 5"),
            ("headline", "text", "Headline"),
            ("body", "text", "Text of the review"),
            ("helpful_votes", "integer", "Votes"),
            ("reviewed_on", "date", "Day"),
            ("verified_purchase", "text", "Bought here"),
        ),
        reviews,
    ),
    TableKind(
        "energy_meters",
        "楼宇电表读数",
        "Readings of electricity meters",
        "en",
        "D",
        "energy",
        fields(
            ("meter_no", "code", "Meter of a building"),
            ("read_at", "datetime", "End of the quarter hour"),
            ("kwh", "decimal", "Energy"),
            ("volts", "decimal", "Mean voltage"),
            ("power_factor", "decimal", "Power factor"),
            ("quality", "code", "A measured, E estimated"),
        ),
        meters,
    ),
    TableKind(
        "patents",
        "专利申请数据",
        "Patent applications",
        "en",
        "M",
        "innovation",
        fields(
            ("application_no", "code", "Application number"),
            ("title", "text", "Title"),
            ("ipc", "code", "Main IPC class"),
            ("applicant_company", "text", "Applicant"),
            ("filed_on", "date", "Day of filing"),
            ("legal_status", "text", "Status"),
            ("claims", "integer", "Number of claims"),
            ("cited_by", "integer", "Citations"),
        ),
        patents,
    ),
    TableKind(
        "hotel_guests",
        "酒店住客记录",
        "Stays of hotel guests",
        "en",
        "H",
        "hospitality",
        fields(
            ("booking", "code", "Booking"),
            ("guest_name", "text", "Name", "personal", "person_name"),
            ("passport_no", "code", "Passport", "personal", "passport"),
            ("email", "text", "E-mail", "personal", "email"),
            ("phone", "code", "Telephone", "personal", "foreign_phone"),
            ("date_of_birth", "date", "Birth", "personal", "birth_date"),
            ("arrival", "date", "Arrival"),
            ("nights", "integer", "Nights"),
            ("amount", "decimal", "Paid"),
        ),
        guests,
    ),
)

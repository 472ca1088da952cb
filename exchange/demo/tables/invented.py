"""Values that look real and belong to nobody. Invariant: all of them come from one seed.

Counties in identity numbers, the issuer in card numbers and the domains of e-mail addresses are
such as were never given out (unassigned county codes, RFC 2606), so nobody can be meant.
"""

from datetime import UTC, date, datetime, timedelta
from random import Random

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"  # noqa: E501
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲芬燕彬雪琳晨宇欣怡梓涵子轩浩然思远嘉诺文博"  # noqa: E501
FIRST = (
    "James",
    "Mary",
    "Robert",
    "Linda",
    "Michael",
    "Susan",
    "David",
    "Karen",
    "Daniel",
    "Laura",
    "Peter",
    "Emma",
    "Oliver",
    "Grace",
    "Henry",
    "Alice",
    "Thomas",
    "Julia",
    "Samuel",
    "Hannah",
    "Adam",
    "Sophia",
)
LAST = (
    "Smith",
    "Jones",
    "Brown",
    "Taylor",
    "Walker",
    "Harris",
    "Martin",
    "Clarke",
    "Turner",
    "Baker",
    "Ward",
    "Foster",
    "Murray",
    "Palmer",
    "Stone",
    "Grant",
    "Hughes",
    "Parker",
    "Reid",
    "Barnes",
    "Lowe",
    "Finch",
)
CITIES = (
    ("北京市", "11", "京", 116.40, 39.90),
    ("上海市", "31", "沪", 121.47, 31.23),
    ("广州市", "44", "粤", 113.26, 23.13),
    ("深圳市", "44", "粤", 114.06, 22.55),
    ("杭州市", "33", "浙", 120.16, 30.27),
    ("成都市", "51", "川", 104.07, 30.57),
    ("武汉市", "42", "鄂", 114.31, 30.59),
    ("西安市", "61", "陕", 108.94, 34.34),
    ("南京市", "32", "苏", 118.80, 32.06),
    ("郑州市", "41", "豫", 113.62, 34.75),
    ("沈阳市", "21", "辽", 123.43, 41.80),
    ("昆明市", "53", "云", 102.83, 24.88),
)
ROADS = (
    "示范路",
    "新民街",
    "长安路",
    "和平大道",
    "解放路",
    "青年街",
    "文化路",
    "滨河大道",
    "学府路",
    "工业路",
)
MOBILE_PREFIXES = (
    "130",
    "131",
    "133",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "151",
    "152",
    "155",
    "158",
    "159",
    "166",
    "173",
    "176",
    "177",
    "180",
    "182",
    "185",
    "187",
    "188",
    "189",
    "191",
    "198",
    "199",
)
MAIL_DOMAINS = ("example.com", "example.org", "example.net", "mail.example", "corp.example")
# No Chinese administrative division has these last digits.
NO_COUNTY = ("9901", "9902", "9903", "9904")
# No bank issues under this number.
NO_ISSUER = "62999"
CREDIT_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
START = datetime(2026, 1, 1, tzinfo=UTC)


class Invented:
    """Makes values from a seed. `check_digits` are "valid" or "broken": then none is right."""

    def __init__(self, seed: int, check_digits: str = "valid") -> None:
        self.random = Random(seed)  # noqa: S311
        self.broken = check_digits == "broken"

    def digits(self, count: int) -> str:
        """Return `count` digits."""
        return f"{self.random.randrange(10**count):0{count}d}"

    def wrong(self, right: str, choices: str) -> str:
        """Return the check digit `right`, or another of `choices` where they are to be broken."""
        if not self.broken:
            return right
        return self.random.choice([digit for digit in choices if digit != right])

    def born(self, first: int = 1945, last: int = 2006) -> date:
        """Return a date of birth in the years `first` to `last`."""
        return date(self.random.randint(first, last), 1, 1) + timedelta(self.random.randrange(365))

    def resident_id(self, province: str, born: date) -> str:
        """Return an identity number of `province` and that birth date (GB 11643)."""
        body = province + self.random.choice(NO_COUNTY) + f"{born:%Y%m%d}" + self.digits(3)
        weights = (pow(2, 17 - place, 11) for place in range(17))
        total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
        return body + self.wrong("10X98765432"[total % 11], "0123456789X")

    def bank_card(self, length: int = 19) -> str:
        """Return a card number of `length` digits (ISO/IEC 7812)."""
        body = NO_ISSUER + self.digits(length - 1 - len(NO_ISSUER))
        total = 0
        for place, digit in enumerate(reversed(body)):
            value = int(digit) * (2 - place % 2)
            total += value - 9 * (value > 9)
        return body + self.wrong(str(-total % 10), "0123456789")

    def credit_code(self, province: str) -> str:
        """Return the unified social credit code of no company of `province` (GB 32100)."""
        letters = CREDIT_DIGITS
        body = f"91{province}9900" + "".join(self.random.choices(letters, k=9))
        total = sum(
            letters.index(digit) * weight
            for digit, weight in zip(body, CREDIT_WEIGHTS, strict=True)
        )
        return body + self.wrong(letters[-total % 31], letters)

    def mobile(self) -> str:
        """Return a mobile number of the Chinese numbering plan."""
        return self.random.choice(MOBILE_PREFIXES) + self.digits(8)

    def landline(self) -> str:
        """Return a landline number with its area code."""
        return (
            self.random.choice(("010", "021", "0571", "028", "0755")) + "-" + "8" + self.digits(7)
        )

    def han_name(self) -> str:
        """Return a name in Chinese."""
        given = "".join(self.random.choices(GIVEN, k=self.random.choice((1, 2, 2))))
        return self.random.choice(SURNAMES) + given

    def english_name(self) -> str:
        """Return a name in English."""
        return f"{self.random.choice(FIRST)} {self.random.choice(LAST)}"

    def email(self) -> str:
        """Return an address in a domain that can receive no mail."""
        word = self.random.choice(LAST).lower()
        return f"{word}.{self.digits(4)}@{self.random.choice(MAIL_DOMAINS)}"

    def passport(self) -> str:
        """Return the number of an ordinary passport."""
        return "E" + self.digits(8)

    def plate(self, place: str) -> str:
        """Return a vehicle plate of the province `place`."""
        letters = self.random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=2)
        return f"{place}{letters[0]}{letters[1]}{self.digits(4)}"

    def address(self, city: str) -> str:
        """Return a postal address in `city`."""
        road = self.random.choice(ROADS)
        house, room = self.random.randint(1, 400), self.random.randint(101, 2806)
        return f"{city}虚构区{road}{house}号{self.random.randint(1, 18)}栋{room}室"

    def company(self, city: str) -> str:
        """Return the name of a company that plainly is none."""
        trade = self.random.choice(
            ("商贸", "物流", "科技", "能源", "农业", "医药", "制造", "信息技术")
        )
        return f"{city[:2]}示例{self.random.randint(1, 9999)}号{trade}有限公司"

    def city(self) -> tuple[str, str, str, float, float]:
        """Return a city: name, province code, province letter, longitude, latitude."""
        return self.random.choice(CITIES)

    def moment(self, number: int, step_seconds: int) -> datetime:
        """Return the moment of row `number` when rows are some `step_seconds` apart."""
        jitter = self.random.randrange(max(1, step_seconds))
        return START + timedelta(seconds=number * step_seconds + jitter)

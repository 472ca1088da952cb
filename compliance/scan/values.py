"""How a value of each kind is written, and its check digits. Invariant: no clock, no look-up.

`WHOLE` tells what a cell is; `inside` finds what stands inside a longer text; `candidates` is the
cheap first pass over bytes: it lets everything through that the other two could find, and little
else. The identity number comes before the bank card: an 18-digit number can be valid as both.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import mul
from typing import Any

import re2

# GB 11643: province of first registration, birth date, sequence, check digit.
PROVINCES = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
MONTH_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
RESIDENT_ID = PROVINCES + "[0-9]{4}[ -]?(?:18|19|20)[0-9]{2}" + MONTH_DAY + "[ -]?[0-9]{3}[0-9Xx]"
# The form of before 1999, without century and check digit; it is found by column name only.
OLD_RESIDENT_ID = PROVINCES + "[0-9]{6}" + MONTH_DAY + "[0-9]{3}"

# ISO/IEC 7812 issuer ranges with the lengths that are in use, UnionPay (62, 16 to 19) included.
BANK_CARD = (
    "(?:(?:6[0-9]{3}|4[0-9]{3}|5[1-5][0-9]{2}|35[0-9]{2}|2[2-7][0-9]{2}|9558)"
    "(?:[ -]?[0-9]{4}){3}(?:[ -]?[0-9]{1,3})?"
    "|4[0-9]{12}|(?:2131|1800)[0-9]{11}|3(?:0[0-5]|[68][0-9])[0-9]{11}"
    "|3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5})"
)
MOBILE = "(?:(?:[+]|00)?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}"
# Inside a text "86" belongs to a number only if it is set off from it.
MOBILE_INSIDE = MOBILE.replace("(?:(?:[+]|00)?86[ -]?)?", "(?:(?:[+]|00)86[ -]?|86[ -])?")
AREA = "0(?:10|2[0-9]|[3-9][0-9]{2})"
LANDLINE = (
    f"(?:(?:[+]|00)?86[ -]?)?(?:{AREA}[ -]|[(（]{AREA}[)）][ -]?)"
    "[2-8][0-9]{6,7}(?:-[0-9]{1,5})?"
)
FOREIGN_PHONE = (
    "(?:[+](?:[1-7]|8[1-57-9]|9)[0-9]{0,2}[ .-]?[(]?[0-9]{1,4}[)]?(?:[ .-]?[0-9]{2,4}){2,4}"
    "|[(][2-9][0-9]{2}[)] ?[0-9]{3}-[0-9]{4}|[2-9][0-9]{2}-[0-9]{3}-[0-9]{4})"
)
EMAIL = "[A-Za-z0-9_.+%-]{1,64}@(?:[A-Za-z0-9-]{1,63}[.]){1,8}[A-Za-z]{2,24}"
# Mailboxes of a firm's service, behind which no one person is.
SERVICE = frozenset((
    "abuse", "accounting", "accounts", "admin", "administrator", "alert", "alerts",
    "bangongshi", "bd", "billing", "booking", "bookings", "business", "caiwu", "care", "career",
    "careers", "contact", "contacts", "cs", "customer-service", "customer.service",
    "customercare", "customerservice", "do-not-reply", "donotreply", "email", "enquiries",
    "enquiry", "export", "feedback", "finance", "fuwu", "hello", "help", "helpdesk",
    "hostmaster", "hr", "import", "info", "infos", "inquiries", "inquiry", "invoice",
    "invoices", "job", "jobs", "kefu", "legal", "lianxi", "logistics", "mail", "mailer-daemon",
    "marketing", "media", "news", "newsletter", "no-reply", "noreply", "notification",
    "notifications", "office", "order", "orders", "postmaster", "pr", "press", "privacy",
    "procurement", "purchasing", "reception", "recruit", "recruiting", "recruitment",
    "reservation", "reservations", "root", "sales", "security", "service", "service-desk",
    "servicedesk", "services", "shangwu", "shop", "store", "support", "team", "webmaster",
    "xiaoshou", "yewu", "zhaopin", "zongjingban",
))  # fmt: skip
IMEI = "(?:0[1-9]|35|86|99)[0-9]{6}[ -]?[0-9]{6}[ -]?[0-9]"
MAC = (
    "(?:(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}"
    "|(?:[0-9A-Fa-f]{4}[.]){2}[0-9A-Fa-f]{4})"
)
OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
# Addresses that are not on the public network tell nothing of who uses them.
PRIVATE_IP = (
    f"(?:(?:10|127|0)[.]{OCTET}|192[.]168|172[.](?:1[6-9]|2[0-9]|3[01])|169[.]254"
    f"|(?:22[4-9]|23[0-9]|24[0-9]|25[0-5])[.]{OCTET})[.]{OCTET}[.]{OCTET}"
)
IPV4 = f"(?:{OCTET}[.]){{3}}{OCTET}"
HEX = "[0-9A-Fa-f]{1,4}"
IPV6 = f"(?:(?:{HEX}:){{7}}{HEX}|{HEX}(?::{HEX}){{0,5}}::(?:{HEX}(?::{HEX}){{0,5}})?)"
US_SSN = "(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}"
# ISO 13616: country, check digits, account.
IBAN = "[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]{4}){2,7}(?: ?[0-9A-Z]{1,3})?"
PASSPORT = "(?:E[0-9A-HJ-NP-Z][0-9]{7}|[GDSP][0-9]{8}|[HMC][0-9]{8}(?:[0-9]{2})?)"
# GB 32100: registering authority, entity type, region, organisation code, check digit.
CREDIT_CODE = "[1-9ANY][1-59][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}"
PLATE_PLACES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
PLATE = (
    f"[{PLATE_PLACES}][A-HJ-NP-Z][ ·•-]?"
    "(?:[A-HJ-NP-Z0-9]{6}|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳])"
)
# 国家秘密定密管理: the mark is the level, a star and the term.
MARK_LEVELS = ("绝密", "机密", "秘密")
MARK = f"(?:{'|'.join(MARK_LEVELS)})[ \u3000]*[★☆]"

WHOLE = re.compile(
    "[\\s'\"=\u3000]*(?:"
    f"(?P<resident_id>{RESIDENT_ID})"
    f"|(?P<mobile>{MOBILE})"
    f"|(?P<bank_card>{BANK_CARD})"
    f"|(?P<imei>{IMEI})"
    f"|(?P<social_credit_code>{CREDIT_CODE})"
    "|(?P<number>[0-9]{11,})"
    "|(?P<decimal>[+-]?[0-9]*[.][0-9]+(?:[eE][+-]?[0-9]+)?)"
    f"|(?P<email>{EMAIL})"
    f"|(?P<us_ssn>{US_SSN})"
    f"|(?P<landline>{LANDLINE})"
    f"|(?P<private_ip>{PRIVATE_IP})"
    f"|(?P<ip>{IPV4}|{IPV6})"
    f"|(?P<mac>{MAC})"
    f"|(?P<iban>{IBAN})"
    f"|(?P<foreign_phone>{FOREIGN_PHONE})"
    f"|(?P<passport>{PASSPORT})"
    f"|(?P<vehicle_plate>{PLATE})"
    f"|(?P<classification_mark>{'|'.join(MARK_LEVELS)})"
    ")(?:[.]0)?[\\s'\"\u3000]*"
).fullmatch
# The same of a cell of 12 digits or more and nothing else, which has far fewer forms to be tried,
# and of one with an @ in it.
DIGITS_WHOLE = re.compile(
    f"(?P<resident_id>{RESIDENT_ID})"
    "|(?P<mobile>(?:00)?861[3-9][0-9]{9})"
    f"|(?P<bank_card>{BANK_CARD})"
    f"|(?P<imei>{IMEI})"
    f"|(?P<social_credit_code>{CREDIT_CODE})"
    "|(?P<number>[0-9]{11,})"
).fullmatch
MAIL_WHOLE = re.compile(f"[\\s'\"=\u3000]*(?P<email>{EMAIL})(?:[.]0)?[\\s'\"\u3000]*").fullmatch
# What of these is nobody's.
NOTHING = ("decimal", "private_ip")
# What of these is one form of a kind.
KIND_OF = {
    "imei": "device_id", "mac": "device_id", "ip": "ip_address", "us_ssn": "foreign_id",
    "iban": "bank_card", "service_mail": "email",
}  # fmt: skip

OLD_ID = re.compile(OLD_RESIDENT_ID).fullmatch

# Only where this many digits and separators follow each other can there be a number of a person.
LONG = re.compile("[0-9][0-9 ()（）-]{9,}").finditer
RUN = re.compile("[0-9]{11,}").search
DIGITS = re.compile("[0-9]{2,}").finditer
BRACKETS = ("(", "（")
# Letters may stand before a number ("tel13800001234"), digits and a decimal point may not.
NUMBER = re.compile(
    "(?<![0-9])(?<![0-9][.])(?:"
    f"(?P<resident_id>{RESIDENT_ID})"
    f"|(?P<mobile>{MOBILE_INSIDE})"
    f"|(?P<bank_card>{BANK_CARD})"
    f"|(?P<landline>{LANDLINE})"
    ")(?![0-9])"
).match
SIGNS = re.compile(
    f"(?P<vehicle_plate>{PLATE}(?![0-9A-Za-z]))|(?P<classification_mark>{MARK})"
).finditer
NET = re.compile(
    f"(?<![0-9A-Za-z.:-])(?:(?P<mac>{MAC})|(?:{PRIVATE_IP})|(?P<ip>{IPV4}|{IPV6})|(?P<us_ssn>{US_SSN})"
    "|(?P<iban>[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]{4}){2,7}(?: ?[0-9A-Z]{1,3})?))"
    "(?![0-9A-Za-z:-]|[.][0-9])"
).finditer
MAY_BE_NET = re.compile(
    "[0-9][.][0-9]{1,3}[.][0-9]|:[0-9A-Fa-f]{1,4}:|[0-9A-Fa-f][:-][0-9A-Fa-f]{2}[:-]|::"
    "|[A-Z]{2}[0-9]{2} ?[0-9A-Z]{4}"
    "|[0-9]-[0-9]{2}-"
).search
LOCAL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.+%-"
DOMAIN = re.compile("(?:[A-Za-z0-9-]{1,63}[.]){1,8}[A-Za-z]{2,24}").match
LOCAL_LENGTH = 64

MASK = str.maketrans("", "", " -'\"=\t\u3000\u00a0\n\r()（）·•")
MASK_OF_LINES = {sign: none for sign, none in MASK.items() if sign != ord("\n")}


def form_of(cell: str) -> str | None:
    """Return which group of `WHOLE` a cell is, None if it is no one value."""
    if cell.isdecimal() and cell.isascii():
        length = len(cell)
        if length == 11:
            return "mobile" if cell[0] == "1" and cell[1] > "2" else "number"
        found = DIGITS_WHOLE(cell) if length > 11 else None
    else:
        found = (MAIL_WHOLE if "@" in cell else WHOLE)(cell)
    return found.lastgroup if found else None


def plain(cell: str) -> str:
    """Return the value of `cell` without blanks, separators and what spreadsheets put around it."""
    if cell.isalnum():
        return cell
    return cell.translate(MASK).removesuffix(".0")


def plain_all(cells: list[str]) -> list[str]:
    """Return `plain` of each of `cells`, none of which has a line feed in it."""
    lines = "\n".join([*cells, ""]).translate(MASK_OF_LINES)
    return lines.replace(".0\n", "\n").split("\n")[:-1]


def of_service(address: str) -> bool:
    """Tell whether a mail address is that of a service."""
    return address.partition("@")[0].strip(" \t'\"=").lower() in SERVICE


def narrow(cell: str) -> str:
    """Return `cell` with full-width digits and letters as plain ones."""
    return cell if cell.isascii() else unicodedata.normalize("NFKC", cell)


def inside(text: str) -> list[tuple[str, str]]:
    """Return the kind and the value of what stands inside `text`, in time linear in its length."""
    found: list[tuple[str, str]] = []
    end = 0
    for run in LONG(text):
        start = run.start()
        # A run of digits and separators may hold several numbers, each where digits begin.
        for digits in DIGITS(text, start, run.end()):
            start = digits.start()
            if start < end:
                continue
            number = NUMBER(text, start - 1 if text[start - 1 : start] in BRACKETS else start)
            if number:
                end = number.end()
                found.append((str(number.lastgroup), plain(number.group())))
    at = text.find("@")
    while at >= 0:
        head = text[max(0, at - LOCAL_LENGTH) : at]
        domain = DOMAIN(text, at + 1)
        if domain and head and head[-1] in LOCAL:
            name = head[len(head.rstrip(LOCAL)) :]
            form = "service_mail" if name.lower() in SERVICE else "email"
            found.append((form, f"{name}@{domain.group()}"))
        at = text.find("@", at + 1)
    if MAY_BE_NET(text):
        found += [
            (str(one.lastgroup), one.group())
            for one in NET(text)
            if one.lastgroup and (one.lastgroup != "iban" or iban_holds(plain(one.group())))
        ]
    if not text.isascii():
        found += [(str(sign.lastgroup), plain(sign.group())) for sign in SIGNS(text)]
    return found


def resident_id_holds(number: str) -> bool:
    """Tell whether the check digit of an 18-character identity number is right (ISO 7064, 11-2)."""
    remainder = (1 - 2 * int(number[:17], 13)) % 11
    return number[17] in ("Xx" if remainder == 10 else str(remainder))


# What a doubled digit adds to the sum of Luhn.
DOUBLED = bytes(48) + bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)) + bytes(198)


def bank_card_holds(number: str) -> bool:
    """Tell whether the check digit of a card number is right (Luhn, ISO/IEC 7812-1)."""
    digits = number.encode("ascii")
    odd = digits[-1::-2]
    return (sum(odd) - 48 * len(odd) + sum(digits[-2::-2].translate(DOUBLED))) % 10 == 0


CREDIT_DIGITS = {digit: value for value, digit in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1)


def credit_code_holds(code: str) -> bool:
    """Tell whether the check digit of a unified social credit code is right (GB 32100)."""
    total: int = sum(map(mul, map(CREDIT_DIGITS.__getitem__, code), CREDIT_WEIGHTS))
    return total % 31 == 0


def iban_holds(number: str) -> bool:
    """Tell whether the check digits of an account number are right (ISO 13616)."""
    return int("".join(str(int(sign, 36)) for sign in number[4:] + number[:4])) % 97 == 1


CHECKS = {
    "resident_id": resident_id_holds,
    "bank_card": bank_card_holds,
    "imei": bank_card_holds,
    "iban": iban_holds,
    "social_credit_code": credit_code_holds,
}


def escaped(text: str) -> str:
    """Return `text` as a pattern over its UTF-8 bytes."""
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def any_of(texts: Iterable[str]) -> str:
    """Return a pattern over UTF-8 bytes for any of `texts`."""
    return "(?:" + "|".join(map(escaped, texts)) + ")"


def compiled(pattern: str) -> Any:
    """Return `pattern` compiled by RE2 over bytes: linear time on any input."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.never_capture = True
    options.log_errors = False
    return re2.compile(pattern.encode("latin-1"), options)


def spans(pattern: Any, text: bytes) -> Iterator[tuple[int, int]]:
    """Yield where `pattern` matches in `text`, from left to right.

    It asks the compiled pattern itself: for each match finditer() makes an object and two calls
    more, which would be a quarter of the time of a whole scan.
    """
    match, anchor = pattern._regexp.Match, pattern._regexp.Anchor.UNANCHORED
    start, position, end = 0, 0, len(text)
    while True:
        start, position = match(anchor, text, position, end)[0]
        if position < 0:
            return
        yield start, position


def probed(pattern: Any, text: bytes, every: int, dense_bytes: int) -> list[tuple[int, int]] | None:
    """Return where `pattern` matches, None where one match comes in less than `dense_bytes`.

    That is asked after each `every` matches, so that a dense text is not searched to its end.
    """
    match, anchor = pattern._regexp.Match, pattern._regexp.Anchor.UNANCHORED
    found: list[tuple[int, int]] = []
    add, end = found.append, len(text)
    position = 0
    while True:
        for _ in range(every):
            span = match(anchor, text, position, end)[0]
            position = span[1]
            if position < 0:
                return found
            add(span)
        if position < len(found) * dense_bytes:
            return None


@lru_cache(maxsize=16)
def candidates(delimiter: str) -> Any:
    """Return the pattern of a field that may hold something, in lines of UTF-8 bytes.

    A match is the delimiter before the field, if there is one, and the field. A run of digits
    after a decimal point is no candidate, or every column of fractions would be full of them.
    """
    mark = escaped(delimiter)
    field = f"[^{mark}\\n]*"
    runs = f"(?:{field}(?:[^0-9.{mark}\\n]|[^0-9{mark}\\n][.]))?[0-9]{{11}}"
    others = "|".join(
        (
            "@",
            "[0-9]{3}[ -][0-9]{4}",
            f"(?:[)]|{escaped('）')})[ -]?[0-9]{{7}}",
            "[+][1-9][0-9 .()-]{7}",
            "(?:E[0-9A-Z]|[GDSPHMC][0-9])[0-9]{7}",
            "[0-9]{7}[0-9A-Z]{10}",
            "[0-9][.][0-9]{1,3}[.][0-9]{1,3}[.][0-9]",
            "(?:[0-9A-Fa-f]{2}[:-]){3}[0-9A-Fa-f]{2}[:-]",
            "[0-9A-Fa-f]{4}[.][0-9A-Fa-f]{4}[.][0-9A-Fa-f]{4}",
            "[0-9A-Fa-f]{1,4}::|(?:[0-9A-Fa-f]{1,4}:){4}",
            "[0-9]{3}-[0-9]{2}-[0-9]{4}",
            "[A-Z]{2}[0-9]{2} ?[A-Z0-9]{4} ?[0-9]{4} ?[0-9]{2}",
            any_of(PLATE_PLACES) + "[A-Z]",
            any_of(MARK_LEVELS),
            "(?:\\xef\\xbc[\\x90-\\x99]){11}",
        )
    )
    return compiled(f"(?m)(?:^|[{mark}])(?:{runs}|{field}(?:{others})){field}")

"""Identity numbers of other countries, told by their form. Invariant: pure; only counts stay.

Each format is a shape and the check of python-stdnum. `strong` ones have a date, letters or two
check digits in them, so that other numbers hardly pass; the rest need the column's name.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

# So many cells of a column are tried; a format that half of the first few have not is dropped.
MOST_TRIED = 200
FIRST_TRIED = 8
DATE = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
BLANKS = str.maketrans("", "", " \t'\"")


@dataclass(frozen=True, slots=True)
class Format:
    """One country's number: its code in python-stdnum, shape, strength, and its check."""

    code: str
    shape: Callable[[str], object]
    strong: bool
    holds: Callable[[str], bool]


def hong_kong(number: str) -> bool:
    """Tell whether the check digit of a Hong Kong identity card number is right."""
    signs = re.sub("[()]", "", number.upper()).rjust(9)
    values = [36 if sign == " " else int(sign, 36) for sign in signs]
    return (
        sum(value * weight for value, weight in zip(values, range(9, 0, -1), strict=True)) % 11 == 0
    )


def taiwan(number: str) -> bool:
    """Tell whether the check digit of a Taiwan identity card number is right."""
    region = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(number[0].upper()) + 10
    digits = [region // 10, region % 10, *map(int, number[1:])]
    return sum(map(int.__mul__, digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1))) % 10 == 0


def singapore(number: str) -> bool:
    """Tell whether the check letter of a Singapore NRIC or FIN is right."""
    number = number.upper()
    total = sum(map(int.__mul__, map(int, number[1:8]), (2, 7, 6, 5, 4, 3, 2)))
    total += {"T": 4, "G": 4, "M": 3}.get(number[0], 0)
    if number[0] == "M":
        return "XWUTRQPNJLK"[10 - total % 11] == number[8]
    letters = "JZIHGFEDCBA" if number[0] in "ST" else "XWUTRQPNMLK"
    return letters[total % 11] == number[8]


OWN: dict[str, Callable[[str], bool]] = {
    "hk.id": hong_kong, "tw.id": taiwan, "sg.nric": singapore,
}  # fmt: skip

# code → shape, strong.
SHAPES: dict[str, tuple[str, bool]] = {
    "hk.id": ("[A-Za-z]{1,2}[0-9]{6}[(]?[0-9A]?[)]?", True),
    "tw.id": ("[A-Z][1289][0-9]{8}", True),
    "sg.nric": ("[STFGM][0-9]{7}[A-Z]", True),
    "ar.dni": ("[0-9]{2}[.][0-9]{3}[.][0-9]{3}", False),
    "at.vnr": ("[0-9]{4}(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2}", True),
    "be.nn": (f"[0-9]{{2}}[.]?{DATE}[-.]?[0-9]{{3}}[-.]?[0-9]{{2}}", True),
    "bg.egn": ("[0-9]{2}[0-5][0-9](?:0[1-9]|[12][0-9]|3[01])[0-9]{4}", True),
    "br.cpf": ("[0-9]{3}[.]?[0-9]{3}[.]?[0-9]{3}-?[0-9]{2}", True),
    "ca.sin": ("[0-9]{3}-?[0-9]{3}-?[0-9]{3}", False),
    "ch.ssn": ("756[.]?[0-9]{4}[.]?[0-9]{4}[.]?[0-9]{2}", True),
    "cl.rut": ("[0-9]{1,2}[.]?[0-9]{3}[.]?[0-9]{3}-[0-9Kk]", True),
    "cr.cpf": ("[0-9]{1,2}-[0-9]{3,4}-[0-9]{3,4}", False),
    "cu.ni": (f"[0-9]{{2}}{DATE}[0-9]{{5}}", False),
    "cz.rc": ("[0-9]{2}[0-8][0-9](?:0[1-9]|[12][0-9]|3[01])/?[0-9]{3,4}", True),
    "de.idnr": ("[0-9]{11}", True),
    "dk.cpr": ("(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2}-[0-9]{4}", True),
    "do.cedula": ("[0-9]{3}-?[0-9]{7}-?[0-9]", False),
    "ec.ci": ("[0-9]{9}-?[0-9]", False),
    "ee.ik": (f"[1-8][0-9]{{2}}{DATE}[0-9]{{4}}", True),
    "es.dni": ("[0-9]{8}-?[A-Z]", True),
    "es.nie": ("[XYZ]-?[0-9]{7}-?[A-Z]", True),
    "fi.hetu": (
        "(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2}[-+A-FU-Ya-f][0-9]{3}[0-9A-Ya-y]",
        True,
    ),
    "fr.nir": (
        "[12] ?[0-9]{2} ?(?:0[1-9]|1[0-2]|[2-9][0-9]) ?[0-9][0-9AB] ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}",
        True,
    ),
    "gb.nhs": ("[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}", False),
    "gr.amka": ("(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{7}", True),
    "hr.oib": ("[0-9]{11}", False),
    "id.nik": (
        "[1-9][0-9]{5}(?:0[1-9]|[12][0-9]|3[01]|[4-6][0-9]|7[01])(?:0[1-9]|1[0-2])[0-9]{6}",
        True,
    ),
    "ie.pps": ("[0-9]{7}[A-W][A-IW]?", True),
    "il.idnr": ("[0-9]{9}", False),
    "in_.aadhaar": ("[2-9][0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}", False),
    "in_.epic": ("[A-Z]{3}[0-9]{7}", True),
    "in_.pan": ("[A-Z]{3}[ABCFGHLJPT][A-Z][0-9]{4}[A-Z]", True),
    "is_.kennitala": ("[0-7][0-9](?:0[1-9]|1[0-2])[0-9]{2}-?[0-9]{4}", True),
    "it.codicefiscale": (
        "[A-Za-z]{6}[0-9LMNPQRSTUV]{2}[A-EHLMPRST][0-9A-Z]{2}[A-Z][0-9A-Z]{3}[A-Z]",
        True,
    ),
    "jp.in_": ("[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}", False),
    "kr.rrn": (f"[0-9]{{2}}{DATE}-?[0-9]{{7}}", True),
    "lt.asmens": (f"[1-6][0-9]{{2}}{DATE}[0-9]{{4}}", True),
    "lv.pvn": ("(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2}-[0-9]{5}", True),
    "mu.nid": ("[A-Z](?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{8}[0-9A-Z]", True),
    "mx.curp": ("[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[0-9A-Z][0-9]", True),
    "my.nric": (f"[0-9]{{2}}{DATE}-?[0-9]{{2}}-?[0-9]{{4}}", True),
    "nl.bsn": ("[0-9]{9}", False),
    "no.fodselsnummer": ("[0-7][0-9][0-9]{2}[0-9]{2}[0-9]{5}", True),
    "pe.cui": ("[0-9]{8}-?[0-9A-K]", False),
    "pk.cnic": ("[1-7][0-9]{4}-[0-9]{7}-[0-9]", True),
    "pl.pesel": ("[0-9]{2}[0-9][0-9](?:0[1-9]|[12][0-9]|3[01])[0-9]{5}", True),
    "pt.cc": ("[0-9]{8} ?[0-9] ?[A-Z0-9]{2}[0-9]", True),
    "ro.cnp": (f"[1-9][0-9]{{2}}{DATE}[0-9]{{6}}", True),
    "se.personnummer": (f"(?:[0-9]{{2}})?[0-9]{{2}}{DATE}[-+]?[0-9]{{4}}", True),
    "si.emso": ("(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[09][0-9]{8}", True),
    "th.pin": ("[1-8]-?[0-9]{4}-?[0-9]{5}-?[0-9]{2}-?[0-9]", False),
    "tr.tckimlik": ("[1-9][0-9]{9}[02468]", True),
    "ua.rntrc": ("[0-9]{10}", False),
    "us.itin": ("9[0-9]{2}-[0-9]{2}-[0-9]{4}", True),
    "us.ssn": ("(?!000|666|9)[0-9]{3}-?(?!00)[0-9]{2}-?(?!0000)[0-9]{4}", False),
    "za.idnr": (f"[0-9]{{2}}{DATE}[0-9]{{4}}[01][0-9]{{2}}", True),
}


def formats() -> tuple[Format, ...]:
    """Return all formats, those that are not in the installed python-stdnum left out."""
    found = []
    for code, (shape, strong) in SHAPES.items():
        holds = OWN.get(code)
        if holds is None:
            try:
                holds = import_module(f"stdnum.{code}").is_valid
            except ImportError:
                continue
        found.append(Format(code, re.compile(shape).fullmatch, strong, holds))
    return tuple(found)


FORMATS = formats()


class Tried:
    """How the first cells of a column fit each format: of `seen`, so many by shape and check."""

    __slots__ = ("alive", "passed", "seen", "shaped")

    def __init__(self) -> None:
        self.seen = 0
        self.alive: tuple[Format, ...] = FORMATS
        self.shaped: dict[str, int] = {}
        self.passed: dict[str, int] = {}

    def add(self, cells: Sequence[str]) -> None:
        """Try `cells`, which are filled."""
        for cell in cells[: MOST_TRIED - self.seen] if self.alive else ():
            self.seen += 1
            text = cell.translate(BLANKS) if len(cell) < 40 else ""
            for one in self.alive:
                if one.shape(text) or one.shape(cell):
                    self.shaped[one.code] = self.shaped.get(one.code, 0) + 1
                    if one.holds(text):
                        self.passed[one.code] = self.passed.get(one.code, 0) + 1
            if self.seen == FIRST_TRIED:
                self.alive = tuple(
                    one for one in self.alive if self.shaped.get(one.code, 0) * 2 >= FIRST_TRIED
                )

    def best(self) -> tuple[int, int, bool]:
        """Return how many cells fit some format, how many pass the likeliest, if it is strong."""
        found = max(
            ((self.passed.get(one.code, 0), one.strong) for one in self.alive), default=(0, False)
        )
        return max((self.shaped.get(one.code, 0) for one in self.alive), default=0), *found

"""From what was counted to what is said. Invariant: pure; the evidence stays apart in the finding.

A kind in a column is told by its name, by the format of its values, by their check digits, and by
how many values of the same length are something else: one number in ten passes Luhn by chance.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from compliance.scan import names
from compliance.scan.kinds import KINDS
from compliance.scan.result import CERTAIN, LIKELY, POSSIBLE, ColumnFinding
from compliance.scan.sample import ColumnSample, Sample
from compliance.scan.tally import Column, Tally

# Lengths of unknown numbers that speak against a kind.
RIVALS = {"resident_id": (18,), "mobile": (11,), "bank_card": tuple(range(13, 20))}
# A tenth (card) or an eleventh (identity number) passes by chance.
PASSING = 0.3
MINOR_YEARS = 14
# Kinds that make a row one about an identified person.
IDENTIFYING = ("resident_id", "passport", "person_name", "mobile", "email")
BY_NAME_ONLY = (
    "resident_id", "passport", "mobile", "landline", "email", "bank_card", "vehicle_plate", "device_id",  # noqa: E501
)  # fmt: skip
PHONES = frozenset({"mobile", "landline", "foreign_phone"})


@dataclass(frozen=True, slots=True)
class Table:
    """What was counted of one table. `rows` are its records without the header.

    `names` are the words that say what columns are, `titles` what they are called.
    """

    names: tuple[str, ...]
    titles: tuple[str, ...]
    columns: dict[int, Column]
    sample: Sample
    rows: int
    at: datetime | None

    def name(self, number: int) -> str:
        """Return what says what column `number` is, "" where nothing does."""
        return self.names[number] if number < len(self.names) else ""

    def title(self, number: int) -> str:
        """Return what column `number` is called, "" where it has no name."""
        return self.titles[number] if number < len(self.titles) else ""

    def looks(self, number: int) -> ColumnSample:
        """Return how column `number` looks in the sample."""
        return self.sample.columns.get(number) or ColumnSample()

    def numbers(self) -> list[int]:
        """Return the numbers of all columns seen."""
        return sorted({*self.columns, *self.sample.columns})


def findings(table: Table) -> tuple[ColumnFinding, ...]:
    """Return what `table` holds, by column and kind."""
    found = [
        finding
        for number in table.numbers()
        for finding in (*counted(table, number), *looked(table, number))
    ]
    found += by_name(table, found)
    found += minors(table, found)
    found += tracks(table, found)
    return tuple(sorted(found, key=lambda one: (one.column, one.kind)))


def counted(table: Table, number: int) -> Iterator[ColumnFinding]:
    """Yield the kinds whose values were counted in column `number`."""
    column = table.columns.get(number)
    if column is None:
        return
    named = names.kinds(table.name(number))
    for kind, tally in column.tallies.items():
        told = kind in named or (kind in PHONES and bool(named & PHONES))
        confidence = judged(kind, tally, column, told)
        if confidence:
            yield of_tally(table, number, kind, confidence, told, tally)


def judged(kind: str, tally: Tally, column: Column, named: bool) -> str:
    """Return the confidence that the column holds `kind`, "" for chance."""
    rivals = sum(column.numbers[length] for length in RIVALS.get(kind, ()))
    purity = tally.cells / (tally.cells + rivals)
    passing = tally.passed / tally.checked if tally.checked else 0.0
    if kind == "resident_id":
        return resident_id(tally, purity, passing, named)
    if kind == "bank_card":
        return bank_card(tally, purity, passing, named)
    if kind == "mobile":
        return mobile(tally, purity, named)
    if kind == "social_credit_code":
        return CERTAIN if passing >= PASSING else LIKELY if named else ""
    if kind == "passport":
        return CERTAIN if named else POSSIBLE if tally.whole >= 5 else ""
    if kind == "classification_mark":
        # A star after the level is the mark itself; the word alone may be a title.
        return CERTAIN if tally.inside or named else POSSIBLE
    strong = kind == "email"
    return CERTAIN if named or tally.cells >= 3 else LIKELY if strong else POSSIBLE


def resident_id(tally: Tally, purity: float, passing: float, named: bool) -> str:
    """Judge identity numbers; those with wrong check digits are still such numbers."""
    if passing >= PASSING and (purity >= 0.02 or named):
        return CERTAIN if tally.cells >= 3 or named else LIKELY
    if named or (purity >= 0.8 and tally.cells >= 3):
        return LIKELY
    return POSSIBLE if purity >= 0.3 and tally.cells >= 3 else ""


def bank_card(tally: Tally, purity: float, passing: float, named: bool) -> str:
    """Judge card numbers; without their check digit they are told by name or by the issuer."""
    if passing >= PASSING and (tally.passed >= 5 or (tally.passed >= 3 and passing == 1)):
        return CERTAIN
    if named:
        return LIKELY
    if passing >= 0.8:
        return POSSIBLE
    issued = {prefix[:2] for prefix in tally.spread}
    return LIKELY if purity >= 0.9 and tally.whole >= 10 and issued == {"62"} else ""


def mobile(tally: Tally, purity: float, named: bool) -> str:
    """Judge mobile numbers; numbers of a sequence begin alike, those of people do not."""
    if named:
        return CERTAIN if purity >= 0.5 else LIKELY
    if tally.cells >= 20 and len(tally.spread) < 3:
        return POSSIBLE
    if purity >= 0.8 and tally.cells >= 3:
        return CERTAIN if tally.cells >= 20 else LIKELY
    return POSSIBLE if purity >= 0.3 else ""


def looked(table: Table, number: int) -> Iterator[ColumnFinding]:
    """Yield the kinds that column `number` shows in the sample."""
    name = table.name(number)
    named = names.kinds(name)
    looks = table.looks(number)
    if not looks.filled:
        return
    texts = looks.filled - looks.numeric
    persons = max(looks.han_names, looks.english_names)
    if confidence := person_name(name, "person_name" in named, looks, persons):
        cells = texts if "person_name" in named else persons
        yield of_looks(table, number, "person_name", confidence, "person_name" in named, cells)
    told = "postal_address" in named
    if looks.share(looks.addresses) >= 0.5 and (told or not names.organisation(name)):
        yield of_looks(
            table, number, "postal_address", CERTAIN if told else LIKELY, told, looks.addresses
        )
    elif told and looks.share(texts) >= 0.5:
        yield of_looks(table, number, "postal_address", LIKELY, told, texts)
    if "birth_date" in named and looks.dates:
        confidence = CERTAIN if looks.share(looks.dates) >= 0.5 else LIKELY
        yield of_looks(table, number, "birth_date", confidence, True, looks.dates)


def person_name(name: str, named: bool, looks: ColumnSample, persons: int) -> str:
    """Return the confidence that a column holds names of persons."""
    share = looks.share(persons)
    if named:
        return CERTAIN if share >= 0.5 else LIKELY if looks.share(looks.numeric) < 0.5 else ""
    if names.plain_name(name) and share >= 0.6:
        return LIKELY
    distinct, _ = looks.distinct.count()
    # Without a name a column of few words, or of places and wares, must not pass for one of people.
    if share >= 0.85 and distinct >= 10 and not names.organisation(name):
        return LIKELY if looks.han_names >= looks.english_names else POSSIBLE
    return ""


def by_name(table: Table, found: list[ColumnFinding]) -> list[ColumnFinding]:
    """Return the kinds that only a column's name speaks for: masked, coded or described."""
    have = {(one.column - 1, one.kind) for one in found}
    sure = {one.kind for one in found if one.confidence != POSSIBLE}
    persons = bool(sure & set(IDENTIFYING)) or any(
        names.role(table.name(number), "person") for number in table.numbers()
    )
    more = []
    for number in table.numbers():
        looks = table.looks(number)
        for kind in sorted(names.kinds(table.name(number))):
            phones = kind in PHONES and any((number, other) in have for other in PHONES)
            papers = kind == "resident_id" and (number, "passport") in have
            if (number, kind) in have or phones or papers or not looks.filled:
                continue
            if kind in BY_NAME_ONLY:
                more.append(of_looks(table, number, kind, POSSIBLE, True, looks.filled))
            elif KINDS[kind].sensitive:
                confidence = LIKELY if persons else POSSIBLE
                more.append(of_looks(table, number, kind, confidence, True, looks.filled))
    return more + old_ids(table, more)


def old_ids(table: Table, more: list[ColumnFinding]) -> list[ColumnFinding]:
    """Return columns of identity numbers in the form of before 1999, told by name and format."""
    found = []
    for one in more:
        column = table.columns.get(one.column - 1)
        if one.kind == "resident_id" and column and column.old_ids * 2 > column.numbers[15] > 0:
            found.append(
                of_looks(
                    table,
                    one.column - 1,
                    one.kind,
                    LIKELY,
                    True,
                    table.looks(one.column - 1).filled,
                )
            )
            more.remove(one)
    return found


def minors(table: Table, found: list[ColumnFinding]) -> Iterator[ColumnFinding]:
    """Yield the columns that tell of persons under 14, by the year of birth at `table.at`."""
    persons = any(one.kind in IDENTIFYING and one.confidence != POSSIBLE for one in found)
    since = table.at.year - MINOR_YEARS + 1 if table.at else 9999
    for number in table.numbers():
        kinds = {
            one.kind for one in found if one.column == number + 1 and one.confidence != POSSIBLE
        }
        looks = table.looks(number)
        if "resident_id" in kinds:
            tally = (
                table.columns[number].tallies.get("resident_id")
                if number in table.columns
                else None
            )
            born = young(tally.years, since) if tally else 0
            if tally and born:
                yield of_tally(table, number, "minor", LIKELY, False, tally, cells=born)
        elif "birth_date" in kinds:
            born = young(looks.years, since)
            if born:
                yield of_looks(table, number, "minor", LIKELY, True, born)
        elif persons and names.age(table.name(number)) and looks.children:
            yield of_looks(table, number, "minor", LIKELY, True, looks.children)


def young(years: dict[str, int], since: int) -> int:
    """Return how many were born in the year `since` or later."""
    return sum(count for year, count in years.items() if int(year) >= since)


def tracks(table: Table, found: list[ColumnFinding]) -> Iterator[ColumnFinding]:
    """Yield the latitude column where someone's positions follow each other in time."""
    roles = {
        role: [number for number in table.numbers() if names.role(table.name(number), role)]
        for role in names.POSITION
    }
    places = [
        number
        for number in roles["latitude"]
        if table.looks(number).share(table.looks(number).coordinates) >= 0.5
    ]
    if not (places and roles["longitude"] and roles["moment"]):
        return
    sure = {
        one.column - 1: one.kind
        for one in found
        if one.confidence != POSSIBLE and one.kind != "minor"
    }
    people = [number for number, kind in sure.items() if kind in (*IDENTIFYING, "device_id")]
    people += roles["person"]
    vehicles = roles["vehicle"] + [
        number for number, kind in sure.items() if kind == "vehicle_plate"
    ]
    if any(repeated(table.looks(number)) for number in people):
        yield of_looks(
            table, places[0], "gps_track", LIKELY, True, table.looks(places[0]).coordinates
        )
    elif any(repeated(table.looks(number)) for number in vehicles):
        # A vehicle may be anyone's or a bus: the position of whom, only the vendor can tell.
        yield of_looks(
            table, places[0], "gps_track", POSSIBLE, True, table.looks(places[0]).coordinates
        )


def repeated(looks: ColumnSample) -> bool:
    """Tell whether the values of a column come three times or more on average."""
    distinct, _ = looks.distinct.count()
    return 0 < distinct * 3 <= looks.filled


def of_tally(
    table: Table, number: int, kind: str, confidence: str, named: bool, tally: Tally, cells: int = 0
) -> ColumnFinding:
    """Return the finding of what was counted; `cells` where only part of the tally is meant."""
    distinct, exact = tally.sketch.count()
    return ColumnFinding(
        column=number + 1,
        name=table.title(number),
        kind=kind,
        confidence=confidence,
        by_name=named,
        cells=cells or tally.cells,
        inside=0 if cells else tally.inside,
        checked=0 if cells else tally.checked,
        passed=0 if cells else tally.passed,
        share_bp=basis_points(cells or tally.cells, table.rows),
        distinct=min(distinct, cells) if cells else distinct,
        distinct_exact=exact and not cells,
        estimated=False,
        rows=() if cells else tuple(tally.rows),
    )


def of_looks(
    table: Table, number: int, kind: str, confidence: str, named: bool, cells: int
) -> ColumnFinding:
    """Return the finding of what `cells` cells of the sample show."""
    looks = table.looks(number)
    share = basis_points(cells, table.sample.rows)
    whole = table.sample.rows >= table.rows
    distinct, exact = looks.distinct.count()
    return ColumnFinding(
        column=number + 1,
        name=table.title(number),
        kind=kind,
        confidence=confidence,
        by_name=named,
        cells=cells if whole else table.rows * share // 10_000,
        inside=0,
        checked=0,
        passed=0,
        share_bp=share,
        distinct=distinct,
        distinct_exact=exact and whole,
        estimated=not whole,
        rows=tuple(looks.rows),
    )


def basis_points(part: int, whole: int) -> int:
    """Return `part` of `whole` in basis points, at most all of it."""
    return min(10_000, part * 10_000 // whole) if whole else 0

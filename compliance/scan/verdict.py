"""From what was counted to what is said. Invariant: pure; the evidence stays apart in the finding.

A kind in a column is told by its name, by the format of its values, by their check digits, and by
how many values of the same length are something else: one number in ten passes Luhn by chance.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from compliance.scan import names, values
from compliance.scan.evidence import PASSING, Seen, judged
from compliance.scan.kinds import KINDS
from compliance.scan.result import CERTAIN, CONFIDENCES, LIKELY, POSSIBLE, ColumnFinding
from compliance.scan.sample import ColumnSample, Sample
from compliance.scan.tally import Column, Tally

# Lengths of unknown numbers that speak against a form.
RIVALS = {
    "resident_id": (18,), "mobile": (11,), "bank_card": tuple(range(13, 20)), "imei": (15,),
    "social_credit_code": (18,),
}  # fmt: skip
MINOR_YEARS = 14
# Kinds that make a row one about an identified person.
IDENTIFYING = ("resident_id", "passport", "foreign_id", "person_name", "mobile", "email")
PAPERS = frozenset({"resident_id", "passport", "foreign_id"})
BY_NAME_ONLY = (
    "resident_id", "passport", "foreign_id", "mobile", "landline", "email", "bank_card", "vehicle_plate", "device_id",  # noqa: E501
)  # fmt: skip
PHONES = frozenset({"mobile", "landline", "foreign_phone"})


@dataclass(frozen=True, slots=True)
class Table:
    """What was counted of one table. `rows` are its records without the header.

    `names` are the words that say what columns are, `titles` what they are called; `counts` are
    cells that are filled, where all of them were counted.
    """

    names: tuple[str, ...]
    titles: tuple[str, ...]
    columns: dict[int, Column]
    sample: Sample
    rows: int
    at: datetime | None
    counts: dict[int, int] = field(default_factory=dict)

    def name(self, number: int) -> str:
        """Return what says what column `number` is, "" where nothing does."""
        return self.names[number] if number < len(self.names) else ""

    def title(self, number: int) -> str:
        """Return what column `number` is called, "" where it has no name."""
        return self.titles[number] if number < len(self.titles) else ""

    def looks(self, number: int) -> ColumnSample:
        """Return how column `number` looks in the sample."""
        return self.sample.columns.get(number) or ColumnSample()

    def filled(self, number: int) -> int:
        """Return in about how many rows column `number` is filled, at least one."""
        if number in self.counts:
            return max(1, self.counts[number])
        looks = self.looks(number)
        share = looks.filled / self.sample.rows if self.sample.rows else 1.0
        return max(1, round(self.rows * min(1.0, share)))

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
    found += foreign_ids(table, found)
    found += by_name(table, found)
    found += old_ids(table, found)
    found += by_content(table, found)
    found += minors(table, found)
    found += tracks(table, found)
    return strongest(whose(table, found))


def strongest(found: Iterable[ColumnFinding]) -> tuple[ColumnFinding, ...]:
    """Return one finding of each kind in each column, the surest, in their order."""
    kept: dict[tuple[int, str], ColumnFinding] = {}
    for one in found:
        other = kept.get((one.column, one.kind))
        if other is None or rank(one) < rank(other):
            kept[one.column, one.kind] = one
    return tuple(kept[key] for key in sorted(kept))


def rank(one: ColumnFinding) -> tuple[int, int]:
    """Return how sure a finding is: the lowest is the surest."""
    return CONFIDENCES.index(one.confidence), -one.cells


def whose(table: Table, found: list[ColumnFinding]) -> Iterator[ColumnFinding]:
    """Yield `found`; addresses of the network are persons' only where the table tells of visits."""
    visits = persons_in(table, found) or any(
        names.role(table.name(number), "moment") for number in table.numbers()
    )
    for one in found:
        if one.kind == "ip_address" and not visits and not one.inside:
            yield replace(one, confidence=POSSIBLE)
        else:
            yield one


def persons_in(table: Table, found: list[ColumnFinding]) -> bool:
    """Tell whether rows of `table` are about identified persons."""
    sure = {one.kind for one in found if one.confidence != POSSIBLE}
    return bool(sure & set(IDENTIFYING)) or any(
        names.role(table.name(number), "person") for number in table.numbers()
    )


def counted(table: Table, number: int) -> Iterator[ColumnFinding]:
    """Yield the kinds whose values were counted in column `number`."""
    column = table.columns.get(number)
    if column is None:
        return
    named = names.kinds(table.name(number))
    name = table.name(number)
    for form, tally in column.tallies.items():
        kind = values.KIND_OF.get(form, form)
        told = kind in named or (kind in PHONES and bool(named & PHONES))
        if form == "ip" and names.version(name):
            continue
        rivals = sum(column.numbers[length] for length in RIVALS.get(form, ()))
        confidence = judged(
            form,
            Seen(
                tally=tally,
                named=told,
                purity=tally.cells / (tally.cells + rivals),
                passing=tally.passed / tally.checked if tally.checked else 0.0,
                share=tally.whole / table.filled(number),
            ),
        )
        if confidence:
            yield of_tally(table, number, kind, confidence, told, tally)


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


def foreign_ids(table: Table, found: list[ColumnFinding]) -> Iterator[ColumnFinding]:
    """Yield the columns with identity numbers of other countries, by name, shape and check."""
    domestic = {
        one.column - 1
        for one in found
        if one.confidence != POSSIBLE and one.kind not in ("person_name", "postal_address")
    }
    for number in table.numbers():
        looks = table.looks(number)
        tried = looks.tried
        shaped, passed, strong = tried.best()
        named = "foreign_id" in names.kinds(table.name(number))
        if number in domestic or not shaped:
            continue
        distinct, _ = looks.distinct.count()
        share, right = shaped / tried.seen, passed / tried.seen
        if named and share >= 0.5:
            confidence = CERTAIN if right >= PASSING else LIKELY
        elif right >= 0.9 and distinct >= 5 and tried.seen >= 5:
            confidence = LIKELY if strong else POSSIBLE
        else:
            continue
        cells = round(looks.filled * share)
        finding = of_looks(table, number, "foreign_id", confidence, named, cells)
        yield replace(finding, checked=tried.seen, passed=passed)


def by_name(table: Table, found: list[ColumnFinding]) -> list[ColumnFinding]:
    """Return the kinds that only a column's name speaks for: masked, coded or described."""
    have = {(one.column - 1, one.kind) for one in found}
    persons = persons_in(table, found)
    more = []
    for number in table.numbers():
        looks = table.looks(number)
        for kind in sorted(names.kinds(table.name(number))):
            phones = kind in PHONES and any((number, other) in have for other in PHONES)
            papers = kind in PAPERS and any((number, other) in have for other in PAPERS)
            if (number, kind) in have or phones or papers or not looks.filled:
                continue
            if kind in BY_NAME_ONLY:
                more.append(of_looks(table, number, kind, POSSIBLE, True, looks.filled))
            elif KINDS[kind].sensitive:
                confidence = LIKELY if persons else POSSIBLE
                more.append(of_looks(table, number, kind, confidence, True, looks.filled))
    return more


def old_ids(table: Table, found: list[ColumnFinding]) -> Iterator[ColumnFinding]:
    """Yield columns of identity numbers in the form of before 1999, told by name and format."""
    for number, column in table.columns.items():
        phones = column.tallies.get("imei")
        others = column.numbers[15] + (phones.whole if phones else 0)
        named = "resident_id" in names.kinds(table.name(number))
        # One number in seventy of that length is made like one.
        full = column.old_ids >= 10 and column.old_ids * 10 >= others * 9
        if full or (named and column.old_ids * 2 > others):
            filled = table.looks(number).filled
            yield of_looks(table, number, "resident_id", LIKELY, named, filled)


def by_content(table: Table, found: list[ColumnFinding]) -> Iterator[ColumnFinding]:
    """Yield columns of diseases and of pictures, in tables about persons."""
    persons = persons_in(table, found)
    confidence = LIKELY if persons else POSSIBLE
    for number in table.numbers():
        looks = table.looks(number)
        if looks.share(looks.diseases) >= 0.5 and looks.filled >= 3:
            yield of_looks(table, number, "health", confidence, False, looks.diseases)
        if persons and looks.share(looks.pictures) >= 0.5:
            yield of_looks(table, number, "biometric", POSSIBLE, False, looks.pictures)


def minors(table: Table, found: list[ColumnFinding]) -> Iterator[ColumnFinding]:
    """Yield the columns that tell of persons under 14, by the year of birth at `table.at`."""
    persons = persons_in(table, found)
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
        elif persons and names.minors(table.name(number)) and looks.filled:
            yield of_looks(table, number, "minor", LIKELY, True, looks.filled)


def young(years: dict[str, int], since: int) -> int:
    """Return how many were born in the year `since` or later."""
    return sum(count for year, count in years.items() if int(year) >= since)


def tracks(table: Table, found: list[ColumnFinding]) -> Iterator[ColumnFinding]:
    """Yield the latitude column where someone's positions follow each other in time."""
    roles = {
        role: [number for number in table.numbers() if names.role(table.name(number), role)]
        for role in names.POSITION
    }
    place = position(table, roles)
    if place is None or not roles["moment"]:
        return
    looks = table.looks(place)
    sure = {
        one.column - 1: one.kind
        for one in found
        if one.confidence != POSSIBLE and one.kind != "minor"
    }
    people = [number for number, kind in sure.items() if kind in (*IDENTIFYING, "device_id")]
    people += roles["person"]
    others = roles["vehicle"] + roles["key"]
    others += [number for number, kind in sure.items() if kind == "vehicle_plate"]
    cells = max(looks.coordinates, looks.pairs)
    if any(moves(table.looks(number), looks) for number in people):
        yield of_looks(table, place, "gps_track", LIKELY, True, cells)
    elif any(moves(table.looks(number), looks) for number in others):
        # A vehicle may be anyone's or a bus: the position of whom, only the vendor can tell.
        yield of_looks(table, place, "gps_track", POSSIBLE, True, cells)


def position(table: Table, roles: dict[str, list[int]]) -> int | None:
    """Return the column of latitudes, or of both coordinates in one; None without either."""
    for number in roles["latitude"]:
        looks = table.looks(number)
        if roles["longitude"] and looks.share(looks.coordinates) >= 0.5:
            return number
    for number in roles["pair"]:
        looks = table.looks(number)
        if looks.share(looks.pairs) >= 0.5:
            return number
    return None


def moves(who: ColumnSample, where: ColumnSample) -> bool:
    """Tell whether the values of `who` come back, and at more places than there are of them."""
    subjects, _ = who.distinct.count()
    places, _ = where.distinct.count()
    return 0 < subjects * 3 <= who.filled and places > subjects


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
    if number in table.counts:
        whole = looks.filled >= table.counts[number]
        cells = table.counts[number] * cells // max(1, looks.filled)
        share = basis_points(cells, table.rows)
    distinct, exact = looks.distinct.count()
    return ColumnFinding(
        column=number + 1,
        name=table.title(number),
        kind=kind,
        confidence=confidence,
        by_name=named,
        cells=cells if whole or number in table.counts else table.rows * share // 10_000,
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

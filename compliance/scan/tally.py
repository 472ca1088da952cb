"""Counts of what stands in one column. Invariant: bounded, and no value stays in it.

A sketch keeps 32-bit hashes of the smallest kind: enough to count, too little to read back.
"""

from array import array
from collections import Counter
from collections.abc import Sequence
from zlib import crc32

from compliance.scan import values

FIRST_ROWS = 5
# Several cells may stand in one row: among so many, the first rows are looked for.
LISTED_ROWS = 64
SKETCH_SIZE = 1024
SKETCH_BUFFER = 2048
SPREAD_SIZE = 64
# Hash order must not follow the order of numbers in sequence: an odd multiplier scatters CRCs.
SCATTER = 0x9E3779B1
SPACE = 1 << 32


class Sketch:
    """How many different values there are: exact below `SKETCH_SIZE`, then within some 3 %.

    It keeps the smallest hashes (k minimum values, Bar-Yossef et al. 2002).
    """

    __slots__ = ("buffer", "kept", "top")

    def __init__(self) -> None:
        self.kept = array("I")
        self.buffer: list[int] = []
        self.top = SPACE

    def add(self, texts: Sequence[str]) -> None:
        """Count `texts`."""
        top = self.top
        codes = map(crc32, map(str.encode, texts))
        self.buffer += [code for crc in codes if (code := crc * SCATTER % SPACE) < top]
        if len(self.buffer) > SKETCH_BUFFER:
            self.settle()

    def settle(self) -> None:
        """Keep the smallest hashes of what was buffered."""
        smallest = sorted({*self.kept, *self.buffer})[:SKETCH_SIZE]
        self.kept = array("I", smallest)
        self.buffer = []
        if len(smallest) == SKETCH_SIZE:
            self.top = smallest[-1]

    def count(self) -> tuple[int, bool]:
        """Return how many different values were added, and whether that is exact."""
        self.settle()
        if len(self.kept) < SKETCH_SIZE:
            return len(self.kept), True
        return (SKETCH_SIZE - 1) * SPACE // self.kept[-1], False


class Tally:
    """What was seen of one kind in one column.

    `whole` counts cells that are such a value, `inside` cells with one in a longer text; `checked`
    and `passed` count those cells by their check digits; `rows` are the first record numbers.
    """

    __slots__ = ("checked", "inside", "passed", "rows", "sketch", "spread", "whole", "years")

    def __init__(self) -> None:
        self.whole = self.inside = self.checked = self.passed = 0
        self.rows: list[int] = []
        self.sketch = Sketch()
        self.spread: set[str] = set()
        self.years: Counter[str] = Counter()

    @property
    def cells(self) -> int:
        """How many cells hold the kind."""
        return self.whole + self.inside

    def add(self, kind: str, texts: list[str], rows: Sequence[int], places: Sequence[int]) -> None:
        """Count cells with the values `texts`, which stand at `places` of `rows`."""
        if kind == "mobile":
            # With and without the country code it is one number.
            texts = [text[-11:] for text in texts]
        check = values.CHECKS.get(kind)
        if check:
            self.checked += len(texts)
            self.passed += sum(map(check, texts))
        if kind == "resident_id":
            self.years.update([text[6:10] for text in texts])
        if len(self.spread) < SPREAD_SIZE:
            self.spread.update([text[:3] for text in texts[:SPREAD_SIZE]])
        self.sketch.add(texts)
        if len(self.rows) < FIRST_ROWS:
            first = [rows[place] for place in places[:LISTED_ROWS]]
            self.rows = sorted({*self.rows, *first})[:FIRST_ROWS]


class Column:
    """The tallies of one column, and the lengths of numbers in it that are nothing known."""

    __slots__ = ("numbers", "old_ids", "tallies")

    def __init__(self) -> None:
        self.tallies: dict[str, Tally] = {}
        self.numbers: Counter[int] = Counter()
        self.old_ids = 0

    def tally(self, kind: str) -> Tally:
        """Return the tally of `kind`."""
        tally = self.tallies.get(kind)
        if tally is None:
            tally = self.tallies[kind] = Tally()
        return tally

    def take(self, cells: Sequence[str], rows: Sequence[int]) -> list[int]:
        """Count the `cells` of records `rows` that are one value; return the places of the others.

        A blank cell, a fraction and a short number are others.
        """
        groups: dict[str, list[int]] = {}
        others: list[int] = []
        for place, kind in enumerate(map(values.form_of, cells)):
            if kind is None:
                others.append(place)
                continue
            try:
                groups[kind].append(place)
            except KeyError:
                groups[kind] = [place]
        for kind in values.NOTHING:
            groups.pop(kind, None)
        if mails := groups.get("email"):
            service = {place for place in mails if values.of_service(cells[place])}
            groups["email"] = [place for place in mails if place not in service]
            groups["service_mail"] = sorted(service)
        for kind, places in sorted(groups.items()):
            if not places:
                continue
            texts = values.plain_all([cells[place] for place in places])
            if kind in ("number", "imei"):
                # An identity number of before 1999 may look like the number of a telephone.
                self.old_ids += sum(map(bool, map(values.OLD_ID, texts)))
            if kind == "number":
                self.numbers.update([min(length, 30) for length in map(len, texts)])
            else:
                tally = self.tally(kind)
                tally.whole += len(places)
                tally.add(kind, texts, rows, places)
        return others

    def take_inside(self, cells: Sequence[str], rows: Sequence[int], places: Sequence[int]) -> None:
        """Count what stands inside the longer texts at `places` of `cells`."""
        groups: dict[str, tuple[list[int], list[str], list[str]]] = {}
        for place in places:
            found = values.inside(values.narrow(cells[place]))
            if not found and (run := values.RUN(cells[place])):
                # Codes such as "AB13800001234" speak against the numbers found in others.
                self.numbers[min(len(run.group()), 30)] += 1
            for kind, text in found:
                if kind not in groups:
                    groups[kind] = ([], [], [])
                holders, texts, more = groups[kind]
                # A cell counts once; what else of the kind it holds are different values only.
                if holders and holders[-1] == place:
                    more.append(text)
                else:
                    holders.append(place)
                    texts.append(text)
        for kind, (holders, texts, more) in groups.items():
            tally = self.tally(kind)
            tally.inside += len(holders)
            tally.add(kind, texts, rows, holders)
            tally.sketch.add(more)

"""python -m bench.scan [--quick]: how fast, how well and in how much memory the scan works.

One JSON document goes to standard output, progress to standard error. Speed is compared with
`grep -cE` for the same patterns over the same file, by turns in the same run, on one core; memory
is the most that a process of its own had resident; the labelled tables are those of the tests.
"""

import argparse
import io
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from bench import scan_corpus as corpus
from compliance.scan import ScanRefused, scan_file, values
from compliance.scan.identity import FORMATS
from exchange.demo.tables.invented import Invented

MEGABYTE = 1_000_000
CASES = Path(os.environ.get("DATABOURSE_CASES") or Path(__file__).parents[2] / "shared" / "cases")
AT = datetime(2026, 6, 1, tzinfo=UTC)
# Identity number, mobile, card, mail and passport; grep counts lines with any of them.
PATTERNS = (
    "[1-9][0-9]{5}(18|19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]",
    "1[3-9][0-9]{9}",
    "(62|4[0-9]|5[1-5])[0-9]{14,17}",
    "[A-Za-z0-9_.+%-]+@[A-Za-z0-9-]+[.][A-Za-z]{2,}",
    "[EG][0-9]{8}",
)
# The same so loosely that grep is fastest: dates and issuers are not looked at.
LOOSE = ("[0-9]{17}[0-9Xx]", "1[3-9][0-9]{9}", "[0-9]{16,19}", "@", "[EG][0-9]{8}")


HEADER = "id,created_at,order_no,amount,lat,lon,status,depot,crates,remark,contact\n"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is scanned: a file of so many megabytes, streams of `sizes`, sets of tables."""

    megabytes: int
    rounds: int
    sizes: tuple[int, ...]
    seeds: int


WHOLE = Plan(100, 5, (10, 100, 1000), 5)
SHORT = Plan(100, 2, (10, 1000), 1)
LEAST = Plan(10, 2, (1, 10), 0)
SCAN, GREP, GREP_LOOSE = "scan", "grep -cE", "grep -cE, loosely"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.scan", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="seconds instead of minutes")
    parser.add_argument("--resident", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.resident is not None:
        print(resident(asked.resident))
        return
    begun = time.monotonic()
    document = measured(LEAST if asked.quick else WHOLE)
    print(json.dumps({**document, "seconds": round(time.monotonic() - begun, 1)}, indent=2))


def measured(plan: Plan) -> dict[str, Any]:
    """Return everything that is measured of the scan."""
    found: dict[str, Any] = {
        "speed": speed(plan.megabytes, plan.rounds),
        "resident_megabytes": memory(plan.sizes),
    }
    if plan.seeds:
        found |= {
            "labelled": labelled(plan.seeds),
            "labelled_numbers": labelled_numbers(),
            "real_files": real_files(),
        }
    return found


def say(text: str) -> None:
    """Tell how far it is."""
    print(text, file=sys.stderr, flush=True)


def lines(seed: int) -> Iterator[str]:
    """Yield rows of orders without end: 5 % name a person, 1 % something that looks like it.

    A hundred megabytes are some 980,000 rows, as in the measurements that the target is from.
    """
    make = Invented(seed)
    random = make.random
    makers: tuple[Callable[[], str], ...] = (
        lambda: make.resident_id("11", make.born()),
        make.mobile,
        make.bank_card,
        make.email,
        make.passport,
    )
    remarks = ("delivered on time", "check again", "returned", "priority", "no comment", "late")
    depots = ("north harbour", "old town", "airport", "river bend", "east gate", "hill station")
    number = 0
    while True:
        kind, contact = random.random(), ""
        if kind < 0.05:
            contact = random.choice(makers)()
        elif kind < 0.06:
            contact = make.digits(random.choice((18, 16, 11)))
        yield (
            f"{number},2026-01-{number % 28 + 1:02d} {number % 24:02d}:{number % 60:02d}:00,"
            f"A{number:09d},{random.random() * 1000:.2f},{random.uniform(20, 50):.6f},"
            f"{random.uniform(80, 120):.6f},{random.choice('abc')},{random.choice(depots)},"
            f"{number % 97},{random.choice(remarks)},{contact}\n"
        )
        number += 1


def speed(megabytes: int, rounds: int) -> dict[str, Any]:
    """Return rates in MB/s and, as the median of the rounds, ours over each of grep's."""
    say(f"writing {megabytes} MB")
    with tempfile.TemporaryDirectory(prefix="bench-scan-") as folder:
        path = Path(folder) / "orders.csv"
        size = 0
        with path.open("w", encoding="ascii") as out:
            size += out.write(HEADER)
            for line in lines(7):
                size += out.write(line)
                if size >= megabytes * MEGABYTE:
                    break
        grep = shutil.which("grep")
        ways: dict[str, Callable[[], object]] = {SCAN: lambda: scanned(path)}
        if grep:
            ways[GREP] = lambda: grepped(grep, "|".join(PATTERNS), path)
            ways[GREP_LOOSE] = lambda: grepped(grep, "|".join(LOOSE), path)
        with one_core():
            rates, costs = by_turns(ways, size, rounds)
        python = re_rate(path)
    return {
        "megabytes_a_second": {
            name: round(statistics.median(some), 1) for name, some in rates.items()
        },
        "megabytes_a_second_of_cpu": {
            name: round(statistics.median(some), 1) for name, some in costs.items()
        },
        "python_re_megabytes_a_second": round(python, 1),
        "ratios": {
            f"scan over {name}": {
                "wall": compared(rates[SCAN], rates[name]),
                "cpu": compared(costs[SCAN], costs[name]),
            }
            for name in rates
            if name != SCAN
        },
    }


def compared(ours: list[float], theirs: list[float]) -> dict[str, Any]:
    """Return the median of our rates over theirs, and that of each round."""
    rounds = [round(a / b, 2) for a, b in zip(ours, theirs, strict=True)]
    return {"median": round(statistics.median(rounds), 2), "rounds": rounds}


def by_turns(
    ways: dict[str, Callable[[], object]], size: int, rounds: int
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Run each way once a round, beginning with another one each time.

    Return the rates by the clock, and those by the CPU time that was used, grep's too.
    """
    rates: dict[str, list[float]] = {name: [] for name in ways}
    costs: dict[str, list[float]] = {name: [] for name in ways}
    names = list(ways)
    for number in range(rounds + 1):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            begun, used = time.perf_counter(), cpu_seconds()
            ways[name]()
            if number:
                # The first round warms the page cache.
                rates[name].append(size / MEGABYTE / (time.perf_counter() - begun))
                costs[name].append(size / MEGABYTE / max(0.01, cpu_seconds() - used))
        say(f"scanning, round {number} of {rounds}")
    return rates, costs


def cpu_seconds() -> float:
    """Return the CPU time that this process and those that it has waited for have used."""
    return sum(os.times()[:4])


class one_core:  # noqa: N801
    """Everything within runs on one core, other programs too."""

    def __enter__(self) -> None:
        self.before = getattr(os, "sched_getaffinity", lambda _: set())(0)
        if self.before:
            os.sched_setaffinity(0, {max(self.before)})

    def __exit__(self, *_: object) -> None:
        if self.before:
            os.sched_setaffinity(0, self.before)


def scanned(path: Path) -> object:
    """Scan a file."""
    with path.open("rb") as stream:
        return scan_file(stream, name=path.name, at=AT)


def grepped(grep: str, pattern: str, path: Path) -> bytes:
    """Count lines with grep; into a pipe, for into nothing it stops at the first."""
    return subprocess.run(
        [grep, "-cE", pattern, str(path)],
        env={"LC_ALL": "C"},
        stdout=subprocess.PIPE,
        check=True,
    ).stdout


def re_rate(path: Path) -> float:
    """Return how fast Python's re counts the same patterns, on a part of the file."""
    with path.open("rb") as stream:
        part = stream.read(4 * MEGABYTE)
    pattern = re.compile("|".join(PATTERNS).replace("(", "(?:").encode())
    begun = time.perf_counter()
    sum(1 for _ in pattern.finditer(part))
    return len(part) / MEGABYTE / (time.perf_counter() - begun)


class Pieces(io.RawIOBase):
    """A stream of pieces that are made as they are read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces
        self.held = b""

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, room: memoryview) -> int:  # type: ignore[override]
        """Fill `room`."""
        self.held = self.held or next(self.pieces, b"")
        got = self.held[: len(room)]
        self.held = self.held[len(room) :]
        room[: len(got)] = got
        return len(got)


def resident(megabytes: int) -> int:
    """Scan a text of so many megabytes and return the most that was resident, in kB."""
    rows = lines(9)
    piece = "".join(next(rows) for _ in range(MEGABYTE // 90)).encode()
    pieces = chain([HEADER.encode()], repeat(piece, megabytes))
    scan_file(io.BufferedReader(Pieces(pieces), 1 << 17), name="stream", at=AT)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def memory(sizes: tuple[int, ...]) -> dict[str, float]:
    """Return the most resident memory of a scan of each size, in a process of its own."""
    found = {}
    for size in sizes:
        say(f"memory of {size} MB")
        done = subprocess.run(
            [sys.executable, "-m", "bench.scan", "--resident", str(size)],
            cwd=Path(__file__).parents[1],
            stdout=subprocess.PIPE,
            check=True,
        )
        found[f"{size} MB"] = round(int(done.stdout) / 1024, 1)
    return found


def labelled(seeds: int) -> dict[str, Any]:
    """Return precision and recall of every kind, for right and for wrong check digits."""
    scores = {digits: corpus.Score() for digits in corpus.CHECK_DIGITS}
    for seed in range(1, seeds + 1):
        say(f"labelled tables, {seed} of {seeds}")
        for digits, score in scores.items():
            tables = [one for one in corpus.tables(seed) if one.check_digits == digits]
            other = corpus.scored(tables)
            for name in ("right", "wrong", "missed"):
                getattr(score, name).update(getattr(other, name))
            score.faults += other.faults
    return {
        digits: {
            "kinds": {
                kind: {
                    "precision": round(score.precision([kind]), 3),
                    "recall": round(score.recall([kind]), 3),
                    "columns": score.right[kind] + score.missed[kind],
                }
                for kind in score.kinds()
            },
            "chinese_numbers": {
                "precision": round(score.precision(corpus.CHINESE_KINDS), 4),
                "recall": round(score.recall(corpus.CHINESE_KINDS), 4),
            },
            "faults": score.faults,
        }
        for digits, score in scores.items()
    }


# What the sentences of cases/pii mark, and the forms that the scan tells apart inside a text.
ENTITIES = {
    "CREDIT_CARD": "bank_card",
    "EMAIL_ADDRESS": "email",
    "IBAN_CODE": "iban",
    "US_SSN": "us_ssn",
    "IP_ADDRESS": "ip",
}


def labelled_numbers() -> dict[str, Any]:
    """Tell how well what stands in cases/pii is found: in sentences, by check digits, by form."""
    folder = CASES / "pii"
    if not folder.is_dir():
        return {"absent": str(folder)}
    telephones = json.loads((folder / "libphonenumber-examples.json").read_text())
    numbers = [
        one["e164"] for one in telephones if one["valid"] and one["type"] in ("mobile", "fixed")
    ]
    told = [found.lastgroup for found in map(values.WHOLE, numbers) if found]
    return {
        "sentences": sentences(folder / "presidio_synth_dataset_v2.json"),
        "identity_numbers": identity_numbers(folder / "stdnum-vectors.json"),
        "telephone_numbers": {
            "recall": round(
                sum(kind in ("mobile", "foreign_phone") for kind in told) / len(numbers), 3
            ),
            "numbers": len(numbers),
        },
    }


def sentences(path: Path) -> dict[str, Any]:
    """Return precision and recall of what stands inside English sentences."""
    score = corpus.Score()
    for sentence in json.loads(path.read_text()):
        told = {form for form, _ in values.inside(values.narrow(sentence["full_text"]))}
        told = {"email" if form == "service_mail" else form for form in told}
        marked = {
            ENTITIES[span["entity_type"]]
            for span in sentence["spans"]
            if span["entity_type"] in ENTITIES
        }
        told &= set(ENTITIES.values())
        score.right.update(told & marked)
        score.wrong.update(told - marked)
        score.missed.update(marked - told)
    return {
        form: {
            "precision": round(score.precision([form]), 3),
            "recall": round(score.recall([form]), 3),
            "sentences": score.right[form] + score.missed[form],
        }
        for form in score.kinds()
    }


def identity_numbers(path: Path) -> dict[str, Any]:
    """Return how the formats of identity numbers judge numbers labelled right or wrong."""
    formats = {one.code: one for one in FORMATS}
    tried = [one for one in json.loads(path.read_text()) if one["module"] in formats]
    held = [formats[one["module"]].holds(one["number"].replace(" ", "")) for one in tried]
    right = [one["expect"] == "valid" for one in tried]
    both = sum(a and b for a, b in zip(held, right, strict=True))
    return {
        "precision": round(both / max(1, sum(held)), 3),
        "recall": round(both / max(1, sum(right)), 3),
        "numbers": len(tried),
    }


def real_files() -> dict[str, Any]:
    """Scan the real files, where they are, and tell what was found and refused."""
    folder = CASES / "files"
    if not folder.is_dir():
        return {"absent": str(folder)}
    found: dict[str, list[str]] = {}
    refused: dict[str, str] = {}
    slowest = ("", 0.0)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in paths:
        begun = time.perf_counter()
        try:
            with path.open("rb") as stream:
                kinds = scan_file(stream, name=path.name, at=AT).kinds()
        except ScanRefused as told:
            refused[path.name] = told.code
        else:
            if kinds:
                found[path.name] = list(kinds)
        seconds = time.perf_counter() - begun
        slowest = max(slowest, (path.name, round(seconds, 2)), key=lambda one: one[1])
    return {"files": len(paths), "found": found, "refused": refused, "slowest": slowest}


if __name__ == "__main__":
    main()

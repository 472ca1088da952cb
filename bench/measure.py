"""Measuring by turns. Invariant: what is compared runs in the same rounds, in changing order.

Wall time on a shared machine drifts many times over; the ratio of two things that took turns
within a second does not, nor does the CPU time that either took.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Case:
    """Something to be measured: `prepare` is untimed, `run` returns how many operations it did.

    `backend` is the process of the server that works for it. A case with a `rate` is timed by
    another program, which returns operations a second; its CPU time is not known.
    """

    name: str
    run: Callable[[], int] = lambda: 0
    prepare: Callable[[], None] = lambda: None
    backend: int = 0
    rate: Callable[[], float] | None = None
    rates: list[float] = field(default_factory=list)
    client_us: list[float] = field(default_factory=list)
    server_us: list[float] = field(default_factory=list)

    def once(self) -> None:
        """Run it once and keep what it took."""
        self.prepare()
        if self.rate is not None:
            self.rates.append(self.rate())
            return
        server, client = backend_us(self.backend), time.process_time()
        begun = time.perf_counter()
        done = self.run()
        seconds = time.perf_counter() - begun
        client_us = (time.process_time() - client) * 1e6
        server_us = backend_us(self.backend) - server
        self.rates.append(done / seconds)
        self.client_us.append(client_us / done)
        self.server_us.append(server_us / done)

    def costs(self) -> dict[str, float]:
        """Return the median CPU time of one operation on either side, in µs."""
        return {
            "client": round(statistics.median(self.client_us), 1),
            "server": round(statistics.median(self.server_us), 1),
        }


def take_turns(cases: Sequence[Case], rounds: int, tell: Callable[[str], None]) -> None:
    """Run every case once a round, beginning with another one each time."""
    for number in range(rounds):
        start = number % len(cases)
        for case in [*cases[start:], *cases[:start]]:
            case.once()
        tell(f"round {number + 1} of {rounds}")


def ratio(ours: Case, theirs: Case) -> float:
    """Return the median, over the rounds, of our rate over theirs."""
    return round(statistics.median(_ratios(ours, theirs)), 3)


def compared(ours: Case, theirs: Case) -> dict[str, Any]:
    """Return the ratio of each round, and of the CPU time: theirs over ours, blind to waiting."""
    found: dict[str, Any] = {"rounds": [round(one, 3) for one in _ratios(ours, theirs)]}
    if theirs.rate is None:
        found["cpu"] = round(sum(theirs.costs().values()) / sum(ours.costs().values()), 3)
    return found


def rate(case: Case) -> float:
    """Return the median rate, operations a second."""
    return round(statistics.median(case.rates), 1)


def _ratios(ours: Case, theirs: Case) -> list[float]:
    return [a / b for a, b in zip(ours.rates, theirs.rates, strict=True)]


def backend_us(pid: int) -> float:
    """Return the CPU time of a process in µs; 0 where the system does not say."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1_000
    return 0.0

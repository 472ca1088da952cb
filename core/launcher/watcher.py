"""The supervisor's own guard: a script, run by path, that outlives it by a moment.

Invariant: when the supervisor ends without saying "done" (kill -9), its servers end too. It reads
"PID SIGNAL" lines on standard input and the directory to remove at the end as its argument.
"""

import os
import shutil
import signal
import sys
import time
from pathlib import Path

POLITE_SECONDS = 20


def main() -> None:
    """Wait for the end of the supervisor and see that its servers follow it."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    servers: list[tuple[int, int]] = []
    for line in sys.stdin:
        if line.strip() == "done":
            return
        pid, number = line.split()
        servers.append((int(pid), int(number)))
    for pid, number in servers:
        _send(pid, number)
    deadline = time.monotonic() + POLITE_SECONDS
    while any(_runs(pid) for pid, _ in servers) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid, _ in servers:
        _send(pid, signal.SIGKILL)
    shutil.rmtree(sys.argv[1], ignore_errors=True)


def _runs(pid: int) -> bool:
    try:
        # A zombie has ended; whether anybody asks how is not for us to wait for.
        status = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        return status.rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return _send(pid, 0)


def _send(pid: int, number: int) -> bool:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    main()

"""`manage.py run`: portal, worker and bank come up together and end together."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from exchange.demo.processes import free_port
from tests.races.serving import ROOT, environment

SECONDS = 60


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_signal_ends_everything(live_database: str, tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run", "--port", str(port)],
        cwd=ROOT,
        env=environment(live_database) | {"DATABOURSE_HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        assert process.stdout.readline().startswith("The portal is on http://127.0.0.1:")
        children = psutil.Process(process.pid).children(recursive=True)
        assert len(children) >= 6
        # The worker writes letters: their links lead to this portal.
        told = {one.environ().get("DATABOURSE_BASE_URL") for one in children}
        assert told == {f"http://127.0.0.1:{port}"}
        os.kill(process.pid, number)
        process.wait(SECONDS)
    finally:
        process.kill()

    gone, alive = psutil.wait_procs(children, timeout=SECONDS)
    assert alive == []
    assert len(gone) == len(children)

"""A real gunicorn with two workers over a test's own database, and clients that start together."""

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import connection, connections

ROOT = Path(__file__).resolve().parents[2]


def environment(database: str) -> dict[str, str]:
    """What a process needs to stand on a test's own database."""
    base = os.environ["DATABASE_URL"]
    parameters = connection.get_connection_params()
    former = base.rsplit("/", 1)[1].partition("?")[0]
    assert parameters["dbname"] == database
    return os.environ | {"DATABASE_URL": base.replace(f"/{former}", f"/{database}", 1)}


@dataclass
class Server:
    """Where it listens, and one request at a time to it."""

    port: int

    def send(
        self, method: str, path: str, token: str, body: Any = None, key: str = ""
    ) -> tuple[int, Any]:
        """Return the status and the document of one request on a connection of its own."""
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        if method != "GET":
            headers["Idempotency-Key"] = key or uuid4().hex
        raw = None if method == "GET" else json.dumps({} if body is None else body)
        try:
            client.request(method, f"/api/v1/{path}", raw, headers)
            response = client.getresponse()
            return response.status, json.loads(response.read() or b"null")
        finally:
            client.close()


@contextmanager
def gunicorn(database: str, settings: str = "exchange.settings") -> Iterator[Server]:
    """Serve the portal and the API with two worker processes.

    Either takes twenty requests at once, so that no client of a race waits for another's thread;
    what they load is loaded once.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = ["-m", "gunicorn", "exchange.wsgi", "--workers", "2", "--threads", "20"]
    arguments += ["--preload", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    around = environment(database) | {"DJANGO_SETTINGS_MODULE": settings}
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=around)
    try:
        _wait_until_up(port, process)
        yield Server(port)
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_up(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "gunicorn ended"
        try:
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            client.request("GET", "/health")
            if client.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            client.close()
    raise AssertionError("gunicorn does not answer")


def together(work: list[Callable[[], Any]]) -> list[Any]:
    """Run all of `work` in threads that start at one barrier; return what each returned."""
    barrier = threading.Barrier(len(work))

    def run(one: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=60)
            return one()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(work)) as pool:
        return [future.result() for future in [pool.submit(run, one) for one in work]]

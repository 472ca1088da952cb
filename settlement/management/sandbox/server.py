"""The sandbox bank's counter. Invariant: only who holds the token of its address file is served.

HTTP on 127.0.0.1. The address file, readable by its owner alone, says where and with which token;
one process serves a directory, and a second one says so and ends.
"""

import fcntl
import json
import os
import secrets
import signal
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from settlement.management.sandbox.books import Books, Refused

ADDRESS_FILE = "address.json"
MOST_BYTES = 8 * 1024 * 1024
HOST = "127.0.0.1"


class BankRunning(RuntimeError):
    """Another process serves this directory."""


class Counter(ThreadingHTTPServer):
    """The HTTP server with the books behind it; one request at a time touches the books."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, books: Books, port: int, token: str) -> None:
        super().__init__((HOST, port), _Window)
        self.books, self.token, self.turn = books, token, threading.Lock()

    @property
    def url(self) -> str:
        """The address with its token."""
        return f"http://{self.token}@{HOST}:{self.server_address[1]}"


class _Window(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Counter

    def do_GET(self) -> None:
        self._serve(None)

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        if size > MOST_BYTES:
            self._answer(413, {"error": "too large"})
            return
        try:
            body = json.loads(self.rfile.read(size))
        except ValueError:
            self._answer(400, {"error": "the body is not JSON"})
            return
        self._serve(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base has it
        """Stay silent: the journal says it all."""

    def _serve(self, body: Any) -> None:
        given = self.headers.get("Authorization", "")
        if not secrets.compare_digest(given, f"Bearer {self.server.token}"):
            self._answer(401, {"error": "not the token of this bank"})
            return
        url = urlsplit(self.path)
        route = _ROUTES.get((self.command, url.path))
        if route is None:
            self._answer(404, {"error": "no such counter"})
            return
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        try:
            with self.server.turn:
                document = route(self.server.books, body, query, time.time())
        except (Refused, KeyError, TypeError, ValueError) as error:
            self._answer(409 if isinstance(error, Refused) else 400, {"error": str(error)})
            return
        self._answer(200, document)

    def _answer(self, status: int, document: dict[str, Any]) -> None:
        raw = json.dumps(document, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


Route = Callable[[Books, Any, dict[str, str], float], dict[str, Any]]
_ROUTES: dict[tuple[str, str], Route] = {
    ("POST", "/deposits"): lambda books, body, query, now: books.pay_in(body, now),
    ("POST", "/instructions"): lambda books, body, query, now: {
        "answers": books.instruct(list(body["instructions"]), now)
    },
    ("POST", "/answers"): lambda books, body, query, now: {
        "answers": books.answers([str(one) for one in body["references"]], now)
    },
    ("GET", "/statement"): lambda books, body, query, now: {
        "entries": books.statement(
            max(int(query.get("after", 0)), 0), min(int(query.get("limit", 500)), 5000), now
        )
    },
    ("GET", "/balance"): lambda books, body, query, now: {
        "currency": query["currency"],
        "balance_minor": books.balance(query["currency"], now),
    },
    ("GET", "/health"): lambda books, body, query, now: {
        "lines": len(books.entries),
        "waiting": len(books.waiting),
    },
}


def serve(
    directory: Path,
    *,
    port: int,
    seed: str,
    delay_seconds: float,
    reject_percent: int,
    opened: Callable[[str], None],
) -> None:
    """Serve the books of `directory` until SIGTERM or SIGINT; `opened` hears the address.

    Raises:
        BankRunning: another process serves them.
        Refused: the journal cannot be read.
    """
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (directory / "lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BankRunning(str(directory)) from None
        books = Books(
            directory, seed=seed, delay_seconds=delay_seconds, reject_percent=reject_percent
        )
        counter = Counter(books, port, secrets.token_urlsafe(24))
        _announce(directory, counter.url)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=counter.shutdown).start())
        opened(f"http://{HOST}:{counter.server_address[1]}")
        try:
            counter.serve_forever(poll_interval=0.1)
        finally:
            (directory / ADDRESS_FILE).unlink(missing_ok=True)
            counter.server_close()
            books.close()


def _announce(directory: Path, url: str) -> None:
    """Write the address file whole, for its owner's eyes."""
    draft = directory / f"{ADDRESS_FILE}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"url": url}, file)
    draft.replace(directory / ADDRESS_FILE)

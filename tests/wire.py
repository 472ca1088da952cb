"""Counting round trips on the wire: every query that goes to the server, BEGIN and COMMIT too.

A proxy between the process and PostgreSQL reads the frontend's messages (protocol 3.0) and passes
them on unchanged.
"""

import contextlib
import socket
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, connections

# The messages after which a client waits for an answer: a simple query, and a Sync.
ASKING = {b"Q", b"S"}


@dataclass
class Wire:
    """What was asked since `clear`, one text a round trip."""

    asked: list[str] = field(default_factory=list)

    def clear(self) -> None:
        self.asked.clear()

    def __len__(self) -> int:
        return len(self.asked)


def _server_address() -> str:
    parameters = connection.get_connection_params()
    return f"{parameters['host']}/.s.PGSQL.{parameters.get('port') or 5432}"


@contextmanager
def wire() -> Iterator[Wire]:
    """Lead this thread's database connection through a counting proxy."""
    address = _server_address()
    counted = Wire()
    with tempfile.TemporaryDirectory(prefix="wire-") as folder:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(Path(folder) / ".s.PGSQL.5432"))
        listener.listen()
        threading.Thread(target=_serve, args=(listener, address, counted), daemon=True).start()
        options = connection.settings_dict["OPTIONS"]
        former = connection.settings_dict["HOST"], dict(options), connection.settings_dict["PORT"]
        connections.close_all()
        options.pop("host", None)
        connection.settings_dict.update(HOST=folder, PORT="5432")
        try:
            yield counted
        finally:
            connections.close_all()
            host, given, port = former
            connection.settings_dict.update(HOST=host, PORT=port)
            options.clear()
            options.update(given)
            listener.close()


def _serve(listener: socket.socket, address: str, counted: Wire) -> None:
    with contextlib.suppress(OSError):
        while True:
            client, _ = listener.accept()
            server = socket.socket(socket.AF_UNIX)
            server.connect(address)
            threading.Thread(target=_forward, args=(client, server, counted), daemon=True).start()
            threading.Thread(target=_back, args=(server, client), daemon=True).start()


def _forward(client: socket.socket, server: socket.socket, counted: Wire) -> None:
    with contextlib.suppress(OSError, EOFError):
        # The first message has no type: it is the start-up, or asks for encryption (refused here).
        length = _exactly(client, 4)
        server.sendall(length + _exactly(client, struct.unpack("!I", length)[0] - 4))
        while True:
            head = _exactly(client, 5)
            body = _exactly(client, struct.unpack("!I", head[1:])[0] - 4)
            if head[:1] in ASKING:
                counted.asked.append(body.rstrip(b"\x00").decode(errors="replace"))
            server.sendall(head + body)
    server.close()


def _back(server: socket.socket, client: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := server.recv(65_536):
            client.sendall(chunk)
    client.close()


def _exactly(source: socket.socket, count: int) -> bytes:
    parts = b""
    while len(parts) < count:
        part = source.recv(count - len(parts))
        if not part:
            raise EOFError
        parts += part
    return parts

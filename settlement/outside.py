"""The custody bank, over the network.

Invariant: only tasks and commands call this, and any call may be made again. The sandbox bank
is the one adapter so far; a file-based one for ISO 20022 has the same port.
"""

import http.client
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

from settlement.bank import DEPOSIT, PAYMENT, Answer, Bank, Instruction, StatementEntry
from settlement.errors import BankRefused, BankUnavailable

TIMEOUT_SECONDS = 10
ADDRESS_FILE = "address.json"


def sandbox_directory() -> Path:
    """Return where the sandbox bank keeps its books and its address by default."""
    return Path(settings.HOME) / "sandbox-bank"


def has_bank() -> bool:
    """Say whether a bank is configured: by its address, or by books that it has kept at home."""
    return bool(settings.SANDBOX_BANK_URL) or sandbox_directory().is_dir()


def bank() -> Bank:
    """Return the custody bank of this installation."""
    return sandbox()


def sandbox() -> "SandboxBank":
    """Return the sandbox bank, where clients can pay in by a call too."""
    return SandboxBank(str(settings.SANDBOX_BANK_URL), sandbox_directory())


class SandboxBank:
    """The bank that runs as a process of its own, reached by HTTP on this machine.

    Its address is `url` (`http://token@127.0.0.1:port`), or what it wrote in its directory.
    """

    def __init__(self, url: str, directory: Path) -> None:
        self.url, self.directory = url, directory

    def instruct(self, instructions: Sequence[Instruction]) -> list[Answer]:
        """Tell the bank to pay; see the port."""
        body = {"instructions": [asdict(one) for one in instructions]}
        return _answers(self._call("POST", "/instructions", body))

    def answers(self, references: Sequence[str]) -> list[Answer]:
        """Return how instructions stand; see the port."""
        return _answers(self._call("POST", "/answers", {"references": list(references)}))

    def statement(self, after: int, limit: int) -> list[StatementEntry]:
        """Return lines of the statement; see the port."""
        document = self._call("GET", f"/statement?after={after}&limit={limit}")
        try:
            return [_entry(line) for line in document["entries"]]
        except (KeyError, TypeError, ValueError) as error:
            raise BankUnavailable(f"statement: {error!r}") from error

    def balance(self, currency: str) -> int:
        """Return what the custody account holds."""
        document = self._call("GET", f"/balance?currency={quote(currency)}")
        try:
            return int(document["balance_minor"])
        except (KeyError, TypeError, ValueError) as error:
            raise BankUnavailable(f"balance: {error!r}") from error

    def pay_in(self, *, reference: str, sub_account: str, amount_minor: int, currency: str) -> None:
        """Pay in as a client does, from outside the venue; the same reference pays once."""
        self._call(
            "POST",
            "/deposits",
            {
                "reference": reference,
                "sub_account": sub_account,
                "amount_minor": amount_minor,
                "currency": currency,
            },
        )

    def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        host, port, token = self._address()
        connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(
                method,
                path,
                body=json.dumps(body) if body is not None else None,
                headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            )
            response = connection.getresponse()
            document = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise BankUnavailable(repr(error)) from error
        finally:
            connection.close()
        if not isinstance(document, dict):
            raise BankUnavailable("the answer is not an object")
        if response.status >= 500:
            raise BankUnavailable(str(document.get("error", response.status)))
        if response.status >= 400:
            raise BankRefused(str(document.get("error", response.status)))
        return document

    def _address(self) -> tuple[str, int, str]:
        url = self.url
        if not url:
            try:
                text = (self.directory / ADDRESS_FILE).read_text(encoding="utf-8")
                url = str(json.loads(text)["url"])
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise BankUnavailable(f"no address in {self.directory.name}: {error!r}") from error
        parts = urlsplit(url)
        if parts.scheme != "http" or parts.hostname is None or parts.port is None:
            raise BankUnavailable("its address must be http://token@host:port")
        return parts.hostname, parts.port, parts.username or ""


def _answers(document: Mapping[str, Any]) -> list[Answer]:
    try:
        return [
            Answer(str(one["reference"]), str(one["state"]), str(one.get("reason", "")))
            for one in document["answers"]
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise BankUnavailable(f"answers: {error!r}") from error


def _entry(line: Mapping[str, Any]) -> StatementEntry:
    if line["kind"] not in {DEPOSIT, PAYMENT} or int(line["amount_minor"]) <= 0:
        raise ValueError(f"line {line.get('sequence')} is of no known kind")
    return StatementEntry(
        sequence=int(line["sequence"]),
        entry_id=str(line["entry_id"]),
        kind=str(line["kind"]),
        sub_account=str(line["sub_account"])[:64],
        bank_reference=str(line["reference"])[:140],
        amount_minor=int(line["amount_minor"]),
        currency=str(line["currency"]),
        stated_minor=int(line["stated_minor"]),
        value_date=date.fromisoformat(line["value_date"]),
    )

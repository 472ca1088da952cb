"""Proof of the books. Invariant: each check recomputes from the rows and trusts no guard.

A fault names its kind, the thing it is about and what is wrong with it; no fault means that the
books are as the design says.
"""

from dataclasses import dataclass

from django.db import connection

from core.canonical import digest
from settlement.models import SettlementTerms
from settlement.selectors.proofs import CHECKS


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in the books."""

    code: str
    where: str
    detail: str


def check_books() -> tuple[Fault, ...]:
    """Return everything that is wrong in the books, by the order of the checks."""
    faults = []
    with connection.cursor() as cursor:
        for check in CHECKS:
            cursor.execute(check.sql)
            faults += [
                Fault(check.code, str(where), str(what)) for where, what in cursor.fetchall()
            ]
    return (*faults, *_altered_terms())


def _altered_terms() -> list[Fault]:
    """Return kept terms that are not what their digest says."""
    return [
        Fault("terms-altered", f"terms {row.pk}", "plan or fee is not what was frozen")
        for row in SettlementTerms.objects.order_by("id").iterator()
        if digest([row.plan, row.fee]) != row.digest
    ]

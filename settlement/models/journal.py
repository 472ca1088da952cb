"""The journal. Invariant: one debit, one credit, one currency, a positive amount, for ever.

Its insert triggers are the only door to the balances. They also stand in for the foreign keys,
which on this table cost more than the rows: each insert is checked as one set.
"""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from core.fields import CurrencyField, DigestField, MinorField
from core.guards import append_only
from settlement.models.accounts import Account

# Posting shares this lock; taking a snapshot of hot accounts excludes it, so that no transfer
# with a lower number can appear after the snapshot.
JOURNAL_LOCK = 7_021_996_001

_CHECKED_AND_APPLIED = """
IF EXISTS (
    SELECT 1
    FROM new_rows t
    LEFT JOIN settlement_account d ON d.id = t.debit_id
    LEFT JOIN settlement_account c ON c.id = t.credit_id
    LEFT JOIN settlement_postinggroup g ON g.id = t.group_id
    WHERE d.id IS NULL OR c.id IS NULL OR g.id IS NULL
       OR d.currency <> t.currency OR c.currency <> t.currency
) THEN
    RAISE EXCEPTION 'a transfer needs a group and two accounts of its own currency'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_accounts';
END IF;
PERFORM 1 FROM settlement_balance b
WHERE b.account_id IN (SELECT debit_id FROM new_rows UNION SELECT credit_id FROM new_rows)
ORDER BY b.account_id FOR UPDATE;
UPDATE settlement_balance b SET minor = b.minor + b.sign * moved.minor
FROM (
    SELECT account_id, sum(minor)::bigint AS minor
    FROM (SELECT credit_id AS account_id, amount_minor AS minor FROM new_rows
          UNION ALL
          SELECT debit_id, -amount_minor FROM new_rows) legs
    GROUP BY account_id
) moved
WHERE b.account_id = moved.account_id AND moved.minor <> 0;
RETURN NULL;
"""


class PostingGroup(models.Model):
    """Transfers that belong together. The reference makes a retry harmless.

    `input_hash` is of what was asked: the same reference with another hash is refused.
    """

    id = models.BigAutoField(primary_key=True)
    reference = models.CharField(max_length=120)
    code = models.CharField(max_length=24)
    input_hash = DigestField()
    reason = models.CharField(max_length=500, blank=True, default="", db_default="")
    booked_at = models.DateTimeField()
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Without the second index for patterns that `unique=True` would make.
            models.UniqueConstraint(
                fields=["reference"], name="settlement_postinggroup_reference_key"
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("posting_group")

    def __str__(self) -> str:
        return self.reference


class Transfer(models.Model):
    """Money from one account (debit) to another (credit), and the code that says why.

    `value_date` is the bank's; without one it is the day of booking in the venue's zone.
    """

    id = models.BigAutoField(primary_key=True)
    group = models.ForeignKey(
        PostingGroup, on_delete=models.PROTECT, related_name="transfers", db_constraint=False
    )
    line = models.SmallIntegerField()
    debit = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    credit = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    amount_minor = MinorField()
    currency = CurrencyField()
    code = models.CharField(max_length=24)
    booked_at = models.DateTimeField()
    value_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="transfer_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="transfer_two_accounts"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["debit", "id"], name="transfer_debit"),
            models.Index(fields=["credit", "id"], name="transfer_credit"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *append_only("transfer"),
            pgtrigger.Trigger(
                name="transfer_turn",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"PERFORM pg_advisory_xact_lock_shared({JOURNAL_LOCK}); RETURN NULL;",
            ),
            pgtrigger.Trigger(
                name="transfer_applied",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),  # type: ignore[no-untyped-call]
                func=_CHECKED_AND_APPLIED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.amount_minor}"

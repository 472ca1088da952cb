"""The checks of the books, in SQL. Invariant: each returns (where, what) of what is wrong alone.

They read the ledger's tables as they are and recompute; a comment says what each proves.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One proof: its code, what it proves, and the SQL that finds the faults."""

    code: str
    proves: str
    sql: str


# Every transfer as two movements, a credit and a debit.
_MOVED = """
    SELECT credit_id AS account_id, amount_minor AS minor, id FROM settlement_transfer
    UNION ALL
    SELECT debit_id, -amount_minor, id FROM settlement_transfer
"""
_SIGN = "CASE a.side WHEN 'credit' THEN 1 ELSE -1 END"
# What each account comes to by its transfers, on its own side.
_RECOMPUTED = f"""
    SELECT a.id, a.address, a.currency, a.kind, a.side, a.hot, a.floor_minor, a.organisation_id,
           {_SIGN} * coalesce(sum(m.minor), 0) AS minor
    FROM settlement_account a LEFT JOIN ({_MOVED}) m ON m.account_id = a.id
    GROUP BY a.id
"""  # noqa: S608 - put together from constants of this file

JOURNAL = (
    Check(
        "balance-differs",
        "every live balance is the sum of its transfers",
        f"""
        SELECT 'account ' || r.address || ' ' || r.currency,
               'balance ' || b.minor || ', transfers come to ' || r.minor
        FROM ({_RECOMPUTED}) r JOIN settlement_balance b ON b.account_id = r.id
        WHERE b.minor <> r.minor
        """,  # noqa: S608
    ),
    Check(
        "balance-row",
        "every account has a live balance, except the hot ones",
        """
        SELECT 'account ' || a.address || ' ' || a.currency,
               CASE WHEN a.hot THEN 'is hot and has a balance row' ELSE 'has no balance row' END
        FROM settlement_account a LEFT JOIN settlement_balance b ON b.account_id = a.id
        WHERE a.hot = (b.account_id IS NOT NULL)
        """,
    ),
    Check(
        "below-floor",
        "no account is below its floor",
        f"""
        SELECT 'account ' || address || ' ' || currency,
               'stands at ' || minor || ', its floor is ' || floor_minor
        FROM ({_RECOMPUTED}) r WHERE minor < floor_minor
        """,  # noqa: S608
    ),
    Check(
        "unmatched-differs",
        "what stands without an owner or an explanation is the sum of the bank's unmatched lines",
        f"""
        SELECT 'account ' || r.address || ' ' || r.currency,
               'stands at ' || r.minor || ', unmatched lines come to ' || coalesce(e.minor, 0)
        FROM ({_RECOMPUTED}) r
        LEFT JOIN (
            SELECT currency, kind, sum(amount_minor) AS minor
            FROM settlement_bankentry WHERE state = 'UNMATCHED' GROUP BY currency, kind
        ) e ON e.currency = r.currency
           AND e.kind = CASE r.kind WHEN 'unmatched' THEN 'deposit' ELSE 'payment' END
        WHERE r.kind IN ('unmatched', 'unexplained') AND r.minor <> coalesce(e.minor, 0)
        """,  # noqa: S608
    ),
    Check(
        "unexplained-debit",
        "the bank paid nothing that nobody ordered; it stays an alarm until officers explain it",
        """
        SELECT 'bank entry ' || entry_id, 'took ' || amount_minor || ' ' || currency
        FROM settlement_bankentry WHERE kind = 'payment' AND state = 'UNMATCHED'
        """,
    ),
    Check(
        "amount-not-positive",
        "every transfer moves a positive amount",
        """
        SELECT 'transfer ' || id, 'amount ' || amount_minor
        FROM settlement_transfer WHERE amount_minor <= 0
        """,
    ),
    Check(
        "same-account",
        "every transfer has two accounts",
        """
        SELECT 'transfer ' || id, 'debits and credits account ' || debit_id
        FROM settlement_transfer WHERE debit_id = credit_id
        """,
    ),
    Check(
        "account-missing",
        "the accounts of every transfer exist (there is no foreign key)",
        """
        SELECT 'transfer ' || t.id,
               CASE WHEN d.id IS NULL THEN 'debit account ' || t.debit_id
                    ELSE 'credit account ' || t.credit_id END || ' does not exist'
        FROM settlement_transfer t
        LEFT JOIN settlement_account d ON d.id = t.debit_id
        LEFT JOIN settlement_account c ON c.id = t.credit_id
        WHERE d.id IS NULL OR c.id IS NULL
        """,
    ),
    Check(
        "orphan-transfer",
        "the posting group of every transfer exists (there is no foreign key)",
        """
        SELECT 'transfer ' || t.id, 'group ' || t.group_id || ' does not exist'
        FROM settlement_transfer t
        LEFT JOIN settlement_postinggroup g ON g.id = t.group_id
        WHERE g.id IS NULL
        """,
    ),
    Check(
        "empty-group",
        "every posting group has transfers",
        """
        SELECT 'group ' || g.reference, 'has no transfer'
        FROM settlement_postinggroup g
        WHERE NOT EXISTS (SELECT 1 FROM settlement_transfer t WHERE t.group_id = g.id)
        """,
    ),
    Check(
        "currency-mix",
        "a transfer is of the currency of both its accounts",
        """
        SELECT 'transfer ' || t.id,
               t.currency || ' from ' || d.currency || ' to ' || c.currency
        FROM settlement_transfer t
        JOIN settlement_account d ON d.id = t.debit_id
        JOIN settlement_account c ON c.id = t.credit_id
        WHERE d.currency <> t.currency OR c.currency <> t.currency
        """,
    ),
    Check(
        "duplicate-reference",
        "no reference stands twice (also where its index was lost)",
        """
        SELECT kind || ' ' || reference, 'stands ' || count(*) || ' times'
        FROM (
            SELECT 'group' AS kind, reference FROM settlement_postinggroup
            UNION ALL SELECT 'hold', reference FROM settlement_hold
            UNION ALL SELECT 'settlement', reference FROM settlement_settlementrequest
            UNION ALL SELECT 'bank entry', entry_id FROM settlement_bankentry
            UNION ALL SELECT 'payout', reference FROM settlement_payoutinstruction
        ) r
        GROUP BY kind, reference HAVING count(*) > 1
        """,
    ),
    Check(
        "reversal-differs",
        "a reversal takes back exactly what it reverses",
        """
        SELECT 'group ' || g.reference, 'is not the reverse of ' || coalesce(o.reference, '?')
        FROM settlement_postinggroup g
        LEFT JOIN settlement_postinggroup o ON o.id = g.reverses_id
        WHERE g.reverses_id IS NOT NULL AND EXISTS (
            (SELECT debit_id, credit_id, amount_minor, currency
             FROM settlement_transfer WHERE group_id = g.id
             EXCEPT ALL
             SELECT credit_id, debit_id, amount_minor, currency
             FROM settlement_transfer WHERE group_id = o.id)
            UNION ALL
            (SELECT credit_id, debit_id, amount_minor, currency
             FROM settlement_transfer WHERE group_id = o.id
             EXCEPT ALL
             SELECT debit_id, credit_id, amount_minor, currency
             FROM settlement_transfer WHERE group_id = g.id))
        """,
    ),
    Check(
        "snapshot-differs",
        "every snapshot of a hot account is the sum of the transfers up to it",
        f"""
        SELECT 'account ' || a.address || ' ' || a.currency,
               'snapshot at ' || s.upto_transfer_id || ' says ' || s.minor
               || ', transfers come to ' || coalesce(sum({_SIGN} * m.minor), 0)
        FROM settlement_balancesnapshot s
        JOIN settlement_account a ON a.id = s.account_id
        LEFT JOIN ({_MOVED}) m ON m.account_id = a.id AND m.id <= s.upto_transfer_id
        GROUP BY s.id, a.id
        HAVING s.minor <> coalesce(sum({_SIGN} * m.minor), 0)
        """,  # noqa: S608
    ),
    Check(
        "custody-differs",
        "what the bank holds or has to explain is what clients, fund, venue and unknown are owed",
        f"""
        SELECT 'currency ' || currency,
               'custody ' || sum(minor) FILTER (WHERE side = 'debit') || ', owed '
               || coalesce(sum(minor) FILTER (WHERE side = 'credit'), 0)
        FROM ({_RECOMPUTED}) r
        GROUP BY currency
        HAVING sum(minor) FILTER (WHERE side = 'debit')
            <> coalesce(sum(minor) FILTER (WHERE side = 'credit'), 0)
        """,  # noqa: S608
    ),
)

TRADES = (
    Check(
        "hold-overspent",
        "no hold gave more than it had, and its state says what became of it",
        """
        SELECT 'hold ' || reference, state || ' with ' || captured_minor || ' captured and '
               || voided_minor || ' given back of ' || amount_minor
        FROM settlement_hold
        WHERE captured_minor < 0 OR voided_minor < 0
           OR captured_minor + voided_minor > amount_minor
           OR (state = 'HELD') <> (captured_minor + voided_minor < amount_minor)
           OR (state = 'CAPTURED') <> (captured_minor > 0)
        """,
    ),
    Check(
        "hold-unposted",
        "what each hold reserved, captured and gave back stands in the journal",
        """
        SELECT 'hold ' || h.reference, 'journal says ' || coalesce(j.held, 0) || ' held, '
               || coalesce(j.captured, 0) || ' captured, ' || coalesce(j.voided, 0)
               || ' given back; the hold ' || h.amount_minor || ', ' || h.captured_minor
               || ', ' || h.voided_minor
        FROM settlement_hold h
        LEFT JOIN (
            SELECT split_part(g.reference, ':', 2) AS reference,
                   sum(t.amount_minor) FILTER (WHERE t.code = 'hold') AS held,
                   sum(t.amount_minor) FILTER (WHERE t.code = 'release') AS voided,
                   sum(t.amount_minor) FILTER (WHERE t.code NOT IN ('hold', 'release'))
                       AS captured
            FROM settlement_postinggroup g
            JOIN settlement_transfer t ON t.group_id = g.id
            WHERE g.code IN ('hold', 'release', 'settle')
            GROUP BY 1
        ) j ON j.reference = h.reference
        WHERE coalesce(j.held, 0) <> h.amount_minor
           OR coalesce(j.captured, 0) <> h.captured_minor
           OR coalesce(j.voided, 0) <> h.voided_minor
        """,
    ),
    Check(
        "held-differs",
        "the held account of each organisation is the sum of its open holds",
        f"""
        SELECT 'account ' || r.address || ' ' || r.currency,
               'stands at ' || r.minor || ', open holds come to ' || coalesce(h.minor, 0)
        FROM ({_RECOMPUTED}) r
        LEFT JOIN (
            SELECT organisation_id, currency,
                   sum(amount_minor - captured_minor - voided_minor) AS minor
            FROM settlement_hold GROUP BY organisation_id, currency
        ) h ON h.organisation_id = r.organisation_id AND h.currency = r.currency
        WHERE r.kind = 'held' AND r.minor <> coalesce(h.minor, 0)
        """,  # noqa: S608
    ),
    Check(
        "settlement-parts",
        "the parts of every settlement sum to what it takes",
        """
        SELECT 'settlement ' || reference, 'parts come to ' || settlement_sum(parts)
               || ' of ' || amount_minor
        FROM settlement_settlementrequest
        WHERE settlement_sum(parts) <> amount_minor
           OR cardinality(parts) <> cardinality(account_ids)
           OR amount_minor <> price_minor + parts[1]
        """,
    ),
    Check(
        "settlement-unposted",
        "the journal paid each settled trade its parts once, and nothing that is not settled",
        """
        SELECT 'settlement ' || r.reference, 'is ' || r.state || ' and the journal '
               || CASE WHEN g.id IS NULL THEN 'has nothing of it'
                       ELSE 'paid ' || coalesce(paid.parts::text, 'nothing') END
        FROM settlement_settlementrequest r
        LEFT JOIN settlement_postinggroup g ON g.reference = 'settle:' || r.reference
        LEFT JOIN LATERAL (
            SELECT jsonb_agg(jsonb_build_array(t.line, t.credit_id, t.amount_minor)
                             ORDER BY t.line) AS parts
            FROM settlement_transfer t WHERE t.group_id = g.id AND t.line > 0
        ) paid ON true
        LEFT JOIN LATERAL (
            SELECT jsonb_agg(jsonb_build_array(p.line, p.account_id, p.minor)
                             ORDER BY p.line) AS parts
            FROM unnest(r.account_ids, r.parts) WITH ORDINALITY AS p (account_id, minor, line)
            WHERE p.minor > 0
        ) due ON true
        WHERE CASE WHEN r.state = 'SETTLED' THEN paid.parts IS DISTINCT FROM due.parts
                   WHEN r.reason = 'posted-before' THEN false
                   ELSE g.id IS NOT NULL END
        """,
    ),
    Check(
        "settlement-hold",
        "every settled trade captured its own hold for what it took",
        """
        SELECT 'settlement ' || r.reference,
               CASE WHEN h.id IS NULL THEN 'its hold does not exist'
                    ELSE 'took ' || r.amount_minor || ', its hold says '
                         || h.captured_minor END
        FROM settlement_settlementrequest r
        LEFT JOIN settlement_hold h ON h.id = r.hold_id
        WHERE r.amount_minor > 0 AND (
            h.id IS NULL OR h.reference <> r.reference
            OR (r.state = 'SETTLED' AND h.captured_minor <> r.amount_minor)
            OR (r.state <> 'SETTLED' AND h.captured_minor <> 0))
        """,
    ),
    Check(
        "settlement-strays",
        "every settlement in the journal was requested",
        """
        SELECT 'group ' || g.reference, 'no settlement was requested'
        FROM settlement_postinggroup g
        LEFT JOIN settlement_settlementrequest r ON g.reference = 'settle:' || r.reference
        WHERE g.code = 'settle' AND r.id IS NULL
        """,
    ),
    Check(
        "owner-missing",
        "holds and settlements belong to organisations that exist (there is no foreign key)",
        """
        SELECT 'hold ' || h.reference, 'organisation ' || h.organisation_id || ' has no account'
        FROM settlement_hold h
        LEFT JOIN settlement_account a ON a.organisation_id = h.organisation_id
            AND a.currency = h.currency AND a.kind = 'held'
        WHERE a.id IS NULL
        UNION ALL
        SELECT 'settlement ' || r.reference, 'account ' || r.held_account_id || ' is not its own'
        FROM settlement_settlementrequest r
        LEFT JOIN settlement_account a ON a.id = r.held_account_id
            AND a.organisation_id = r.organisation_id AND a.kind = 'held'
        WHERE a.id IS NULL
        """,
    ),
)

BANK = (
    Check(
        "bank-differs",
        "the books hold at the bank what its statement adds up to",
        f"""
        SELECT 'currency ' || r.currency, 'books ' || r.minor || ', statement '
               || coalesce(e.minor, 0)
        FROM ({_RECOMPUTED}) r
        LEFT JOIN (
            SELECT currency, sum(CASE kind WHEN 'deposit' THEN amount_minor
                                           ELSE -amount_minor END) AS minor
            FROM settlement_bankentry GROUP BY currency
        ) e ON e.currency = r.currency
        WHERE r.kind = 'bank' AND r.minor <> coalesce(e.minor, 0)
        """,  # noqa: S608
    ),
    Check(
        "statement-arithmetic",
        "each balance that the bank states follows from the one before",
        """
        SELECT 'bank entry ' || entry_id, 'states ' || stated_minor || ', the lines come to '
               || lines
        FROM (
            SELECT entry_id, stated_minor, sequence, currency,
                   sum(CASE kind WHEN 'deposit' THEN amount_minor ELSE -amount_minor END)
                       OVER (PARTITION BY currency ORDER BY sequence) AS lines
            FROM settlement_bankentry
        ) e
        WHERE stated_minor <> lines
        """,
    ),
    Check(
        "payout-unpaid",
        "every payout marked paid was paid by the bank, and every payment is of a payout",
        """
        SELECT 'payout ' || p.reference, 'is PAID and the bank has ' || coalesce(
               'a payment of ' || e.amount_minor, 'no payment')
        FROM settlement_payoutinstruction p
        LEFT JOIN settlement_bankexplanation x ON x.payout_id = p.id AND x.state = 'CONFIRMED'
        LEFT JOIN settlement_bankentry e ON e.kind = 'payment'
            AND CASE WHEN x.id IS NULL THEN e.bank_reference = p.reference AND e.state = 'BOOKED'
                     ELSE e.id = x.entry_id END
        WHERE p.state = 'PAID'
          AND (e.id IS NULL OR e.amount_minor <> p.amount_minor OR e.currency <> p.currency)
        UNION ALL
        SELECT 'bank entry ' || e.entry_id, 'pays '
               || coalesce('payout ' || p.reference || ', which is ' || p.state, 'no payout')
        FROM settlement_bankentry e
        LEFT JOIN settlement_payoutinstruction p ON p.reference = e.bank_reference
        WHERE e.kind = 'payment' AND e.state = 'BOOKED' AND (p.id IS NULL OR p.state <> 'PAID')
        UNION ALL
        SELECT 'bank entry ' || e.entry_id, 'is explained by nobody'
        FROM settlement_bankentry e
        WHERE e.state = 'EXPLAINED' AND NOT EXISTS (
            SELECT 1 FROM settlement_bankexplanation x
            WHERE x.state = 'CONFIRMED' AND e.id IN (x.entry_id, x.deposit_id))
        """,
    ),
    Check(
        "payout-account",
        "what is on its way to each organisation is the sum of its open payouts",
        f"""
        SELECT 'account ' || r.address || ' ' || r.currency,
               'stands at ' || r.minor || ', open payouts come to ' || coalesce(p.minor, 0)
        FROM ({_RECOMPUTED}) r
        LEFT JOIN (
            SELECT organisation_id, currency, sum(amount_minor) AS minor
            FROM settlement_payoutinstruction
            WHERE state IN ('PREPARED', 'CONFIRMED', 'SENT')
            GROUP BY organisation_id, currency
        ) p ON p.organisation_id = r.organisation_id AND p.currency = r.currency
        WHERE r.kind = 'payout' AND r.minor <> coalesce(p.minor, 0)
        """,  # noqa: S608
    ),
    Check(
        "payout-batch",
        "every batch is the sum of its payouts and was confirmed by another person",
        """
        SELECT 'payout batch ' || b.id, CASE
               WHEN b.checker_id = b.maker_id THEN 'was confirmed by who prepared it'
               ELSE 'says ' || b.total_minor || ' in ' || b.payout_count || ', its payouts '
                    || coalesce(sum(p.amount_minor), 0) || ' in ' || count(p.id) END
        FROM settlement_payoutbatch b
        LEFT JOIN settlement_payoutinstruction p ON p.batch_id = b.id
        GROUP BY b.id
        HAVING b.total_minor <> coalesce(sum(p.amount_minor), 0)
            OR b.payout_count <> count(p.id)
            OR b.checker_id = b.maker_id
            OR (b.state = 'CONFIRMED' AND b.checker_id IS NULL)
        """,
    ),
)

CHECKS: tuple[Check, ...] = JOURNAL + TRADES + BANK

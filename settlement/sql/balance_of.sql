-- The balance of an account on its own side: the live row, or for a hot account its last snapshot
-- and the transfers since.
CREATE OR REPLACE FUNCTION settlement_balance_of(account bigint)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN NOT a.hot THEN coalesce(b.minor, 0) ELSE
        coalesce(s.minor, 0) + CASE a.side WHEN 'credit' THEN 1 ELSE -1 END * (
            coalesce((SELECT sum(t.amount_minor) FROM settlement_transfer t
                      WHERE t.credit_id = a.id AND t.id > coalesce(s.upto_transfer_id, 0)), 0)
          - coalesce((SELECT sum(t.amount_minor) FROM settlement_transfer t
                      WHERE t.debit_id = a.id AND t.id > coalesce(s.upto_transfer_id, 0)), 0)
        )::bigint END
    FROM settlement_account a
    LEFT JOIN settlement_balance b ON b.account_id = a.id
    LEFT JOIN LATERAL (
        SELECT s.minor, s.upto_transfer_id
        FROM settlement_balancesnapshot s
        WHERE a.hot AND s.account_id = a.id
        ORDER BY s.upto_transfer_id DESC LIMIT 1) AS s ON true
    WHERE a.id = account
$$;

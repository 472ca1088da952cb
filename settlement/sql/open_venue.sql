-- Open the venue's accounts in one currency: what is due to the venue and to the public-interest
-- fund, what stands at the custody bank, money whose owner is not yet known, and what the bank
-- paid out that nobody ordered: a claim on the bank until officers explain it.
-- Guarantees: harmless when repeated. The first three are hot and have no balance row.
CREATE OR REPLACE FUNCTION settlement_open_venue(in_currency text)
RETURNS void LANGUAGE sql VOLATILE AS $$
    INSERT INTO settlement_account (address, kind, currency, side, floor_minor, hot)
    VALUES ('venue:fees', 'fees', in_currency, 'credit', 0, true),
           ('fund:public-interest', 'fund', in_currency, 'credit', 0, true),
           ('bank:custody', 'bank', in_currency, 'debit', 0, true),
           ('bank:unmatched', 'unmatched', in_currency, 'credit', 0, false),
           ('bank:unexplained', 'unexplained', in_currency, 'debit', 0, false)
    ON CONFLICT DO NOTHING;

    INSERT INTO settlement_balance (account_id, sign, floor_minor, minor)
    SELECT a.id, CASE a.side WHEN 'credit' THEN 1 ELSE -1 END, a.floor_minor, 0
    FROM settlement_account a
    WHERE NOT a.hot AND a.organisation_id IS NULL AND a.currency = in_currency
    ORDER BY a.id
    ON CONFLICT DO NOTHING
$$;

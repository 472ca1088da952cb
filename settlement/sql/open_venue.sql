-- Open the venue's accounts in one currency: what is due to the venue and to the public-interest
-- fund, what stands at the custody bank, and money whose owner is not yet known.
-- Guarantees: harmless when repeated. The first three are hot and have no balance row; the last
-- has no floor, so that even a debit nobody ordered is in the books, where check_books names it.
CREATE OR REPLACE FUNCTION settlement_open_venue(in_currency text)
RETURNS void LANGUAGE sql VOLATILE AS $$
    INSERT INTO settlement_account (address, kind, currency, side, floor_minor, hot)
    VALUES ('venue:fees', 'fees', in_currency, 'credit', 0, true),
           ('fund:public-interest', 'fund', in_currency, 'credit', 0, true),
           ('bank:custody', 'bank', in_currency, 'debit', 0, true),
           ('bank:unmatched', 'unmatched', in_currency, 'credit', NULL, false)
    ON CONFLICT DO NOTHING;

    INSERT INTO settlement_balance (account_id, sign, floor_minor, minor)
    SELECT a.id, 1, NULL, 0
    FROM settlement_account a
    WHERE a.kind = 'unmatched' AND a.currency = in_currency
    ON CONFLICT DO NOTHING
$$;

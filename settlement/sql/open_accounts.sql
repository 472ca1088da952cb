-- Open the four accounts of each organisation in one currency, with empty balances.
-- Guarantees: harmless when repeated or raced; an account that is there is left as it is.
CREATE OR REPLACE FUNCTION settlement_open_accounts(organisations uuid[], in_currency text)
RETURNS void LANGUAGE sql VOLATILE AS $$
    INSERT INTO settlement_account (address, kind, currency, organisation_id, side, floor_minor, hot)
    SELECT 'org:' || o.id || ':' || kind.name, kind.name, in_currency, o.id, 'credit', 0, false
    FROM (SELECT DISTINCT unnest(organisations) AS id) AS o,
         unnest(ARRAY['custody', 'held', 'payable', 'payout']) AS kind (name)
    ORDER BY o.id, kind.name
    ON CONFLICT DO NOTHING;

    INSERT INTO settlement_balance (account_id, sign, floor_minor, minor)
    SELECT a.id, 1, a.floor_minor, 0
    FROM settlement_account a
    WHERE a.organisation_id = ANY (organisations) AND a.currency = in_currency
    ORDER BY a.id
    ON CONFLICT DO NOTHING
$$;

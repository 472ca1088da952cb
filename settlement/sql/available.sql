-- What an organisation can spend now in one currency: one row if it has an account, else none.
-- As a table, the planner takes it into the query that asks.
CREATE OR REPLACE FUNCTION settlement_purse(organisation uuid, currency text)
RETURNS TABLE (minor bigint) LANGUAGE sql STABLE AS $$
    SELECT b.minor
    FROM settlement_account a
    JOIN settlement_balance b ON b.account_id = a.id
    WHERE a.organisation_id = settlement_purse.organisation
      AND a.currency = settlement_purse.currency AND a.kind = 'custody'
$$;
-- The same as a number; 0 if it has no account.
CREATE OR REPLACE FUNCTION settlement_available(organisation uuid, currency text)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce((
        SELECT p.minor FROM settlement_purse(
            settlement_available.organisation, settlement_available.currency) AS p), 0)
$$;

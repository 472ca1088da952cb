-- What an organisation can spend now in one currency; 0 if it has no account.
CREATE OR REPLACE FUNCTION settlement_available(organisation uuid, currency text)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce((
        SELECT b.minor
        FROM settlement_account a
        JOIN settlement_balance b ON b.account_id = a.id
        WHERE a.organisation_id = settlement_available.organisation
          AND a.currency = settlement_available.currency AND a.kind = 'custody'), 0)
$$;

-- Write posting groups that are not holds or settlements (deposits, payouts, reversals):
-- [{reference, code, input_hash, reason, booked_at, value_date, reverses,
--   lines: [{debit, credit, amount, code, currency}]}, …]; debit and credit are account ids,
-- reverses is the reference of another group.
-- Returns one row per group, in the order given: true if it was written now, false if it was
-- there already with the same hash; another hash is an error.
-- Guarantees: balances are locked in id order; what goes below a floor is refused as a whole.
CREATE OR REPLACE FUNCTION settlement_post(groups jsonb)
RETURNS TABLE (reference text, posted boolean) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    reused text;
    written text[];
BEGIN
    SELECT g.reference INTO reused
    FROM jsonb_to_recordset(groups) AS g (reference text)
    GROUP BY g.reference HAVING count(*) > 1 LIMIT 1;
    IF reused IS NOT NULL THEN
        RAISE EXCEPTION 'reference % is given twice', reused
        USING ERRCODE = 'unique_violation', CONSTRAINT = 'settlement_reference_reused';
    END IF;
    PERFORM 1
    FROM settlement_balance b
    WHERE b.account_id IN (
        SELECT unnest(ARRAY[l.debit, l.credit])
        FROM jsonb_to_recordset(groups) AS g (lines jsonb),
             jsonb_to_recordset(g.lines) AS l (debit bigint, credit bigint))
    ORDER BY b.account_id
    FOR UPDATE;

    WITH new_groups AS (
        INSERT INTO settlement_postinggroup (reference, code, input_hash, reason, booked_at,
                                             reverses_id)
        SELECT g.reference, g.code, g.input_hash, left(coalesce(g.reason, ''), 500), g.booked_at,
               old.id
        FROM ROWS FROM (jsonb_to_recordset(groups) AS (
                 reference text, code text, input_hash text, reason text, booked_at timestamptz,
                 reverses text))
             WITH ORDINALITY AS g (reference, code, input_hash, reason, booked_at, reverses, n)
        LEFT JOIN settlement_postinggroup old ON old.reference = g.reverses
        ORDER BY g.n
        ON CONFLICT (reference) DO NOTHING
        RETURNING id, reference, booked_at
    ), transfers AS (
        INSERT INTO settlement_transfer (group_id, line, debit_id, credit_id, amount_minor,
                                         currency, code, booked_at, value_date)
        SELECT p.id, l.line, l.debit, l.credit, l.amount, l.currency, l.code, p.booked_at,
               g.value_date
        FROM new_groups p
        JOIN jsonb_to_recordset(groups) AS g (reference text, value_date date, lines jsonb)
            ON g.reference = p.reference
        CROSS JOIN LATERAL ROWS FROM (jsonb_to_recordset(g.lines) AS (
                debit bigint, credit bigint, amount bigint, code text, currency text))
            WITH ORDINALITY AS l (debit, credit, amount, code, currency, line)
        ORDER BY p.id, l.line
    )
    SELECT coalesce(array_agg(p.reference), '{}') INTO written FROM new_groups p;

    SELECT g.reference INTO reused
    FROM jsonb_to_recordset(groups) AS g (reference text, input_hash text)
    JOIN settlement_postinggroup p ON p.reference = g.reference
    WHERE p.input_hash <> g.input_hash
    LIMIT 1;
    IF reused IS NOT NULL THEN
        RAISE EXCEPTION 'reference % was posted with another content', reused
        USING ERRCODE = 'unique_violation', CONSTRAINT = 'settlement_reference_reused';
    END IF;

    RETURN QUERY
    SELECT g.reference, g.reference = ANY (written)
    FROM ROWS FROM (jsonb_to_recordset(groups) AS (reference text))
         WITH ORDINALITY AS g (reference, n)
    ORDER BY g.n;
END
$$;

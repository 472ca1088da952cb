-- Reserve money for trades: [{reference, organisation, amount, currency, at, expires_at?}, …].
-- Returns one row per item, in the order given: held or not enough money.
-- Guarantees: balances are locked in id order; items of one buyer are tried one after the other,
-- so that one that cannot be paid leaves its money to the next; a reference that is held already
-- for the same amount is true and posts nothing, for another amount it is an error; so is a
-- reference given twice. An amount of 0 is true and leaves no row.
CREATE OR REPLACE FUNCTION settlement_hold_batch(items jsonb)
RETURNS TABLE (item integer, held boolean) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    each record;
    money bigint[];
    verdicts boolean[] := '{}';
    fresh integer[] := '{}';
BEGIN
    -- The lock comes first and in a statement of its own: what follows sees the balances and
    -- holds that it waited for.
    PERFORM 1
    FROM settlement_balance b
    WHERE b.account_id IN (
        SELECT a.id
        FROM jsonb_to_recordset(items) AS g (organisation uuid, currency text)
        JOIN settlement_account a ON a.organisation_id = g.organisation
            AND a.currency = g.currency AND a.kind IN ('custody', 'held'))
    ORDER BY b.account_id
    FOR UPDATE;

    FOR each IN
        SELECT g.n::integer AS n, g.reference, g.amount,
               coalesce(b.minor, 0) AS available,
               dense_rank() OVER (ORDER BY a.id)::integer AS slot,
               h.id IS NOT NULL AS known,
               h.organisation_id = g.organisation AND h.currency = g.currency
                   AND h.amount_minor = g.amount AS same
        FROM ROWS FROM (jsonb_to_recordset(items) AS (
                 reference text, organisation uuid, amount bigint, currency text))
             WITH ORDINALITY AS g (reference, organisation, amount, currency, n)
        LEFT JOIN settlement_account a ON a.organisation_id = g.organisation
            AND a.currency = g.currency AND a.kind = 'custody'
        LEFT JOIN settlement_balance b ON b.account_id = a.id
        LEFT JOIN settlement_hold h ON h.reference = g.reference
        ORDER BY g.n
    LOOP
        IF each.reference IS NULL OR each.amount IS NULL OR each.amount < 0 THEN
            RAISE EXCEPTION 'item % needs a reference and an amount of 0 or more', each.n
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_hold_item';
        END IF;
        IF each.known AND NOT each.same THEN
            RAISE EXCEPTION 'reference % is held for something else', each.reference
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'settlement_reference_reused';
        END IF;
        money[each.slot] := coalesce(money[each.slot], each.available);
        verdicts[each.n] := each.known OR each.amount <= money[each.slot];
        IF verdicts[each.n] AND NOT each.known AND each.amount > 0 THEN
            money[each.slot] := money[each.slot] - each.amount;
            fresh := fresh || each.n;
        END IF;
    END LOOP;

    IF cardinality(fresh) > 0 THEN
        WITH accepted AS MATERIALIZED (
            SELECT g.*, nextval('settlement_postinggroup_id_seq') AS group_id,
                   own.id AS own_id, reserved.id AS reserved_id
            FROM ROWS FROM (jsonb_to_recordset(items) AS (
                     reference text, organisation uuid, amount bigint, currency text,
                     at timestamptz, expires_at timestamptz))
                 WITH ORDINALITY AS g (reference, organisation, amount, currency, at,
                                       expires_at, n)
            JOIN settlement_account own ON own.organisation_id = g.organisation
                AND own.currency = g.currency AND own.kind = 'custody'
            JOIN settlement_account reserved ON reserved.organisation_id = g.organisation
                AND reserved.currency = g.currency AND reserved.kind = 'held'
            WHERE g.n = ANY (fresh)
            ORDER BY g.n
        ), groups AS (
            INSERT INTO settlement_postinggroup (id, reference, code, input_hash, booked_at)
            SELECT group_id, 'hold:' || reference, 'hold',
                   encode(sha256(convert_to(concat_ws('|', 'hold', reference, organisation,
                                                      amount, currency), 'UTF8')), 'hex'), at
            FROM accepted
        ), holds AS (
            INSERT INTO settlement_hold (id, reference, organisation_id, currency, amount_minor,
                                         created_at, expires_at)
            SELECT settlement_uuid7(at), reference, organisation, currency, amount, at, expires_at
            FROM accepted
        )
        INSERT INTO settlement_transfer (group_id, line, debit_id, credit_id, amount_minor,
                                         currency, code, booked_at)
        SELECT group_id, 1, own_id, reserved_id, amount, currency, 'hold', at
        FROM accepted;
    END IF;

    RETURN QUERY SELECT v.n::integer, v.verdict
    FROM unnest(verdicts) WITH ORDINALITY AS v (verdict, n) ORDER BY v.n;
END
$$;

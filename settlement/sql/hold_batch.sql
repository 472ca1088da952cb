-- Reserve money for trades, one array a column: reference, organisation, amount, currency, when,
-- and until when (null: no end). Returns held or not enough money, one for each, in the order given.
-- Guarantees: balances are locked in id order; items of one buyer are tried one after the other,
-- so that one that cannot be paid leaves its money to the next; a reference that is held already
-- for the same amount is true and posts nothing, for another amount it is an error; so is a
-- reference given twice. An amount of 0 is true and leaves no row.
CREATE OR REPLACE FUNCTION settlement_hold_many(
    refs text[], organisations uuid[], amounts bigint[], currencies text[],
    moments timestamptz[], expiries timestamptz[])
RETURNS boolean[] LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    size CONSTANT integer := coalesce(cardinality(refs), 0);
    each record;
    own bigint[];
    reserved bigint[];
    money bigint[];
    usual boolean;
    verdicts boolean[];
    fresh boolean[];
BEGIN
    IF size = 0 THEN
        RETURN '{}';
    END IF;
    -- The lock comes first and in a statement of its own: what follows sees the balances and
    -- holds that it waited for.
    PERFORM 1
    FROM unnest(organisations, currencies) AS g (organisation, currency)
    JOIN settlement_account a ON a.organisation_id = g.organisation
        AND a.currency = g.currency AND a.kind IN ('custody', 'held')
    JOIN settlement_balance b ON b.account_id = a.id
    ORDER BY b.account_id
    FOR UPDATE OF b;

    -- The usual case: everything is new and everyone can pay for all of theirs.
    SELECT array_agg(g.own ORDER BY g.n), array_agg(g.reserved ORDER BY g.n),
           bool_and(g.new AND g.total <= g.available)
    INTO own, reserved, usual
    FROM (
        SELECT g.n, a.id AS own, r.id AS reserved, b.minor AS available,
               sum(g.amount) OVER (PARTITION BY a.id) AS total,
               (g.reference IS NOT NULL AND g.amount > 0 AND h.id IS NULL
                AND b.account_id IS NOT NULL) IS TRUE AS new
        FROM unnest(refs, organisations, amounts, currencies)
            WITH ORDINALITY AS g (reference, organisation, amount, currency, n)
        LEFT JOIN settlement_account a ON a.organisation_id = g.organisation
            AND a.currency = g.currency AND a.kind = 'custody'
        LEFT JOIN settlement_account r ON r.organisation_id = g.organisation
            AND r.currency = g.currency AND r.kind = 'held'
        LEFT JOIN settlement_balance b ON b.account_id = a.id
        LEFT JOIN settlement_hold h ON h.reference = g.reference) AS g;
    fresh := array_fill(coalesce(usual, false), ARRAY[size]);
    verdicts := fresh;
    IF usual IS NOT TRUE THEN
        FOR each IN
            SELECT g.n::integer AS n, g.reference, g.amount,
                   coalesce(b.minor, 0) AS available,
                   dense_rank() OVER (ORDER BY g.account)::integer AS slot,
                   h.id IS NOT NULL AS known,
                   h.organisation_id = g.organisation AND h.currency = g.currency
                       AND h.amount_minor = g.amount AS same
            FROM unnest(refs, organisations, amounts, currencies, own)
                WITH ORDINALITY AS g (reference, organisation, amount, currency, account, n)
            LEFT JOIN settlement_balance b ON b.account_id = g.account
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
                fresh[each.n] := true;
            END IF;
        END LOOP;
    END IF;

    IF true = ANY (fresh) THEN
        WITH accepted AS MATERIALIZED (
            SELECT g.*, nextval('settlement_postinggroup_id_seq') AS group_id
            FROM unnest(refs, organisations, amounts, currencies, moments, expiries, own,
                        reserved, fresh)
                AS g (reference, organisation, amount, currency, at, expires_at, own_id,
                      reserved_id, fresh)
            WHERE g.fresh
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
    RETURN verdicts;
END
$$;
-- The same with documents: [{reference, organisation, amount, currency, at, expires_at?}, …],
-- one row for each.
CREATE OR REPLACE FUNCTION settlement_hold_batch(items jsonb)
RETURNS TABLE (item integer, held boolean) LANGUAGE sql VOLATILE AS $$
    SELECT v.n::integer, v.held
    FROM (
        SELECT settlement_hold_many(
            array_agg(g.reference ORDER BY g.n), array_agg(g.organisation ORDER BY g.n),
            array_agg(g.amount ORDER BY g.n), array_agg(g.currency ORDER BY g.n),
            array_agg(g.at ORDER BY g.n), array_agg(g.expires_at ORDER BY g.n)) AS verdicts
        FROM ROWS FROM (jsonb_to_recordset(items) AS (
                 reference text, organisation uuid, amount bigint, currency text,
                 at timestamptz, expires_at timestamptz))
             WITH ORDINALITY AS g (reference, organisation, amount, currency, at, expires_at, n)
    ) AS done, unnest(done.verdicts) WITH ORDINALITY AS v (held, n)
    ORDER BY v.n
$$;

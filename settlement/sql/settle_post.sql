-- Post the settlements that settlement_settle has claimed, judged and locked.
-- Guarantees: the parts come from the requests as they were frozen; one posting group for each
-- trade; balances are locked in id order before the first transfer is numbered.
-- moves: settlement REQUESTED -settle-> SETTLED
-- moves: hold HELD -capture-> CAPTURED
CREATE OR REPLACE FUNCTION settlement_settle_post(
    requests uuid[], moment timestamptz, reactions jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1
    FROM settlement_balance b
    WHERE b.account_id IN (
        SELECT unnest(r.held_account_id || r.account_ids)
        FROM settlement_settlementrequest r WHERE r.id = ANY (requests)
        UNION
        SELECT own.id
        FROM settlement_settlementrequest r
        JOIN settlement_hold h ON h.id = r.hold_id
        JOIN settlement_account own ON own.organisation_id = r.organisation_id
            AND own.currency = r.currency AND own.kind = 'custody'
        WHERE r.id = ANY (requests) AND h.amount_minor - h.voided_minor > r.amount_minor)
    ORDER BY b.account_id
    FOR UPDATE;

    WITH due AS MATERIALIZED (
        SELECT r.id, r.reference, r.hold_id, r.held_account_id, r.currency, r.amount_minor,
               r.account_ids, r.parts, r.input_hash,
               h.amount_minor - h.voided_minor - r.amount_minor AS over_minor, own.id AS own_id,
               nextval('settlement_postinggroup_id_seq') AS group_id
        FROM settlement_settlementrequest r
        LEFT JOIN settlement_hold h ON h.id = r.hold_id
        LEFT JOIN settlement_account own ON own.organisation_id = r.organisation_id
            AND own.currency = r.currency AND own.kind = 'custody'
            AND h.amount_minor - h.voided_minor > r.amount_minor
        WHERE r.id = ANY (requests)
    ), groups AS (
        INSERT INTO settlement_postinggroup (id, reference, code, input_hash, booked_at)
        SELECT group_id, 'settle:' || reference, 'settle', input_hash, moment
        FROM due WHERE amount_minor > 0
    ), captured AS (
        UPDATE settlement_hold h
        SET captured_minor = due.amount_minor,
            voided_minor = h.voided_minor + due.over_minor,
            state = 'CAPTURED', expires_at = NULL
        FROM due WHERE h.id = due.hold_id
    ), done AS (
        UPDATE settlement_settlementrequest r
        SET state = 'SETTLED', reason = '', settled_at = moment
        FROM due WHERE r.id = due.id
    )
    INSERT INTO settlement_transfer (group_id, line, debit_id, credit_id, amount_minor, currency,
                                     code, booked_at)
    SELECT due.group_id, leg.line, due.held_account_id, leg.account_id, leg.amount_minor,
           due.currency,
           CASE leg.line WHEN 1 THEN 'fee-buyer' WHEN 2 THEN 'fee-vendor' ELSE 'share' END,
           moment
    FROM due
    CROSS JOIN LATERAL unnest(due.account_ids, due.parts)
        WITH ORDINALITY AS leg (account_id, amount_minor, line)
    WHERE leg.amount_minor > 0
    UNION ALL
    SELECT group_id, 0, held_account_id, own_id, over_minor, currency, 'release', moment
    FROM due WHERE over_minor > 0;

    PERFORM core_record_events((
        SELECT coalesce(jsonb_agg(e.event ORDER BY r.id, e.n), '[]')
        FROM settlement_settlementrequest r
        CROSS JOIN LATERAL (
            VALUES (1, jsonb_build_object(
                        'subject', 'hold', 'subject_id', r.hold_id, 'verb', 'capture',
                        'before', 'HELD', 'after', 'CAPTURED', 'at', moment,
                        'detail', jsonb_build_object('reference', r.reference,
                                                     'amount_minor', r.amount_minor),
                        'reactions', reactions -> 'capture')),
                   (2, jsonb_build_object(
                        'subject', 'settlement', 'subject_id', r.id, 'verb', 'settle',
                        'before', 'REQUESTED', 'after', 'SETTLED', 'at', moment,
                        'detail', jsonb_build_object('reference', r.reference,
                                                     'amount_minor', r.amount_minor),
                        'reactions', reactions -> 'settle'))
        ) AS e (n, event)
        WHERE r.id = ANY (requests) AND (e.n = 2 OR r.hold_id IS NOT NULL)));
END
$$;

-- Settle up to `batch` requested trades, oldest first; reactions = {settle, fail, capture}.
-- Returns how many were settled and how many failed.
-- Guarantees: rows that another worker has claimed are passed over; each trade is posted once
-- (unique reference `settle:<reference>`); a request whose hold cannot pay it fails with its
-- reason and holds up no other; what a hold has over goes back to its buyer; requests, then
-- holds, then balances are locked in id order. The number of statements does not depend on the
-- number of trades, and one trade takes the same path as a thousand.
-- moves: settlement REQUESTED -settle-> SETTLED
-- moves: settlement REQUESTED -fail-> FAILED
-- moves: hold HELD -capture-> CAPTURED
CREATE OR REPLACE FUNCTION settlement_settle(batch integer, at timestamptz, reactions jsonb)
RETURNS TABLE (settled integer, failed integer) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    moment CONSTANT timestamptz := at;
    claimed uuid[];
    good uuid[];
    faults text[];
BEGIN
    SELECT array_agg(c.id) INTO claimed FROM (
        SELECT r.id FROM settlement_settlementrequest r
        WHERE r.state = 'REQUESTED'
        ORDER BY r.id LIMIT batch
        FOR UPDATE SKIP LOCKED) AS c;
    IF claimed IS NULL THEN
        RETURN QUERY SELECT 0, 0;
        RETURN;
    END IF;
    PERFORM 1
    FROM settlement_hold h
    WHERE h.id IN (SELECT r.hold_id FROM settlement_settlementrequest r WHERE r.id = ANY (claimed))
    ORDER BY h.id
    FOR UPDATE;

    SELECT coalesce(array_agg(j.id) FILTER (WHERE j.fault IS NULL), '{}'),
           array_agg(j.fault ORDER BY j.id) FILTER (WHERE j.fault IS NOT NULL),
           array_agg(j.id ORDER BY j.id) FILTER (WHERE j.fault IS NOT NULL)
    INTO good, faults, claimed
    FROM (
        SELECT r.id, CASE
            WHEN r.amount_minor = 0 THEN NULL
            WHEN h.id IS NULL OR h.reference <> r.reference THEN 'hold-missing'
            WHEN h.state <> 'HELD' THEN 'hold-closed'
            WHEN h.currency <> r.currency OR h.organisation_id <> r.organisation_id
                THEN 'hold-of-another'
            WHEN h.amount_minor - h.voided_minor < r.amount_minor THEN 'hold-too-small'
            WHEN p.id IS NOT NULL THEN 'posted-before' END AS fault
        FROM settlement_settlementrequest r
        LEFT JOIN settlement_hold h ON h.id = r.hold_id
        LEFT JOIN settlement_postinggroup p ON p.reference = 'settle:' || r.reference
        WHERE r.id = ANY (claimed)) AS j;

    PERFORM settlement_settle_post(good, moment, reactions);
    IF faults IS NOT NULL THEN
        UPDATE settlement_settlementrequest r
        SET state = 'FAILED', reason = f.fault
        FROM unnest(claimed, faults) AS f (id, fault)
        WHERE r.id = f.id;
        PERFORM core_record_events((
            SELECT jsonb_agg(jsonb_build_object(
                       'subject', 'settlement', 'subject_id', r.id, 'verb', 'fail',
                       'before', 'REQUESTED', 'after', 'FAILED', 'at', moment,
                       'reason', r.reason,
                       'detail', jsonb_build_object('reference', r.reference),
                       'reactions', reactions -> 'fail') ORDER BY r.id)
            FROM settlement_settlementrequest r
            WHERE r.id = ANY (claimed)));
    END IF;
    RETURN QUERY SELECT cardinality(good), coalesce(cardinality(faults), 0);
END
$$;

-- Post the releases that settlement_release has judged and locked the holds for.
-- Guarantees: only items whose outcome is `released` are posted, all of them in one set.
-- moves: hold HELD -void-> VOIDED
-- moves: hold HELD -expire-> EXPIRED
CREATE OR REPLACE FUNCTION settlement_release_post(judged jsonb)
RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM 1
    FROM settlement_balance b
    WHERE b.account_id IN (
        SELECT a.id
        FROM jsonb_to_recordset(judged) AS j (organisation_id uuid, currency text, outcome text)
        JOIN settlement_account a ON a.organisation_id = j.organisation_id
            AND a.currency = j.currency AND a.kind IN ('custody', 'held')
        WHERE j.outcome = 'released')
    ORDER BY b.account_id
    FOR UPDATE;

    WITH given AS MATERIALIZED (
        SELECT j.*, nextval('settlement_postinggroup_id_seq') AS group_id,
               own.id AS own_id, reserved.id AS reserved_id
        FROM jsonb_to_recordset(judged) AS j (
            n integer, hold_id uuid, group_reference text, input_hash text, amount bigint,
            left_minor bigint, organisation_id uuid, currency text, reason text, outcome text,
            verb text, at timestamptz)
        JOIN settlement_account own ON own.organisation_id = j.organisation_id
            AND own.currency = j.currency AND own.kind = 'custody'
        JOIN settlement_account reserved ON reserved.organisation_id = j.organisation_id
            AND reserved.currency = j.currency AND reserved.kind = 'held'
        WHERE j.outcome = 'released'
        ORDER BY j.n
    ), groups AS (
        INSERT INTO settlement_postinggroup (id, reference, code, input_hash, reason, booked_at)
        SELECT group_id, group_reference, 'release', input_hash, left(coalesce(reason, ''), 500), at
        FROM given
    ), moved AS (
        UPDATE settlement_hold h
        SET voided_minor = h.voided_minor + g.amount,
            state = CASE WHEN g.amount < g.left_minor THEN h.state
                         WHEN g.verb = 'expire' THEN 'EXPIRED' ELSE 'VOIDED' END,
            expires_at = CASE WHEN g.amount < g.left_minor THEN h.expires_at END
        FROM given g
        WHERE h.id = g.hold_id
    )
    INSERT INTO settlement_transfer (group_id, line, debit_id, credit_id, amount_minor,
                                     currency, code, booked_at)
    SELECT group_id, 1, reserved_id, own_id, amount, currency, 'release', at
    FROM given;

    PERFORM core_record_events((
        SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'subject', 'hold', 'subject_id', j.hold_id,
                   'verb', CASE WHEN j.amount < j.left_minor THEN 'release' ELSE j.verb END,
                   'before', 'HELD',
                   'after', CASE WHEN j.amount < j.left_minor THEN 'HELD'
                                 WHEN j.verb = 'expire' THEN 'EXPIRED' ELSE 'VOIDED' END,
                   'actor_id', j.actor_id, 'organisation_id', j.actor_organisation,
                   'at', j.at, 'reason', j.reason,
                   'detail', jsonb_build_object('reference', j.reference,
                                                'amount_minor', j.amount),
                   'reactions', j.reactions) ORDER BY j.n), '[]')
        FROM jsonb_to_recordset(judged) AS j (
            n integer, hold_id uuid, verb text, amount bigint, left_minor bigint,
            actor_id bigint, actor_organisation uuid, at timestamptz, reason text,
            reference text, reactions jsonb, outcome text)
        WHERE j.outcome = 'released'));
END
$$;

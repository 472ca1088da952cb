-- Give reserved money back to its buyer, whole or in part:
-- [{reference, amount|null, key, verb: void|expire, reason, actor_id, organisation_id, at,
--   reactions}, …], each hold at most once; amount null is all that is left of it.
-- Returns one row per item, in the order given, with what was released and an outcome:
-- released, replayed (the same was released before under this key), reused (something else was),
-- missing, closed, too-much or settling (a settlement of it is requested).
-- Guarantees: holds, then balances, are locked in id order; a part leaves the hold HELD.
-- moves: hold HELD -void-> VOIDED
-- moves: hold HELD -expire-> EXPIRED
CREATE OR REPLACE FUNCTION settlement_release(items jsonb)
RETURNS TABLE (item integer, outcome text, released bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    judged jsonb;
BEGIN
    PERFORM 1
    FROM settlement_hold h
    WHERE h.reference IN (SELECT g.reference FROM jsonb_to_recordset(items) AS g (reference text))
    ORDER BY h.id
    FOR UPDATE;

    SELECT coalesce(jsonb_agg(to_jsonb(j) || jsonb_build_object('outcome', CASE
               WHEN j.hold_id IS NULL THEN 'missing'
               WHEN j.known_hash = j.input_hash THEN 'replayed'
               WHEN j.known_hash IS NOT NULL THEN 'reused'
               WHEN j.state <> 'HELD' THEN 'closed'
               WHEN j.settling THEN 'settling'
               WHEN j.amount NOT BETWEEN 1 AND j.left_minor THEN 'too-much'
               ELSE 'released' END) ORDER BY j.n), '[]')
    INTO judged
    FROM (
        SELECT g.n, g.verb, g.reason, g.actor_id, g.actor_organisation, g.at, g.reactions,
               g.reference, h.id AS hold_id, h.state, h.organisation_id, h.currency,
               h.amount_minor - h.captured_minor - h.voided_minor AS left_minor,
               coalesce(g.amount, h.amount_minor - h.captured_minor - h.voided_minor) AS amount,
               p.group_reference, p.input_hash, known.input_hash AS known_hash,
               EXISTS (SELECT 1 FROM settlement_settlementrequest r
                       WHERE r.reference = g.reference AND r.state = 'REQUESTED') AS settling
        FROM ROWS FROM (jsonb_to_recordset(items) AS (
                 reference text, amount bigint, key text, verb text, reason text,
                 actor_id bigint, organisation_id uuid, at timestamptz, reactions jsonb))
             WITH ORDINALITY AS g (reference, amount, key, verb, reason, actor_id,
                                   actor_organisation, at, reactions, n)
        CROSS JOIN LATERAL (
            SELECT concat_ws(':', CASE WHEN g.amount IS NULL THEN 'void' ELSE 'release' END,
                             g.reference, nullif(g.key, '')) AS group_reference,
                   encode(sha256(convert_to(concat_ws('|', 'release', g.reference,
                       coalesce(g.amount::text, 'all'), g.verb), 'UTF8')), 'hex') AS input_hash
        ) AS p
        LEFT JOIN settlement_hold h ON h.reference = g.reference
        LEFT JOIN settlement_postinggroup known ON known.reference = p.group_reference
    ) AS j;

    PERFORM settlement_release_post(judged);

    RETURN QUERY
    SELECT j.n, j.outcome,
           CASE WHEN j.outcome IN ('released', 'replayed') THEN coalesce(done.amount_minor, j.amount)
                ELSE 0 END::bigint
    FROM jsonb_to_recordset(judged) AS j (
        n integer, outcome text, amount bigint, group_reference text)
    LEFT JOIN settlement_postinggroup p ON p.reference = j.group_reference
    LEFT JOIN settlement_transfer done ON done.group_id = p.id
    ORDER BY j.n;
END
$$;

-- Keep the answers given to idempotency keys, in the transaction of their effect.
-- Guarantees: a key that is already taken raises unique_violation and undoes the whole effect.
CREATE OR REPLACE FUNCTION core_keep_answers(answers jsonb) RETURNS void
LANGUAGE sql VOLATILE AS $$
    INSERT INTO core_idempotencykey (scope, key, input_hash, status, body, created_at)
    SELECT a.scope, a.key, a.input_hash, a.status, a.body, a.created_at
    FROM jsonb_to_recordset(answers) AS a (
        scope uuid, key text, input_hash text, status smallint, body jsonb,
        created_at timestamptz)
$$;

-- Keep the answer given to an idempotency key, in the transaction of its effect.
-- Guarantees: a key that is already taken raises unique_violation and undoes the whole effect.
CREATE OR REPLACE FUNCTION core_keep_answer(
    scope uuid, key text, input_hash text, status integer, body jsonb, at timestamptz)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
BEGIN
    INSERT INTO core_idempotencykey (scope, key, input_hash, status, body, created_at)
    VALUES (scope, key, input_hash, status, body, at);
END
$$;

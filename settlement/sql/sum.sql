-- The sum of an array, for CHECK constraints; overflow is an error and not a wrap-around.
CREATE OR REPLACE FUNCTION settlement_sum(parts bigint[]) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(sum(part), 0)::bigint FROM unnest(parts) AS part
$$;

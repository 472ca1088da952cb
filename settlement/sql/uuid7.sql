-- A version 7 UUID at the given moment, so that rows made here sort like rows made in Python
-- (PostgreSQL has one of its own from version 18 only).
-- Source: RFC 9562 §5.7.
CREATE OR REPLACE FUNCTION settlement_uuid7(moment timestamptz) RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT encode(
        set_bit(set_bit(overlay(
            uuid_send(gen_random_uuid())
            PLACING substring(int8send(floor(extract(epoch FROM moment) * 1000)::bigint) FROM 3)
            FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$;

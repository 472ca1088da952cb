-- Take a snapshot of every hot account, so that its balance stays cheap to read.
-- Guarantees: posting stands still for the moment it takes (an exclusive lock against the shared
-- one of every insert), so that every transfer up to the number kept is in it and none comes after.
CREATE OR REPLACE FUNCTION settlement_snapshot(at timestamptz)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    upto bigint;
    taken integer;
BEGIN
    PERFORM pg_advisory_xact_lock(7021996001);
    SELECT max(id) INTO upto FROM settlement_transfer;
    IF upto IS NULL THEN
        RETURN 0;
    END IF;
    INSERT INTO settlement_balancesnapshot (account_id, upto_transfer_id, minor, at)
    SELECT a.id, upto, settlement_balance_of(a.id), settlement_snapshot.at
    FROM settlement_account a
    WHERE a.hot
    ORDER BY a.id
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS taken = ROW_COUNT;
    RETURN taken;
END
$$;

-- Why a version is not admitted to trading by this clearance at a moment, null if it is; the
-- clearance is held FOR SHARE until the end of the transaction.
-- Guarantees: who suspends or ends it waits for this transaction, and this one waits for who is
-- about to; the answer is read after the lock, in a statement of its own, so that one of the two
-- loses. A prepared clearance stands and falls with the one it follows: both are held.
CREATE OR REPLACE FUNCTION compliance_lock_clearance(
    version_id uuid, clearance_id uuid, at timestamptz)
RETURNS text
LANGUAGE plpgsql VOLATILE
AS $$
#variable_conflict use_column
DECLARE
    found text;
BEGIN
    PERFORM c.id FROM compliance_clearance c
    WHERE c.version_id = compliance_lock_clearance.version_id AND c.state <> 'ENDED'
    ORDER BY c.id FOR SHARE;
    SELECT CASE WHEN l.clearance_id IS DISTINCT FROM compliance_lock_clearance.clearance_id
                THEN coalesce(l.cause, 'clearance-missing') ELSE l.cause END
    INTO found
    FROM compliance_live_clearance(
        compliance_lock_clearance.version_id, compliance_lock_clearance.at) AS l;
    RETURN found;
END
$$;

-- The same answer as compliance_live_clearance, with the clearance held FOR SHARE until the end of
-- the transaction. Guarantees: who suspends or ends it waits for this transaction, and this one
-- waits for who is about to; the answer is read after the lock, so that one of the two loses.
CREATE OR REPLACE FUNCTION compliance_lock_clearance(version_id uuid, at timestamptz)
RETURNS TABLE (
    clearance_id uuid,
    declaration_id uuid,
    checklist_id uuid,
    checklist_code text,
    decision_id uuid,
    facts jsonb,
    evidence jsonb,
    valid_from timestamptz,
    valid_until timestamptz,
    cleared boolean,
    cause text
)
LANGUAGE plpgsql VOLATILE
AS $$
#variable_conflict use_column
BEGIN
    PERFORM c.id FROM compliance_clearance c
    WHERE c.version_id = compliance_lock_clearance.version_id AND c.state <> 'ENDED'
    ORDER BY c.id FOR SHARE;
    RETURN QUERY SELECT * FROM compliance_live_clearance(
        compliance_lock_clearance.version_id, compliance_lock_clearance.at);
END
$$;

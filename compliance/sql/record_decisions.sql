-- Append decisions, any number at once: an array of {id, kind, reference, checklist_id, facts,
-- evidence, findings, verdict, at, actor_id, previous_id}.
-- Guarantees: each is written under a checklist that exists, or none is.
CREATE OR REPLACE FUNCTION compliance_record_decisions(decisions jsonb) RETURNS integer
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    written integer;
BEGIN
    INSERT INTO compliance_decision (id, kind, reference, checklist_id, facts, facts_hash,
                                     evidence, findings, verdict, at, actor_id, previous_id)
    SELECT d.id, d.kind, d.reference, l.id, d.facts, '', coalesce(d.evidence, '[]'),
           coalesce(d.findings, '[]'), d.verdict, d.at, d.actor_id, d.previous_id
    FROM jsonb_to_recordset(decisions) AS d (
        id uuid, kind text, reference uuid, checklist_id uuid, facts jsonb, evidence jsonb,
        findings jsonb, verdict text, at timestamptz, actor_id bigint, previous_id uuid)
    JOIN compliance_checklistversion l ON l.id = d.checklist_id;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written <> jsonb_array_length(decisions) THEN
        RAISE EXCEPTION 'a decision names no checklist' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN written;
END
$$;

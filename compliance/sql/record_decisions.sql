-- Append decisions, any number at once, one array a column; facts, evidence and findings are JSON.
-- What has no id is passed over: the items were not run on it.
-- Guarantees: each is written under a checklist that exists, or none is.
CREATE OR REPLACE FUNCTION compliance_record_decisions(
    ids uuid[], kind text, subjects uuid[], checklists uuid[], facts text[], evidence text[],
    findings text[], verdicts text[], actor_id bigint, at timestamptz)
RETURNS void LANGUAGE plpgsql VOLATILE
AS $$
#variable_conflict use_column
DECLARE
    written integer;
BEGIN
    INSERT INTO compliance_decision (id, kind, reference, checklist_id, facts, facts_hash,
                                     evidence, findings, verdict, at, actor_id)
    SELECT d.id, compliance_record_decisions.kind, d.subject, l.id, d.facts::jsonb, '',
           d.evidence::jsonb, d.findings::jsonb, d.verdict, compliance_record_decisions.at,
           compliance_record_decisions.actor_id
    FROM unnest(ids, subjects, checklists, facts, evidence, findings, verdicts)
        AS d (id, subject, checklist, facts, evidence, findings, verdict)
    JOIN compliance_checklistversion l ON l.id = d.checklist
    WHERE d.id IS NOT NULL;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written <> cardinality(array_remove(ids, NULL)) THEN
        RAISE EXCEPTION 'a decision names no checklist' USING ERRCODE = 'foreign_key_violation';
    END IF;
END
$$;

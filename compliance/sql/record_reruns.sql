-- Append the decisions of a re-run over live clearances, and the clearances that follow them, any
-- number at once, one array a column. Only what differs is given: `facts` and `cleared` replace
-- topics of what the former decision and clearance stored, or all of it where `whole`. `follows` are
-- the decisions that the new ones come after; `successors` are null where no clearance follows.
-- Guarantees: declarations are locked before clearances, as those do who withdraw them; a clearance
-- that fell since it was read is passed over. The locks are shared, so that no trade waits for them.
-- None is run twice over one list: an index is unique.
-- Returns the clearances that were run.
CREATE OR REPLACE FUNCTION compliance_record_reruns(
    list uuid, formers uuid[], decisions uuid[], follows uuid[], whole boolean[], facts text[], evidence text[],
    findings text[], attested text[], verdicts text[], successors uuid[], cleared text[],
    resting_on text[], begins timestamptz[], ends timestamptz[], actor_id bigint,
    organisation_id uuid, judged_at timestamptz, moment timestamptz, reactions jsonb)
RETURNS SETOF uuid
LANGUAGE plpgsql VOLATILE
-- Every row is met by its key, whatever the planner knows of how many there are.
SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $$
#variable_conflict use_variable
DECLARE
    live uuid[];
    made uuid[];
BEGIN
    PERFORM d.id FROM compliance_declaration d
    WHERE d.id IN (SELECT c.declaration_id FROM compliance_clearance c WHERE c.id = ANY (formers))
    ORDER BY d.id FOR SHARE;
    SELECT array_agg(l.id) INTO live
    FROM (
        SELECT c.id FROM compliance_clearance c
        WHERE c.id = ANY (formers) AND c.state = 'LIVE' ORDER BY c.id FOR SHARE) AS l;

    INSERT INTO compliance_decision (id, kind, reference, checklist_id, facts, facts_hash, evidence,
                                     findings, attested, verdict, at, actor_id, previous_id)
    SELECT g.decision, 'rerun', c.version_id, list,
           CASE WHEN g.whole THEN g.facts::jsonb ELSE d.facts || g.facts::jsonb END, '',
           g.evidence::jsonb, g.findings::jsonb, g.attested::jsonb, g.verdict, judged_at, actor_id,
           g.followed
    FROM unnest(formers, decisions, follows, whole, facts, evidence, findings, attested, verdicts)
        AS g (former, decision, followed, whole, facts, evidence, findings, attested, verdict)
    JOIN compliance_clearance c ON c.id = g.former
    JOIN compliance_decision d ON d.id = c.decision_id
    WHERE c.id = ANY (live);

    WITH following AS (
        INSERT INTO compliance_clearance (id, version_id, checklist_id, declaration_id, decision_id,
                                          former_id, facts, evidence, valid_from, valid_until,
                                          state, ground)
        SELECT g.successor, c.version_id, list, c.declaration_id, g.decision, c.id,
               CASE WHEN g.whole THEN g.cleared::jsonb ELSE c.facts || g.cleared::jsonb END,
               g.resting_on::jsonb, g.begins, g.ends, 'PREPARED', ''
        FROM unnest(formers, decisions, whole, successors, cleared, resting_on, begins, ends)
            AS g (former, decision, whole, successor, cleared, resting_on, begins, ends)
        JOIN compliance_clearance c ON c.id = g.former
        WHERE c.id = ANY (live) AND g.successor IS NOT NULL AND NOT EXISTS (
            SELECT FROM compliance_clearance o WHERE o.version_id = c.version_id
            AND o.checklist_id = list AND o.state IN ('PREPARED', 'LIVE', 'SUSPENDED'))
        RETURNING id
    )
    SELECT array_agg(f.id) INTO made FROM following f;
    PERFORM core_record_moves(
        array_fill('clearance'::text, ARRAY[cardinality(made)]), made,
        array_fill('prepare'::text, ARRAY[cardinality(made)]),
        array_fill(''::text, ARRAY[cardinality(made)]),
        array_fill('PREPARED'::text, ARRAY[cardinality(made)]),
        array_fill(''::text, ARRAY[cardinality(made)]),
        array_fill('{}'::jsonb, ARRAY[cardinality(made)]),
        actor_id, organisation_id, moment, reactions)
    WHERE made IS NOT NULL;
    RETURN QUERY SELECT unnest(live);
END
$$;

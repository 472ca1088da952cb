-- Append events of one actor at one moment, and the work they cause: the same as
-- core_record_events for many things at once, one array a column.
-- `reactions` names the reactions to "subject:verb"; what it does not name has none.
CREATE OR REPLACE FUNCTION core_record_moves(
    subjects text[], subject_ids uuid[], verbs text[], befores text[], afters text[],
    reasons text[], details jsonb[], actor_id bigint, organisation_id uuid, at timestamptz, reactions jsonb)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
BEGIN
    WITH given AS (
        SELECT nextval('core_event_id_seq') AS id, e.*
        FROM unnest(subjects, subject_ids, verbs, befores, afters, reasons, details)
            AS e (subject, subject_id, verb, before, after, reason, detail)
    ), written AS (
        INSERT INTO core_event (id, subject, subject_id, verb, before, after,
                                actor_id, organisation_id, at, reason, detail)
        SELECT id, subject, subject_id, verb, before, after,
               core_record_moves.actor_id, core_record_moves.organisation_id,
               core_record_moves.at, reason, detail
        FROM given
    )
    INSERT INTO core_work (event_id, reaction, retry_at)
    SELECT given.id, reaction.name, core_record_moves.at
    FROM given, jsonb_array_elements_text(reactions -> (subject || ':' || verb))
        AS reaction (name);
END
$$;

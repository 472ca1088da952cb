-- Append events and the work they cause: one call for any number of events.
-- Guarantees: each event gets one core_work row for each of its reactions, in the same statement.
CREATE OR REPLACE FUNCTION core_record_events(events jsonb) RETURNS void
LANGUAGE sql VOLATILE AS $$
    WITH given AS (
        SELECT nextval('core_event_id_seq') AS id, e.*
        FROM jsonb_to_recordset(events) AS e (
            subject text, subject_id uuid, verb text, before text, after text,
            actor_id bigint, organisation_id uuid, at timestamptz, reason text,
            detail jsonb, reactions jsonb)
    ), written AS (
        INSERT INTO core_event (id, subject, subject_id, verb, before, after,
                                actor_id, organisation_id, at, reason, detail)
        SELECT id, subject, subject_id, verb, coalesce(before, ''), coalesce(after, ''),
               actor_id, organisation_id, at, coalesce(reason, ''), coalesce(detail, '{}')
        FROM given
    )
    INSERT INTO core_work (event_id, reaction, retry_at)
    SELECT given.id, reaction.name, given.at
    FROM given, jsonb_array_elements_text(coalesce(given.reactions, '[]')) AS reaction (name)
$$;

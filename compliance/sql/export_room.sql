-- Which of the exports that are about to be reserved find their year fuller than they were judged
-- by: their places, in order; none if all may be reserved.
-- `exports` holds for each order null, or a JSON array of {exporter, persons, sensitive_persons,
-- persons_below, sensitive_below}: what it adds, and the counts below which its path is the one
-- that was found, null for no bound.
-- Guarantees: the exporters are held until the end of the transaction, so that nobody counts on a
-- number that is about to change; the numbers are read after that, in a statement of their own.
-- They are held in the order of their keys, so that two batches never wait for each other.
CREATE OR REPLACE FUNCTION compliance_export_room(exports text[], at timestamptz)
RETURNS integer[]
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    fuller integer[];
BEGIN
    PERFORM pg_advisory_xact_lock(20240322, k.key)
    FROM (SELECT DISTINCT hashtext(e ->> 'exporter') AS key
          FROM unnest(compliance_export_room.exports) AS g (text)
          CROSS JOIN LATERAL json_array_elements(g.text::json) AS e
          WHERE g.text IS NOT NULL ORDER BY 1) AS k;
    SELECT array_agg(DISTINCT s.n ORDER BY s.n) INTO fuller
    FROM (
        SELECT g.n::integer AS n, (e ->> 'persons_below')::bigint AS persons_below,
               (e ->> 'sensitive_below')::bigint AS sensitive_below,
               (c ->> 'persons')::bigint + sum((e ->> 'persons')::bigint) OVER so_far AS persons,
               (c ->> 'sensitive_persons')::bigint
                   + sum((e ->> 'sensitive_persons')::bigint) OVER so_far AS sensitive
        FROM unnest(compliance_export_room.exports) WITH ORDINALITY AS g (text, n)
        CROSS JOIN LATERAL json_array_elements(g.text::json) AS e
        CROSS JOIN LATERAL json_array_elements(compliance_exporters(
            ARRAY[(e ->> 'exporter')::uuid], NULL, compliance_export_room.at)) AS c
        WHERE g.text IS NOT NULL
        WINDOW so_far AS (PARTITION BY e ->> 'exporter' ORDER BY g.n)
    ) AS s
    WHERE NOT coalesce(s.persons < s.persons_below, s.persons_below IS NULL AND s.persons >= 0)
       OR NOT coalesce(
            s.sensitive < s.sensitive_below, s.sensitive_below IS NULL AND s.sensitive >= 0);
    RETURN coalesce(fuller, '{}');
END
$$;

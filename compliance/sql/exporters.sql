-- What registers and ledger say of the parties of an order that may go abroad, as a JSON array in
-- the order given: {id, entries: {kind: {answer, zone, route, parts}}, persons, sensitive_persons}.
-- An entry counts on the days for which it holds (China's), of several the one recorded last; those
-- about a product count for that product alone.
-- The counts are of the calendar year, China's: what was handed over in it, what is reserved and
-- still open whenever that was, and what left by other ways as far as that is on record; null where
-- it is not, since what is unknown is not nothing.
CREATE OR REPLACE FUNCTION compliance_exporters(
    organisations uuid[], product_id uuid, at timestamptz)
RETURNS json
LANGUAGE sql STABLE AS $$
    SELECT json_agg(json_build_object(
        'id', o.id,
        'entries', coalesce(e.entries, '{}'),
        'persons', e.elsewhere + coalesce(t.persons, 0),
        'sensitive_persons', e.elsewhere_sensitive + coalesce(t.sensitive, 0)) ORDER BY o.n)
    FROM unnest(compliance_exporters.organisations) WITH ORDINALITY AS o (id, n)
    CROSS JOIN LATERAL (
        SELECT n.day, extract(year FROM n.day)::integer AS year
        FROM (VALUES ((compliance_exporters.at AT TIME ZONE 'Asia/Shanghai')::date)) AS n (day)
    ) AS d
    LEFT JOIN LATERAL (
        SELECT jsonb_object_agg(f.kind, jsonb_build_object(
                   'answer', f.answer, 'zone', f.zone, 'route', f.route, 'parts', f.parts))
                   AS entries,
               max(f.persons) AS elsewhere, max(f.sensitive_persons) AS elsewhere_sensitive
        FROM (
            SELECT DISTINCT ON (r.kind) r.*
            FROM compliance_registerentry r
            WHERE r.organisation_id = o.id
              AND (r.product_id IS NULL OR r.product_id = compliance_exporters.product_id)
              AND r.valid_from <= d.day AND (r.valid_until IS NULL OR r.valid_until > d.day)
              -- A count is of the year in which it begins.
              AND (r.kind <> 'exports_elsewhere' OR extract(year FROM r.valid_from) = d.year)
            ORDER BY r.kind, r.at DESC, r.id DESC
        ) AS f
    ) AS e ON true
    LEFT JOIN LATERAL (
        SELECT sum(y.reserved_persons + CASE WHEN y.year = d.year
                   THEN y.committed_persons ELSE 0 END)::bigint AS persons,
               sum(y.reserved_sensitive + CASE WHEN y.year = d.year
                   THEN y.committed_sensitive ELSE 0 END)::bigint AS sensitive
        FROM compliance_exporttally y WHERE y.exporter_id = o.id
    ) AS t ON true
$$;

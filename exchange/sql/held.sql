-- What comes together in a buyer's hands with one more version: a JSON array of the products that it
-- has bought and of this one, each once, as it was cleared last; what was refunded is left out, and
-- so is what nothing adds up with. Null where this version is itself such: then nothing is read.
CREATE OR REPLACE FUNCTION exchange_held(buyer uuid, version uuid, facts jsonb)
RETURNS json
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN compliance_adds_up(exchange_held.facts) THEN (
        SELECT json_agg(json_build_object(
            'product', d.product_id,
            'persons', CASE WHEN d.facts ->> 'personal' = 'false' THEN 0
                            ELSE (d.facts ->> 'subjects_count')::bigint END,
            'sensitive', CASE WHEN d.facts ->> 'personal' = 'false' THEN false
                              ELSE (d.facts ->> 'sensitive')::boolean END,
            'subject', d.subject, 'regions', d.regions, 'asked', d.place = 0))
        FROM (
            SELECT DISTINCT ON (s.product_id) s.product_id, s.subject, s.regions, h.facts, h.place
            FROM (
                SELECT exchange_held.version, exchange_held.facts, 0 AS place, NULL::uuid AS id
                UNION ALL
                SELECT t.version_id, f.facts, 1, t.id
                FROM exchange_trade t
                CROSS JOIN LATERAL compliance_cleared_facts(t.clearance_id) AS f
                WHERE t.buyer_id = exchange_held.buyer AND t.state <> 'REFUNDED'
                  AND compliance_adds_up(f.facts)
            ) AS h (version, facts, place, id)
            CROSS JOIN LATERAL listings_subject(h.version) AS s
            ORDER BY s.product_id, h.place, h.id DESC
        ) AS d) END
$$;

-- What a version is about: its product, its subject (the topic, else the industry) and the regions
-- it covers. Always one row for a version that exists. As a table of one SELECT, the planner takes
-- it into the query that asks.
CREATE OR REPLACE FUNCTION listings_subject(version_id uuid)
RETURNS TABLE (product_id uuid, subject text, regions jsonb)
LANGUAGE sql STABLE AS $$
    SELECT v.product_id, coalesce(nullif(lower(btrim(v.topic)), ''), v.industry),
           coalesce(v.content -> 'coverage' -> 'regions', '[]')
    FROM listings_version v
    WHERE v.id = listings_subject.version_id
$$;

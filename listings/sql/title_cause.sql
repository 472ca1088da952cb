-- Why what a version rests on stands no longer, null if it does: a right that it cites was withdrawn
-- or has run out, or the supplier's mandate to the vendor has ended. Always one row for a version
-- that exists. As a table of one SELECT, the planner takes it into the query that asks.
CREATE OR REPLACE FUNCTION listings_title_cause(version_id uuid)
RETURNS TABLE (cause text)
LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT CASE r.state WHEN 'WITHDRAWN' THEN 'right-withdrawn' ELSE 'right-expired' END
         FROM jsonb_array_elements_text(coalesce(v.content -> 'rights', '[]')) AS cited (id)
         JOIN listings_rightsrecord r ON r.id = cited.id::uuid
         WHERE r.state <> 'RECORDED'
         ORDER BY r.state DESC LIMIT 1),
        CASE WHEN d.vendor_id <> d.supplier_id AND NOT EXISTS (
            SELECT FROM listings_sponsorship m
            WHERE m.vendor_id = d.vendor_id AND m.supplier_id = d.supplier_id
              AND m.state = 'IN_FORCE') THEN 'mandate-ended' END)
    FROM listings_version v
    JOIN listings_product d ON d.id = v.product_id
    WHERE v.id = listings_title_cause.version_id
$$;

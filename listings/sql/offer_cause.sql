-- Why a version is not on offer for a purpose and territory, or null if it is: the version is
-- listed, vendor and supplier are active, the vendor is admitted, the rights that it rests on and
-- the supplier's mandate stand, and the use is permitted.
-- "CN" permits any region of the mainland; "*" any territory. Always one row.
-- As a table, the planner takes it into the query that asks.
CREATE OR REPLACE FUNCTION listings_offer_cause(version_id uuid, purpose text, territory text)
RETURNS TABLE (cause text)
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN v.state IS DISTINCT FROM 'LISTED' THEN 'version-not-listed'
        WHEN NOT EXISTS (SELECT FROM core_admitted(d.vendor_id, 'vendor')) THEN 'vendor-suspended'
        WHEN s.state <> 'ACTIVE' THEN 'supplier-suspended'
        WHEN title.cause IS NOT NULL THEN title.cause
        WHEN NOT coalesce(v.permitted_use -> 'purposes', '[]') ? offer_cause.purpose
            THEN 'use-not-permitted'
        WHEN NOT coalesce(v.permitted_use -> 'territories', '[]')
            ?| ARRAY['*', offer_cause.territory,
                     CASE WHEN offer_cause.territory IN ('HK', 'MO', 'TW')
                              THEN 'CN-' || offer_cause.territory
                          WHEN offer_cause.territory IN ('CN-HK', 'CN-MO', 'CN-TW')
                              THEN substr(offer_cause.territory, 4)
                          WHEN offer_cause.territory LIKE 'CN-%' THEN 'CN' END]
            THEN 'territory-not-permitted'
        END
    FROM (SELECT listings_offer_cause.purpose, listings_offer_cause.territory) AS offer_cause
    LEFT JOIN listings_version v ON v.id = listings_offer_cause.version_id
    LEFT JOIN listings_product d ON d.id = v.product_id
    LEFT JOIN core_organisation s ON s.id = d.supplier_id
    LEFT JOIN LATERAL listings_title_cause(v.id) AS title ON true
$$;

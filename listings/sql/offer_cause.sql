-- Why a version is not on offer for a purpose and territory, or null if it is: the version is
-- listed, vendor and supplier are active, the vendor is admitted, and the use is permitted.
-- "CN" permits any region of the mainland; "*" any territory.
CREATE OR REPLACE FUNCTION listings_offer_cause(version_id uuid, purpose text, territory text)
RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT nullif(coalesce((
        SELECT CASE
            WHEN v.state <> 'LISTED' THEN 'version-not-listed'
            WHEN NOT core_may(d.vendor_id, 'vendor') THEN 'vendor-suspended'
            WHEN s.state <> 'ACTIVE' THEN 'supplier-suspended'
            WHEN NOT coalesce(v.content -> 'permitted_use' -> 'purposes', '[]')
                ? offer_cause.purpose THEN 'use-not-permitted'
            WHEN NOT coalesce(v.content -> 'permitted_use' -> 'territories', '[]')
                ?| ARRAY['*', offer_cause.territory,
                         CASE WHEN offer_cause.territory IN ('HK', 'MO', 'TW')
                                  THEN 'CN-' || offer_cause.territory
                              WHEN offer_cause.territory IN ('CN-HK', 'CN-MO', 'CN-TW')
                                  THEN substr(offer_cause.territory, 4)
                              WHEN offer_cause.territory LIKE 'CN-%' THEN 'CN' END]
                THEN 'territory-not-permitted'
            ELSE '' END
        FROM (SELECT listings_offer_cause.purpose, listings_offer_cause.territory) AS offer_cause,
             listings_version v
        JOIN listings_product d ON d.id = v.product_id
        JOIN core_organisation s ON s.id = d.supplier_id
        WHERE v.id = listings_offer_cause.version_id), 'version-not-listed'), '')
$$;

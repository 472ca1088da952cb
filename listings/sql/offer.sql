-- Everything that placing an order reads about what is offered, in one row; none if there is no
-- such plan. It judges nothing: the gate does.
CREATE OR REPLACE FUNCTION listings_offer(plan_id uuid)
RETURNS TABLE (
    plan_id uuid,
    version_id uuid,
    product_id uuid,
    vendor_id uuid,
    supplier_id uuid,
    version_state text,
    content_hash text,
    plan jsonb,
    permitted_use jsonb,
    allocation jsonb,
    data_class text,
    grade text,
    delivery_modes jsonb,
    title_zh text,
    title_en text,
    vendor_state text,
    supplier_state text,
    vendor_capacity_state text,
    simulated boolean
)
LANGUAGE sql STABLE
AS $$
    SELECT p.id, v.id, d.id, d.vendor_id, d.supplier_id, v.state::text, v.content_hash::text,
           to_jsonb(p), c.permitted_use, c.allocation,
           v.data_class::text, v.grade::text, c.delivery_modes,
           v.title_zh::text, v.title_en::text,
           vendor.state::text, supplier.state::text, coalesce(capacity.state, '')::text,
           d.simulated
    FROM listings_plan p
    JOIN listings_version v ON v.id = p.version_id
    JOIN listings_product d ON d.id = v.product_id
    JOIN core_organisation vendor ON vendor.id = d.vendor_id
    JOIN core_organisation supplier ON supplier.id = d.supplier_id
    LEFT JOIN core_capacity capacity
           ON capacity.organisation_id = d.vendor_id AND capacity.kind = 'vendor'
    -- The content is long and kept compressed: it is opened once.
    LEFT JOIN LATERAL jsonb_to_record(v.content) AS c (
        permitted_use jsonb, allocation jsonb, delivery_modes jsonb) ON true
    WHERE p.id = listings_offer.plan_id
$$;

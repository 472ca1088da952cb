-- Everything that placing an order reads about what is offered, in one row; none if there is no
-- such plan. It judges nothing: the gate does. As a table of one SELECT, the planner takes it into
-- the query that asks.
CREATE OR REPLACE FUNCTION listings_offer(plan_id uuid)
RETURNS TABLE (
    plan_id uuid,
    version_id uuid,
    product_id uuid,
    vendor_id uuid,
    supplier_id uuid,
    version_state text,
    content_hash text,
    plan json,
    currency text,
    allocation jsonb,
    delivery_modes jsonb,
    data_class text,
    grade text,
    title_zh text,
    title_en text,
    vendor_state text,
    supplier_state text,
    vendor_capacity_state text,
    simulated boolean,
    title_cause text
)
LANGUAGE sql STABLE
AS $$
    SELECT p.id, v.id, d.id, d.vendor_id, d.supplier_id, v.state::text, v.content_hash::text,
           row_to_json(p), p.currency::text, v.allocation, v.delivery_modes,
           v.data_class::text, v.grade::text, v.title_zh::text, v.title_en::text,
           vendor.state::text, supplier.state::text, coalesce(capacity.state, '')::text,
           d.simulated, title.cause
    FROM listings_plan p
    JOIN listings_version v ON v.id = p.version_id
    JOIN listings_product d ON d.id = v.product_id
    JOIN core_organisation vendor ON vendor.id = d.vendor_id
    JOIN core_organisation supplier ON supplier.id = d.supplier_id
    LEFT JOIN core_capacity capacity
           ON capacity.organisation_id = d.vendor_id AND capacity.kind = 'vendor'
    LEFT JOIN LATERAL listings_title_cause(v.id) AS title ON true
    WHERE p.id = listings_offer.plan_id
$$;

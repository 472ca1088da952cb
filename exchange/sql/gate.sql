-- Everything that decides orders: one JSON document for each (plan, buyer) wanted, in that order,
-- with the answer kept under an idempotency key. A document is one value for the driver to read; a
-- function has its plan made once a session.
-- `outside` says of each whether its territory may lie outside the mainland. What registers and the
-- ledger of exports say of vendor, supplier and buyer, in this order, is read only where the
-- territory or the buyer lies there: an order that stays pays nothing for it.
CREATE OR REPLACE FUNCTION exchange_gate(
    plans uuid[], buyers uuid[], outside boolean[], moment timestamptz, key_scope uuid,
    key_text text)
RETURNS SETOF json
LANGUAGE plpgsql STABLE
-- Every table is met by its key, whatever the planner knew when the session first asked.
SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT json_build_object(
        'offer', CASE WHEN o.version_id IS NOT NULL THEN row_to_json(o) END,
        'clearance', CASE WHEN o.version_id IS NOT NULL THEN json_build_object(
            'clearance_id', c.clearance_id, 'declaration_id', c.declaration_id,
            'checklist_id', c.checklist_id, 'checklist_code', c.checklist_code,
            'decision_id', c.decision_id, 'facts', c.facts::text, 'evidence', c.evidence,
            'cleared', c.cleared, 'cause', c.cause) END,
        'available_minor', coalesce(m.minor, 0),
        'fee', (fees.by_currency -> o.currency)::text,
        'buyer', json_build_object(
            'id', b.id, 'kind', b.kind, 'country', b.country,
            'foreign_controlled', b.foreign_controlled, 'is_venue', b.is_venue,
            'may', EXISTS (SELECT FROM core_admitted(b.id, 'buyer'))),
        'orders_last_year', (
            SELECT count(*) FROM exchange_trade t
            WHERE t.buyer_id = b.id AND t.version_id = o.version_id
              AND t.matched_at > moment - interval '1 year'),
        'held', CASE WHEN c.facts IS NOT NULL THEN
            exchange_held(b.id, o.version_id, c.facts) END,
        'abroad', CASE WHEN n.outside OR b.country <> 'CN' THEN compliance_exporters(
            ARRAY[o.vendor_id, o.supplier_id, b.id], o.product_id, moment) END,
        'kept', CASE WHEN k.input_hash IS NOT NULL THEN json_build_object(
            'input_hash', k.input_hash, 'status', k.status, 'body', k.body) END)
    -- The list and the schedules in force, one of each currency, are looked up once.
    FROM compliance_list_in_force(moment) AS l
    CROSS JOIN (SELECT jsonb_object_agg(f.currency, f.schedule) AS by_currency
                FROM settlement_fee_schedules(moment) AS f) AS fees
    CROSS JOIN unnest(plans, buyers, outside) WITH ORDINALITY AS n (plan, buyer, outside, place)
    JOIN core_organisation b ON b.id = n.buyer
    LEFT JOIN LATERAL listings_offer(n.plan) AS o ON true
    LEFT JOIN LATERAL compliance_clearance_under(o.version_id, l.checklist_id, moment) AS c
           ON o.version_id IS NOT NULL
    LEFT JOIN LATERAL settlement_purse(n.buyer, o.currency) AS m ON true
    LEFT JOIN core_idempotencykey k ON k.scope = key_scope AND k.key = key_text
    ORDER BY n.place;
END
$$;

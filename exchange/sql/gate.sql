-- Everything that decides orders: one row for each (plan, buyer) wanted, in that order, with the
-- answer kept under an idempotency key. A function, so that its plan is made once a session.
CREATE OR REPLACE FUNCTION exchange_gate(
    plans uuid[], buyers uuid[], moment timestamptz, key_scope uuid, key_text text)
RETURNS TABLE (
    place bigint, offer json, clearance json, available_minor bigint, fee jsonb, buyer json,
    orders_last_year bigint, input_hash text, status integer, body jsonb)
LANGUAGE plpgsql STABLE
-- Every table is met by its key, whatever the planner knew when the session first asked.
SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    fees jsonb;
BEGIN
    -- The schedules in force, one of each currency, and not one look-up an order.
    SELECT jsonb_object_agg(f.currency, f.schedule) INTO fees
    FROM settlement_fee_schedules(moment) AS f;
    RETURN QUERY
    SELECT n.place, row_to_json(o), row_to_json(c), coalesce(m.minor, 0),
           fees -> (o.plan ->> 'currency'),
           json_build_object('id', b.id, 'kind', b.kind, 'country', b.country,
               'foreign_controlled', b.foreign_controlled, 'is_venue', b.is_venue,
               'may', EXISTS (SELECT FROM core_admitted(b.id, 'buyer'))),
           (SELECT count(*) FROM exchange_trade t
            WHERE t.buyer_id = b.id AND t.version_id = o.version_id
              AND t.matched_at > moment - interval '1 year'),
           k.input_hash::text, k.status::integer, k.body
    FROM unnest(plans, buyers) WITH ORDINALITY AS n (plan, buyer, place)
    JOIN core_organisation b ON b.id = n.buyer
    LEFT JOIN LATERAL listings_offer(n.plan) AS o ON true
    LEFT JOIN LATERAL compliance_live_clearance(o.version_id, moment) AS c
           ON o.version_id IS NOT NULL
    LEFT JOIN LATERAL settlement_purse(n.buyer, o.plan ->> 'currency') AS m ON true
    LEFT JOIN core_idempotencykey k ON k.scope = key_scope AND k.key = key_text
    ORDER BY n.place;
END
$$;

-- Everything that decides orders: one row for each (plan, buyer) wanted, in that order, with the
-- answer kept under an idempotency key. A function, so that its plan is made once a session.
CREATE OR REPLACE FUNCTION exchange_gate(
    plans uuid[], buyers uuid[], moment timestamptz, key_scope uuid, key_text text)
RETURNS TABLE (
    place bigint, offer jsonb, clearance jsonb, available_minor bigint, fee jsonb, buyer jsonb,
    orders_last_year bigint, input_hash text, status integer, body jsonb)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT n.place, to_jsonb(o), to_jsonb(c),
           settlement_available(b.id, o.plan ->> 'currency'),
           settlement_fee_schedule(moment, o.plan ->> 'currency'),
           jsonb_build_object('id', b.id, 'kind', b.kind, 'country', b.country,
               'foreign_controlled', b.foreign_controlled, 'is_venue', b.is_venue,
               'may', core_may(b.id, 'buyer')),
           (SELECT count(*) FROM exchange_trade t
            WHERE t.buyer_id = b.id AND t.version_id = o.version_id
              AND t.matched_at > moment - interval '1 year'),
           k.input_hash::text, k.status::integer, k.body
    FROM unnest(plans, buyers) WITH ORDINALITY AS n (plan, buyer, place)
    JOIN core_organisation b ON b.id = n.buyer
    LEFT JOIN LATERAL listings_offer(n.plan) AS o ON true
    LEFT JOIN LATERAL compliance_live_clearance(o.version_id, moment) AS c
           ON o.version_id IS NOT NULL
    LEFT JOIN core_idempotencykey k ON k.scope = key_scope AND k.key = key_text
    ORDER BY n.place;
END
$$;

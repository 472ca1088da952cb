-- Place orders: check the listing, hold the money, write order, trade, contract, entries, events.
CREATE FUNCTION floor_place(items jsonb) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    placed integer;
BEGIN
    PERFORM 1 FROM floor_wallet w
    WHERE w.id IN (SELECT (i ->> 'buyer')::bigint FROM jsonb_array_elements(items) AS i)
    ORDER BY w.id FOR UPDATE;
    UPDATE floor_wallet w SET custody = custody - s.amount, held = held + s.amount
    FROM (SELECT (i ->> 'buyer')::bigint AS buyer, sum(l.price) AS amount
          FROM jsonb_array_elements(items) AS i
          JOIN floor_listing l ON l.id = (i ->> 'listing')::bigint
              AND l.state = 'LISTED' AND l.valid_until > now()
          GROUP BY 1) AS s
    WHERE w.id = s.buyer;
    WITH given AS (
        SELECT (i ->> 'key')::uuid AS key, (i ->> 'buyer')::bigint AS buyer, l.id AS listing, l.price,
               i ->> 'contract' AS contract
        FROM jsonb_array_elements(items) AS i
        JOIN floor_listing l ON l.id = (i ->> 'listing')::bigint
            AND l.state = 'LISTED' AND l.valid_until > now()
    ), orders AS (
        INSERT INTO floor_order (key, listing_id, buyer_id, amount, state, at)
        SELECT key, listing, buyer, price, 'MATCHED', now() FROM given RETURNING id, key, buyer_id, amount
    ), trades AS (
        INSERT INTO floor_trade (order_id, buyer_id, amount, state, contract, at)
        SELECT o.id, o.buyer_id, o.amount, 'FUNDED', g.contract, now()
        FROM orders o JOIN given g USING (key) RETURNING id, order_id, amount
    ), entries AS (
        INSERT INTO floor_entry (trade_id, account, amount, at)
        SELECT t.id, a.account, a.sign * t.amount, now()
        FROM trades t CROSS JOIN (VALUES ('custody', -1), ('held', 1)) AS a (account, sign)
    ), events AS (
        INSERT INTO floor_event (subject, subject_id, verb, at)
        SELECT 'order', order_id, 'match', now() FROM trades
        UNION ALL SELECT 'trade', id, 'conclude', now() FROM trades
    )
    SELECT count(*) INTO placed FROM trades;
    RETURN placed;
END
$$;

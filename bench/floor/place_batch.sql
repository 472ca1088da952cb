-- Place many orders in one statement: the same rows as place_one, one update for each account.
CREATE FUNCTION place_batch(p_buyers bigint[], p_listings bigint[], p_keys text[], p_purpose text)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    placed integer;
BEGIN
    PERFORM 1 FROM account a WHERE a.buyer_id = ANY (p_buyers) ORDER BY a.id FOR UPDATE;
    WITH given AS MATERIALIZED (
        SELECT nextval('orders_id_seq') AS order_id, nextval('trade_id_seq') AS trade_id,
               g.buyer, g.listing, g.key, l.price_minor, l.seller_id,
               purse.id AS purse, escrow.id AS escrow
        FROM unnest(p_buyers, p_listings, p_keys) AS g (buyer, listing, key)
        JOIN listing l ON l.id = g.listing AND l.state = 'LISTED' AND l.cleared_until > now()
            AND p_purpose = ANY (l.purposes)
        JOIN seller s ON s.id = l.seller_id AND s.state = 'ACTIVE'
        JOIN buyer b ON b.id = g.buyer AND b.state = 'ACTIVE'
        JOIN account purse ON purse.buyer_id = b.id AND purse.kind = 'purse'
        JOIN account escrow ON escrow.buyer_id = b.id AND escrow.kind = 'escrow'
    ), ordered AS (
        INSERT INTO orders (id, buyer_id, listing_id, idempotency_key, amount_minor, state,
                            placed_at)
        SELECT order_id, buyer, listing, key, price_minor, 'MATCHED', now() FROM given
    ), traded AS (
        INSERT INTO trade (id, order_id, listing_id, buyer_id, seller_id, amount_minor, state,
                           created_at)
        SELECT trade_id, order_id, listing, buyer, seller_id, price_minor, 'FUNDED', now()
        FROM given
    ), legs AS (
        SELECT trade_id, purse AS account_id, -price_minor AS amount_minor FROM given
        UNION ALL
        SELECT trade_id, escrow, price_minor FROM given
    ), booked AS (
        INSERT INTO entry (trade_id, account_id, amount_minor, code, booked_at)
        SELECT trade_id, account_id, amount_minor, 'hold', now() FROM legs
    ), moved AS (
        UPDATE account a SET minor = a.minor + m.amount_minor
        FROM (SELECT account_id, sum(amount_minor)::bigint AS amount_minor FROM legs
              GROUP BY account_id) AS m
        WHERE a.id = m.account_id
    )
    SELECT count(*) INTO placed FROM given;
    RETURN placed;
END
$$;

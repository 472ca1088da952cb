-- Place one order: the gate's join, four inserts (order, trade, two entries), two updates.
CREATE FUNCTION place_one(p_buyer bigint, p_listing bigint, p_key text, p_purpose text)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    offered record;
    v_order bigint;
    v_trade bigint;
BEGIN
    SELECT l.price_minor, l.seller_id, purse.id AS purse, escrow.id AS escrow INTO offered
    FROM listing l
    JOIN seller s ON s.id = l.seller_id AND s.state = 'ACTIVE'
    JOIN buyer b ON b.id = p_buyer AND b.state = 'ACTIVE'
    JOIN account purse ON purse.buyer_id = b.id AND purse.kind = 'purse'
    JOIN account escrow ON escrow.buyer_id = b.id AND escrow.kind = 'escrow'
    WHERE l.id = p_listing AND l.state = 'LISTED' AND l.cleared_until > now()
      AND p_purpose = ANY (l.purposes);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'not cleared';
    END IF;
    INSERT INTO orders (buyer_id, listing_id, idempotency_key, amount_minor, state, placed_at)
    VALUES (p_buyer, p_listing, p_key, offered.price_minor, 'MATCHED', now())
    RETURNING id INTO v_order;
    INSERT INTO trade (order_id, listing_id, buyer_id, seller_id, amount_minor, state, created_at)
    VALUES (v_order, p_listing, p_buyer, offered.seller_id, offered.price_minor, 'FUNDED', now())
    RETURNING id INTO v_trade;
    UPDATE account SET minor = minor - offered.price_minor WHERE id = offered.purse;
    UPDATE account SET minor = minor + offered.price_minor WHERE id = offered.escrow;
    INSERT INTO entry (trade_id, account_id, amount_minor, code, booked_at)
    VALUES (v_trade, offered.purse, -offered.price_minor, 'hold', now());
    INSERT INTO entry (trade_id, account_id, amount_minor, code, booked_at)
    VALUES (v_trade, offered.escrow, offered.price_minor, 'hold', now());
    RETURN v_order;
END
$$;

-- Settle the oldest funded trades: six legs each (escrow, fee, tax, reserve, two sellers), one
-- update for each account that keeps a balance, the trades passed to SETTLED.
CREATE FUNCTION settle_batch(p_limit integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    claimed bigint[];
    settled integer;
BEGIN
    SELECT array_agg(c.id) INTO claimed FROM (
        SELECT t.id FROM trade t WHERE t.state = 'FUNDED' ORDER BY t.created_at LIMIT p_limit
        FOR UPDATE SKIP LOCKED) AS c;
    PERFORM 1 FROM account a
    WHERE a.id IN (
        SELECT e.id FROM trade t JOIN account e ON e.buyer_id = t.buyer_id AND e.kind = 'escrow'
        WHERE t.id = ANY (claimed)
        UNION
        SELECT s.id FROM trade t JOIN account s ON s.seller_id = t.seller_id
        WHERE t.id = ANY (claimed)
        UNION
        SELECT s.id FROM trade t
        JOIN account s ON s.seller_id = 1 + t.seller_id % (SELECT max(id) FROM seller)
        WHERE t.id = ANY (claimed))
    ORDER BY a.id FOR UPDATE;
    WITH due AS MATERIALIZED (
        SELECT t.id, t.amount_minor, escrow.id AS escrow, seller.id AS seller,
               other.id AS other,
               t.amount_minor * 250 / 10000 AS fee, t.amount_minor * 50 / 10000 AS tax,
               t.amount_minor * 100 / 10000 AS reserve, t.amount_minor * 2000 / 10000 AS share
        FROM trade t
        JOIN account escrow ON escrow.buyer_id = t.buyer_id AND escrow.kind = 'escrow'
        JOIN account seller ON seller.seller_id = t.seller_id
        JOIN account other
            ON other.seller_id = 1 + t.seller_id % (SELECT max(id) FROM seller)
        WHERE t.id = ANY (claimed)
    ), legs AS (
        SELECT id, l.account_id, l.amount_minor, l.code, l.kept
        FROM due CROSS JOIN LATERAL (VALUES
            (escrow, -amount_minor, 'capture', true), (1::bigint, fee, 'fee', false),
            (2::bigint, tax, 'tax', false), (3::bigint, reserve, 'reserve', false),
            (other, share, 'share', true),
            (seller, amount_minor - fee - tax - reserve - share, 'share', true)
        ) AS l (account_id, amount_minor, code, kept)
    ), booked AS (
        INSERT INTO entry (trade_id, account_id, amount_minor, code, booked_at)
        SELECT id, account_id, amount_minor, code, now() FROM legs
    ), moved AS (
        UPDATE account a SET minor = a.minor + m.amount_minor
        FROM (SELECT account_id, sum(amount_minor)::bigint AS amount_minor FROM legs
              WHERE kept GROUP BY account_id) AS m
        WHERE a.id = m.account_id
    ), done AS (
        UPDATE trade t SET state = 'SETTLED' FROM due WHERE t.id = due.id
    )
    SELECT count(*) INTO settled FROM due;
    RETURN settled;
END
$$;

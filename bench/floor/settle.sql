-- Settle a batch of accepted trades: six legs each, wallets touched once a batch.
CREATE FUNCTION floor_settle(batch integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    claimed bigint[];
BEGIN
    SELECT array_agg(c.id) INTO claimed FROM (
        SELECT id FROM floor_trade WHERE state = 'ACCEPTED' ORDER BY id LIMIT batch
        FOR UPDATE SKIP LOCKED) AS c;
    IF claimed IS NULL THEN
        RETURN 0;
    END IF;
    PERFORM 1 FROM floor_wallet w
    WHERE w.id IN (SELECT buyer_id FROM floor_trade WHERE id = ANY (claimed)) ORDER BY w.id FOR UPDATE;
    UPDATE floor_wallet w SET held = held - s.amount
    FROM (SELECT buyer_id, sum(amount) AS amount FROM floor_trade WHERE id = ANY (claimed) GROUP BY 1) AS s
    WHERE w.id = s.buyer_id;
    INSERT INTO floor_entry (trade_id, account, amount, at)
    SELECT t.id, a.account, t.amount * a.share / 100, now()
    FROM floor_trade t CROSS JOIN (VALUES ('held', -100), ('fee', 3), ('tax', 1), ('holding', 60),
                                          ('operation', 30), ('reserve', 6)) AS a (account, share)
    WHERE t.id = ANY (claimed);
    UPDATE floor_trade SET state = 'SETTLED' WHERE id = ANY (claimed);
    INSERT INTO floor_event (subject, subject_id, verb, at)
    SELECT 'trade', unnest(claimed), 'settle', now();
    RETURN cardinality(claimed);
END
$$;

-- 10,000 sellers, 20,000 buyers, 100,000 listings (fewer in a quick run). Accounts 1 to 3 are the venue's (fee,
-- tax, reserve); a buyer's purse and escrow and a seller's account follow.
INSERT INTO seller SELECT n, 'ACTIVE' FROM generate_series(1, %(vendors)s) AS n;
INSERT INTO buyer SELECT n, 'ACTIVE' FROM generate_series(1, %(buyers)s) AS n;
INSERT INTO listing
SELECT n, 1 + n %% %(vendors)s, 'LISTED', %(price)s, now() + interval '200 days',
       ARRAY['research', 'operations']
FROM generate_series(1, %(listings)s) AS n;
INSERT INTO account (id, kind) VALUES (1, 'fee'), (2, 'tax'), (3, 'reserve');
INSERT INTO account (id, kind, buyer_id, minor)
SELECT 10 + 2 * n, 'purse', n, %(purse)s FROM generate_series(1, %(buyers)s) AS n;
INSERT INTO account (id, kind, buyer_id)
SELECT 11 + 2 * n, 'escrow', n FROM generate_series(1, %(buyers)s) AS n;
INSERT INTO account (id, kind, seller_id)
SELECT 20 + 2 * %(buyers)s + n, 'payable', n FROM generate_series(1, %(vendors)s) AS n;

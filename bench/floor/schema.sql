-- The floor: the same work in as few rows and checks as it can be done in, with all foreign keys.
CREATE TABLE floor_listing (
    id bigint PRIMARY KEY, state text NOT NULL, price bigint NOT NULL, valid_until timestamptz NOT NULL);
CREATE TABLE floor_wallet (
    id bigint PRIMARY KEY, custody bigint NOT NULL CHECK (custody >= 0),
    held bigint NOT NULL CHECK (held >= 0), payable bigint NOT NULL DEFAULT 0);
CREATE TABLE floor_order (
    id bigserial PRIMARY KEY, key uuid NOT NULL UNIQUE,
    listing_id bigint NOT NULL REFERENCES floor_listing, buyer_id bigint NOT NULL REFERENCES floor_wallet,
    amount bigint NOT NULL CHECK (amount > 0), state text NOT NULL, at timestamptz NOT NULL);
CREATE TABLE floor_trade (
    id bigserial PRIMARY KEY, order_id bigint NOT NULL UNIQUE REFERENCES floor_order,
    buyer_id bigint NOT NULL REFERENCES floor_wallet, amount bigint NOT NULL,
    state text NOT NULL, contract text NOT NULL, at timestamptz NOT NULL);
CREATE INDEX floor_trade_due ON floor_trade (id) WHERE state = 'ACCEPTED';
CREATE TABLE floor_entry (
    id bigserial PRIMARY KEY, trade_id bigint NOT NULL REFERENCES floor_trade,
    account text NOT NULL, amount bigint NOT NULL, at timestamptz NOT NULL);
CREATE INDEX floor_entry_trade ON floor_entry (trade_id);
CREATE TABLE floor_event (
    id bigserial PRIMARY KEY, subject text NOT NULL, subject_id bigint NOT NULL, verb text NOT NULL,
    at timestamptz NOT NULL);
INSERT INTO floor_listing SELECT n, 'LISTED', 120000, now() + interval '1 year'
FROM generate_series(1, 100000) AS n;
INSERT INTO floor_wallet SELECT n, 1000000000000, 0 FROM generate_series(1, 20000) AS n;
ANALYZE;

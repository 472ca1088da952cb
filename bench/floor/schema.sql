-- The tables of the floor: what a hand-written market needs and no more, with every foreign key.
-- One buyer has two accounts (purse and escrow) and one seller one; their balances are rows.
-- The venue's accounts are append-only: their balance is the sum of their entries, so that no
-- trade waits for another ("spread" in the reference).
CREATE TABLE seller (id bigint PRIMARY KEY, state text NOT NULL);
CREATE TABLE buyer (id bigint PRIMARY KEY, state text NOT NULL);
CREATE TABLE listing (
    id bigint PRIMARY KEY,
    seller_id bigint NOT NULL REFERENCES seller,
    state text NOT NULL,
    price_minor bigint NOT NULL CHECK (price_minor > 0),
    cleared_until timestamptz NOT NULL,
    purposes text[] NOT NULL
);
CREATE TABLE account (
    id bigint PRIMARY KEY,
    kind text NOT NULL,
    buyer_id bigint REFERENCES buyer,
    seller_id bigint REFERENCES seller,
    minor bigint NOT NULL DEFAULT 0 CHECK (minor >= 0)
);
CREATE UNIQUE INDEX account_of_buyer ON account (buyer_id, kind) WHERE buyer_id IS NOT NULL;
CREATE UNIQUE INDEX account_of_seller ON account (seller_id) WHERE seller_id IS NOT NULL;
CREATE TABLE orders (
    id bigserial PRIMARY KEY,
    buyer_id bigint NOT NULL REFERENCES buyer,
    listing_id bigint NOT NULL REFERENCES listing,
    idempotency_key text NOT NULL UNIQUE,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    state text NOT NULL,
    placed_at timestamptz NOT NULL
);
CREATE TABLE trade (
    id bigserial PRIMARY KEY,
    order_id bigint NOT NULL UNIQUE REFERENCES orders,
    listing_id bigint NOT NULL REFERENCES listing,
    buyer_id bigint NOT NULL REFERENCES buyer,
    seller_id bigint NOT NULL REFERENCES seller,
    amount_minor bigint NOT NULL,
    state text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX trade_due ON trade (created_at) WHERE state = 'FUNDED';
CREATE TABLE entry (
    id bigserial PRIMARY KEY,
    trade_id bigint NOT NULL REFERENCES trade,
    account_id bigint NOT NULL REFERENCES account,
    amount_minor bigint NOT NULL CHECK (amount_minor <> 0),
    code text NOT NULL,
    booked_at timestamptz NOT NULL
);
CREATE INDEX entry_of_trade ON entry (trade_id);
CREATE INDEX entry_of_account ON entry (account_id, id);

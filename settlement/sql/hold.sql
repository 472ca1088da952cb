-- Reserve money for one trade: true if it is held, false if there is not enough.
-- Guarantees: those of settlement_hold_batch, of which this is a batch of one.
CREATE OR REPLACE FUNCTION settlement_hold(
    reference text, organisation uuid, amount bigint, currency text, at timestamptz)
RETURNS boolean LANGUAGE sql VOLATILE AS $$
    SELECT b.held FROM settlement_hold_batch(jsonb_build_array(jsonb_build_object(
        'reference', reference, 'organisation', organisation, 'amount', amount,
        'currency', currency, 'at', at))) AS b
$$;

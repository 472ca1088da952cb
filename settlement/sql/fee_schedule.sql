-- The fee schedule in force at a moment, as the document that is frozen into a contract; null if
-- there is none.
CREATE OR REPLACE FUNCTION settlement_fee_schedule(at timestamptz, currency text)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'schedule', f.id, 'currency', f.currency,
        'effective_from', f.effective_from, 'lines', f.lines)
    FROM settlement_feeschedule f
    WHERE f.currency = settlement_fee_schedule.currency
      AND tstzrange(f.effective_from, f.effective_until) @> settlement_fee_schedule.at
$$;

-- The fee schedules in force at a moment, one of each currency, as the document that is frozen
-- into a contract.
CREATE OR REPLACE FUNCTION settlement_fee_schedules(at timestamptz)
RETURNS TABLE (currency text, schedule jsonb) LANGUAGE sql STABLE AS $$
    SELECT f.currency::text, jsonb_build_object(
        'schedule', f.id, 'currency', f.currency,
        'effective_from', f.effective_from, 'lines', f.lines)
    FROM settlement_feeschedule f
    WHERE tstzrange(f.effective_from, f.effective_until) @> settlement_fee_schedules.at
$$;
-- The one of one currency; null if there is none.
CREATE OR REPLACE FUNCTION settlement_fee_schedule(at timestamptz, currency text)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT f.schedule FROM settlement_fee_schedules(settlement_fee_schedule.at) AS f
    WHERE f.currency = settlement_fee_schedule.currency
$$;

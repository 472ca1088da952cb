-- Enter the exports of concluded orders in the ledger, any number at once; null adds nothing.
-- `exports` is as in compliance_export_room, with the id of the row besides.
-- Guarantees: a trade is reserved once an exporter. Who calls has asked compliance_export_room
-- first, in the same transaction. Tallies are met in the order of their exporters.
CREATE OR REPLACE FUNCTION compliance_reserve_exports(
    trades uuid[], exports text[], at timestamptz)
RETURNS void
LANGUAGE sql VOLATILE AS $$
    INSERT INTO compliance_exportrow (
        id, exporter_id, year, kind, persons, sensitive_persons, reference, at)
    SELECT (e ->> 'id')::uuid, (e ->> 'exporter')::uuid,
           extract(year FROM compliance_reserve_exports.at AT TIME ZONE 'Asia/Shanghai'),
           'reserve', (e ->> 'persons')::bigint, (e ->> 'sensitive_persons')::bigint, g.trade,
           compliance_reserve_exports.at
    FROM unnest(compliance_reserve_exports.trades, compliance_reserve_exports.exports)
        AS g (trade, text)
    CROSS JOIN LATERAL json_array_elements(g.text::json) AS e
    WHERE g.text IS NOT NULL
    ORDER BY e ->> 'exporter', g.trade
$$;

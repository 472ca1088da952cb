-- The facts that a clearance carries to the gate, whatever has become of it since.
CREATE OR REPLACE FUNCTION compliance_cleared_facts(clearance_id uuid)
RETURNS TABLE (facts jsonb)
LANGUAGE sql STABLE AS $$
    SELECT c.facts FROM compliance_clearance c
    WHERE c.id = compliance_cleared_facts.clearance_id
$$;
-- Whether what a clearance is about grows with what it is put together with: persons, important
-- data, maps and surveys, what may affect national security. Not knowing counts as yes.
CREATE OR REPLACE FUNCTION compliance_adds_up(facts jsonb)
RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(
        facts ->> 'personal' IS DISTINCT FROM 'false'
        OR facts ->> 'grade' IS DISTINCT FROM 'general'
        OR facts ->> 'map_or_survey' IS DISTINCT FROM 'false'
        OR facts ->> 'national_security_risk' IS DISTINCT FROM 'false', true)
$$;

-- The organisation if it is active and admitted to a capacity, else no row. The venue never is.
-- As a table, the planner takes it into the query that asks.
CREATE OR REPLACE FUNCTION core_admitted(organisation uuid, capacity text)
RETURNS TABLE (organisation_id uuid)
LANGUAGE sql STABLE AS $$
    SELECT o.id FROM core_organisation o
    JOIN core_capacity c ON c.organisation_id = o.id
    WHERE o.id = core_admitted.organisation AND o.state = 'ACTIVE' AND NOT o.is_venue
      AND c.kind = core_admitted.capacity AND c.state = 'ADMITTED'
$$;
-- The same as yes or no.
CREATE OR REPLACE FUNCTION core_may(organisation uuid, capacity text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM core_admitted(core_may.organisation, core_may.capacity))
$$;

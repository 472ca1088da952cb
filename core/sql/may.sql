-- Whether an organisation is active and admitted to a capacity. The venue never is.
CREATE OR REPLACE FUNCTION core_may(organisation uuid, capacity text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM core_organisation o
        JOIN core_capacity c ON c.organisation_id = o.id
        WHERE o.id = core_may.organisation AND o.state = 'ACTIVE' AND NOT o.is_venue
          AND c.kind = core_may.capacity AND c.state = 'ADMITTED')
$$;

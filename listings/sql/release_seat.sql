-- Give a seat of a plan back: true if one was taken, false if there was none to give back.
CREATE OR REPLACE FUNCTION listings_release_seat(plan_id uuid)
RETURNS boolean
LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE listings_planseat s SET taken = s.taken - 1
    WHERE s.plan_id = listings_release_seat.plan_id AND s.taken > 0;
    RETURN FOUND;
END
$$;

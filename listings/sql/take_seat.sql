-- Take a seat of a plan: true if the plan has no limit or a seat was free, else false.
-- The row of the plan's seats stays locked until the transaction ends, so that the last seat is
-- sold once; a limited plan that was never listed has no row and sells no seat.
CREATE OR REPLACE FUNCTION listings_take_seat(plan_id uuid)
RETURNS boolean
LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE listings_planseat s SET taken = s.taken + 1
    WHERE s.plan_id = listings_take_seat.plan_id AND s.taken < s.seats;
    IF FOUND THEN
        RETURN true;
    END IF;
    RETURN EXISTS (
        SELECT 1 FROM listings_plan p
        WHERE p.id = listings_take_seat.plan_id AND p.seats IS NULL
    );
END
$$;

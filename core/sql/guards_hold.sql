-- Whether a trigger is to be passed over: never. The trigger library asks this function at the
-- head of every guard, and its own version lets whoever sets `pgtrigger.ignore` in a session pass
-- by. Guarantees: no setting opens a guard; and as a constant it is folded away, while the
-- library's version opens a subtransaction for every row (15 µs each, seven rows an order).
-- The library writes its version again with every trigger it installs, so that the last
-- migration of the roof, and any later one that installs a trigger, ends with this file.
CREATE OR REPLACE FUNCTION "public"._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT false';

-- Each load point says itself when its run was taken back. That a measurement is valid once at any time is then what an index holds,
-- for nothing beside the entry it makes anyhow; the trigger that looked it up took half the time of storing a point.

DROP TRIGGER load_point_is_live_once ON load_point;
DROP FUNCTION refuse_live_load_point();
DROP TRIGGER load_point_is_append_only ON load_point;

-- that of its run
ALTER TABLE load_point ADD COLUMN retired_in_revision bigint;

UPDATE load_point SET retired_in_revision = run.retired_in_revision
FROM run WHERE run.run_id = load_point.run_id AND run.retired_in_revision IS NOT NULL;

DROP INDEX load_point_by_point;
-- The same measurement is valid once at any time.
CREATE UNIQUE INDEX load_point_is_live_once ON load_point (point_id) WHERE retired_in_revision IS NULL;

CREATE FUNCTION retire_load_points() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE load_point SET retired_in_revision = NEW.retired_in_revision WHERE run_id = NEW.run_id;
  RETURN NULL;
END $$;
CREATE TRIGGER load_point_retires_with_its_run AFTER UPDATE OF retired_in_revision ON run
FOR EACH ROW WHEN (NEW.retired_in_revision IS NOT NULL) EXECUTE FUNCTION retire_load_points();

CREATE FUNCTION refuse_changed_load_point() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.retired_in_revision IS NOT NULL OR NEW.retired_in_revision IS NULL
    OR NEW.retired_in_revision IS DISTINCT FROM (SELECT retired_in_revision FROM run WHERE run_id = NEW.run_id) THEN
    RAISE EXCEPTION USING
      MESSAGE = 'load_point is append-only: it is retired once, with its run', ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER load_point_is_append_only BEFORE UPDATE ON load_point
FOR EACH ROW EXECUTE FUNCTION refuse_changed_load_point();

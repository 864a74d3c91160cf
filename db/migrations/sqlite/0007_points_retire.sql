-- Each load point says itself when its run was taken back. That a measurement is valid once at any time is then what an index holds,
-- for nothing beside the entry it makes anyhow; the trigger that looked it up took half the time of storing a point.

DROP TRIGGER load_point_is_live_once;
DROP TRIGGER load_point_is_append_only;

-- that of its run
ALTER TABLE load_point ADD COLUMN retired_in_revision INTEGER;

UPDATE load_point
SET retired_in_revision = (SELECT retired_in_revision FROM run WHERE run.run_id = load_point.run_id)
WHERE run_id IN (SELECT run_id FROM run WHERE retired_in_revision IS NOT NULL);

DROP INDEX load_point_by_point;
-- The same measurement is valid once at any time.
CREATE UNIQUE INDEX load_point_is_live_once ON load_point (point_id) WHERE retired_in_revision IS NULL;

CREATE TRIGGER load_point_retires_with_its_run AFTER UPDATE OF retired_in_revision ON run
WHEN NEW.retired_in_revision IS NOT NULL
BEGIN UPDATE load_point SET retired_in_revision = NEW.retired_in_revision WHERE run_id = NEW.run_id; END;

CREATE TRIGGER load_point_is_append_only BEFORE UPDATE ON load_point
WHEN OLD.retired_in_revision IS NOT NULL OR NEW.retired_in_revision IS NULL
  OR NEW.retired_in_revision IS NOT (SELECT retired_in_revision FROM run WHERE run_id = NEW.run_id)
BEGIN SELECT RAISE(ABORT, 'load_point is append-only: it is retired once, with its run'); END;

-- Counts and lists that pages show of all runs, kept by whoever changes what they count (db/store/count-revision.ts), so that asking
-- takes the same time whatever is stored. A test holds them to a recount.

-- Runs that no filter of the list of runs tells apart, except by their ingest, measured on one day.
CREATE TABLE run_group (
  group_id INTEGER PRIMARY KEY,
  model TEXT NOT NULL,
  accelerator TEXT NOT NULL,
  source_name TEXT NOT NULL,
  format TEXT NOT NULL,
  -- of the runs and of their points: each once, sorted, separated by ';'
  quality_flags TEXT NOT NULL,
  -- NULL = not known
  measured_day TEXT,
  -- retired ones included
  runs INTEGER NOT NULL CHECK (runs >= 0),
  load_points INTEGER NOT NULL CHECK (load_points >= 0),
  retired_runs INTEGER NOT NULL CHECK (retired_runs >= 0),
  retired_load_points INTEGER NOT NULL CHECK (retired_load_points >= 0)
) STRICT;
-- With all that most questions about days need.
CREATE INDEX run_group_by_day ON run_group (
  measured_day, model, accelerator, format, runs, load_points, retired_runs, retired_load_points
);
CREATE INDEX run_group_by_model ON run_group (model, accelerator);

-- What the filters of the list of runs can ask for: each value that a run or one of its points ever had.
CREATE TABLE run_facet (
  facet TEXT NOT NULL CHECK (facet IN ('model', 'accelerator', 'source', 'format', 'flag')),
  value TEXT NOT NULL,
  PRIMARY KEY (facet, value)
) STRICT;

-- How much was measured of a model on an accelerator, valid from one revision to another like the runs it counts.
CREATE TABLE coverage (
  row_id INTEGER PRIMARY KEY,
  model TEXT NOT NULL,
  accelerator TEXT NOT NULL,
  configurations INTEGER NOT NULL CHECK (configurations > 0),
  load_points INTEGER NOT NULL CHECK (load_points > 0),
  added_in_revision INTEGER NOT NULL REFERENCES revision (id),
  left_in_revision INTEGER REFERENCES revision (id) CHECK (left_in_revision > added_in_revision)
) STRICT;
CREATE UNIQUE INDEX coverage_live ON coverage (model, accelerator) WHERE left_in_revision IS NULL;
CREATE INDEX coverage_by_model ON coverage (model, accelerator);

ALTER TABLE run ADD COLUMN group_id INTEGER REFERENCES run_group (group_id);

-- What is stored already.

CREATE TABLE grouped_run AS
SELECT run_id, load_points, retired_in_revision, model, accelerator, source_name, format, caveats, measured_day,
  dense_rank() OVER (ORDER BY model, accelerator, source_name, format, caveats, measured_day) AS group_id
FROM (
  SELECT run.run_id, load_points, retired_in_revision, model, accelerator, source_name, format,
    coalesce(caveats, '') AS caveats, substr(measured_on, 1, 10) AS measured_day
  FROM run
  JOIN configuration ON configuration.configuration_id = run.configuration_id
  LEFT JOIN (
    SELECT run_id, group_concat(flag, ';' ORDER BY flag) AS caveats
    FROM (
      SELECT DISTINCT run_id, value AS flag
      FROM (SELECT run_id, quality_flags FROM run UNION SELECT run_id, quality_flags FROM load_point),
        json_each('[' || replace(json_quote(quality_flags), ';', '","') || ']')
      WHERE quality_flags <> ''
    )
    GROUP BY run_id
  ) AS flagged ON flagged.run_id = run.run_id
);
CREATE UNIQUE INDEX grouped_run_once ON grouped_run (run_id);

INSERT INTO run_group
SELECT group_id, min(model), min(accelerator), min(source_name), min(format), min(caveats), min(measured_day), count(*), sum(load_points),
  sum(CASE WHEN retired_in_revision IS NULL THEN 0 ELSE 1 END),
  sum(CASE WHEN retired_in_revision IS NULL THEN 0 ELSE load_points END)
FROM grouped_run GROUP BY group_id;

UPDATE run SET group_id = (SELECT group_id FROM grouped_run WHERE grouped_run.run_id = run.run_id);

DROP TABLE grouped_run;

INSERT INTO run_facet
SELECT 'model', model FROM run_group UNION
SELECT 'accelerator', accelerator FROM run_group UNION
SELECT 'source', source_name FROM run_group UNION
SELECT 'format', format FROM run_group UNION
SELECT 'flag', value FROM run_group, json_each('[' || replace(json_quote(quality_flags), ';', '","') || ']')
WHERE quality_flags <> '';

INSERT INTO coverage (model, accelerator, configurations, load_points, added_in_revision, left_in_revision)
WITH change AS (
  SELECT configuration_id, added_in_revision AS revision, 1 AS runs, load_points FROM run
  UNION ALL
  SELECT configuration_id, retired_in_revision, -1, -load_points FROM run WHERE retired_in_revision IS NOT NULL
),
of_configuration AS (
  SELECT configuration_id, revision, sum(runs) AS runs, sum(load_points) AS load_points FROM change GROUP BY 1, 2
),
with_valid_runs AS (
  SELECT *, sum(runs) OVER (PARTITION BY configuration_id ORDER BY revision) AS valid_runs FROM of_configuration
),
of_pair AS (
  SELECT model, accelerator, revision, sum(load_points) AS load_points,
    sum(CASE WHEN valid_runs > 0 THEN 1 ELSE 0 END - CASE WHEN valid_runs - runs > 0 THEN 1 ELSE 0 END) AS configurations
  FROM with_valid_runs JOIN configuration USING (configuration_id)
  GROUP BY model, accelerator, revision
),
total AS (
  SELECT model, accelerator, revision,
    sum(configurations) OVER revisions AS configurations,
    sum(load_points) OVER revisions AS load_points,
    lead(revision) OVER revisions AS left_in_revision
  FROM of_pair
  WINDOW revisions AS (PARTITION BY model, accelerator ORDER BY revision)
)
SELECT model, accelerator, configurations, load_points, revision, left_in_revision
FROM total WHERE configurations > 0 ORDER BY revision, model, accelerator;

CREATE INDEX run_by_group ON run (group_id, retired_in_revision, measured_on, added_in_revision, run_id);
CREATE INDEX run_by_revision ON run (added_in_revision);
CREATE INDEX run_by_retirement ON run (retired_in_revision) WHERE retired_in_revision IS NOT NULL;
-- With all that counting needs.
DROP INDEX run_by_configuration;
CREATE INDEX run_by_configuration ON run (configuration_id, workload_id, retired_in_revision, added_in_revision, load_points);
DROP INDEX run_by_ingest;
CREATE INDEX run_by_ingest ON run (ingest_id, retired_in_revision);

CREATE TRIGGER run_facet_is_append_only BEFORE UPDATE ON run_facet
BEGIN SELECT RAISE(ABORT, 'run_facet is append-only'); END;

CREATE TRIGGER coverage_is_append_only BEFORE UPDATE OF
  row_id, model, accelerator, configurations, load_points, added_in_revision
ON coverage
BEGIN SELECT RAISE(ABORT, 'coverage is append-only: only left_in_revision may be set, once'); END;
CREATE TRIGGER coverage_leaves_once BEFORE UPDATE OF left_in_revision ON coverage WHEN OLD.left_in_revision IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'coverage is append-only: only left_in_revision may be set, once'); END;

DROP TRIGGER run_is_append_only;
CREATE TRIGGER run_is_append_only BEFORE UPDATE OF
  run_id, configuration_id, workload_id, format, tool, tool_version, measured_on, source_name, source_url,
  licence, series_key, quality_flags, origin, load_points, ingest_id, added_in_revision, group_id
ON run
BEGIN SELECT RAISE(ABORT, 'run is append-only: only retired_in_revision may be set, once'); END;

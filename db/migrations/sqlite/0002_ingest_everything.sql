-- Reports of any size, what a report says beside its measurements, and true deletion.

-- Large reports lie in several rows: report.content holds the first part, these the rest. Each part is a gzip member of its
-- own, so one after the other they are one gzip stream.
CREATE TABLE report_part (
  sha256 TEXT NOT NULL REFERENCES report (sha256),
  ordinal INTEGER NOT NULL CHECK (ordinal > 0),
  content BLOB NOT NULL,
  PRIMARY KEY (sha256, ordinal)
) STRICT;

-- What few questions need of a load point. measured_on: its own date where it is not that of its run, '' = no date of its own
-- takes part in its identity. extras: JSON object of what the report says beside what was measured, under its own names.
CREATE TABLE load_point_detail (
  run_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  measured_on TEXT,
  extras TEXT CHECK (extras IS NULL OR json_valid(extras)),
  PRIMARY KEY (run_id, ordinal),
  FOREIGN KEY (run_id, ordinal) REFERENCES load_point (run_id, ordinal)
) STRICT;

-- JSON list of files that were understood but hold no load points of their own, with the reason.
ALTER TABLE ingest ADD COLUMN skipped TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(skipped));
CREATE INDEX run_by_ingest ON run (ingest_id);

-- True deletion, for data that must go. What is gone is only counted here.
CREATE TABLE purge (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  reason TEXT NOT NULL,
  runs INTEGER NOT NULL CHECK (runs >= 0),
  load_points INTEGER NOT NULL CHECK (load_points >= 0),
  reports INTEGER NOT NULL CHECK (reports >= 0)
) STRICT;

-- Share links that no longer show what they showed.
CREATE TABLE purged_share (
  slug TEXT PRIMARY KEY REFERENCES share (slug),
  purge_id INTEGER NOT NULL REFERENCES purge (id)
) STRICT;

CREATE TRIGGER report_part_is_append_only BEFORE UPDATE ON report_part
BEGIN SELECT RAISE(ABORT, 'report_part is append-only'); END;

CREATE TRIGGER load_point_detail_is_append_only BEFORE UPDATE ON load_point_detail
BEGIN SELECT RAISE(ABORT, 'load_point_detail is append-only'); END;

CREATE TRIGGER purge_is_append_only BEFORE UPDATE ON purge
BEGIN SELECT RAISE(ABORT, 'purge is append-only'); END;

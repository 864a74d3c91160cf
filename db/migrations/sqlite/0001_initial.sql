-- The first schema. DESIGN: append-only data, every change a revision, every figure with the bytes it came from.
-- A row is valid at revision r when  added_in_revision <= r AND (retired/left_in_revision IS NULL OR > r).

CREATE TABLE revision (
  id INTEGER PRIMARY KEY CHECK (id >= 0),
  created_at TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;

-- Revision 0 is the empty database, so that "the current revision" always exists.
INSERT INTO revision (id, created_at, reason) VALUES (0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'empty database');

-- ---------------------------------------------------------------- catalogue

CREATE TABLE model (
  row_id INTEGER PRIMARY KEY,
  model_id TEXT NOT NULL CHECK (model_id <> ''),
  display_name TEXT NOT NULL,
  family TEXT,
  total_parameters_billions REAL CHECK (total_parameters_billions > 0),
  active_parameters_billions REAL CHECK (active_parameters_billions > 0),
  context_length_tokens INTEGER CHECK (context_length_tokens > 0),
  weights_precision TEXT,
  weight_bytes REAL CHECK (weight_bytes > 0),
  -- precision=checkpoint, separated by ;
  quantised_checkpoints TEXT NOT NULL DEFAULT '',
  licence TEXT,
  gated INTEGER CHECK (gated IN (0, 1)),
  source TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('shipped', 'user')),
  added_in_revision INTEGER NOT NULL REFERENCES revision (id),
  left_in_revision INTEGER REFERENCES revision (id) CHECK (left_in_revision > added_in_revision)
) STRICT;
CREATE UNIQUE INDEX model_live ON model (model_id) WHERE left_in_revision IS NULL;
CREATE INDEX model_by_id ON model (model_id);

CREATE TABLE accelerator (
  row_id INTEGER PRIMARY KEY,
  accelerator_id TEXT NOT NULL CHECK (accelerator_id <> ''),
  name TEXT NOT NULL,
  short_name TEXT NOT NULL,
  vendor TEXT NOT NULL,
  memory_gib REAL CHECK (memory_gib > 0),
  memory_bandwidth_gb_per_second REAL CHECK (memory_bandwidth_gb_per_second > 0),
  bf16_tflops REAL CHECK (bf16_tflops > 0),
  fp8_tflops REAL CHECK (fp8_tflops > 0),
  fp4_tflops REAL CHECK (fp4_tflops > 0),
  tdp_watts REAL CHECK (tdp_watts > 0),
  interconnect TEXT,
  kubernetes_resource TEXT,
  gke_node_label TEXT,
  gke_accelerator_label TEXT,
  -- separated by ';'
  aliases TEXT NOT NULL,
  source TEXT NOT NULL,
  notes TEXT,
  origin TEXT NOT NULL CHECK (origin IN ('shipped', 'user')),
  added_in_revision INTEGER NOT NULL REFERENCES revision (id),
  left_in_revision INTEGER REFERENCES revision (id) CHECK (left_in_revision > added_in_revision)
) STRICT;
CREATE UNIQUE INDEX accelerator_live ON accelerator (accelerator_id) WHERE left_in_revision IS NULL;
CREATE INDEX accelerator_by_id ON accelerator (accelerator_id);

CREATE TABLE price (
  row_id INTEGER PRIMARY KEY,
  price_id TEXT NOT NULL CHECK (price_id <> ''),
  provider TEXT NOT NULL,
  instance_type TEXT,
  region TEXT,
  accelerator_id TEXT NOT NULL,
  accelerator_count INTEGER NOT NULL CHECK (accelerator_count > 0),
  -- of the whole instance
  usd_per_hour REAL NOT NULL CHECK (usd_per_hour > 0),
  kind TEXT NOT NULL CHECK (kind IN ('on_demand', 'spot', 'reserved_1y', 'reserved_3y', 'tco')),
  accelerator_only INTEGER NOT NULL CHECK (accelerator_only IN (0, 1)),
  as_of TEXT,
  source TEXT NOT NULL,
  notes TEXT,
  origin TEXT NOT NULL CHECK (origin IN ('shipped', 'user')),
  added_in_revision INTEGER NOT NULL REFERENCES revision (id),
  left_in_revision INTEGER REFERENCES revision (id) CHECK (left_in_revision > added_in_revision)
) STRICT;
CREATE UNIQUE INDEX price_live ON price (price_id) WHERE left_in_revision IS NULL;
CREATE INDEX price_by_accelerator ON price (accelerator_id);

-- ---------------------------------------------------------------- what was measured

-- What one would deploy. NULL = not known, and stays different from every known value.
CREATE TABLE configuration (
  configuration_id TEXT PRIMARY KEY CHECK (configuration_id <> ''),
  canonical_key TEXT NOT NULL UNIQUE,
  model TEXT NOT NULL,
  checkpoint TEXT,
  accelerator TEXT NOT NULL,
  accelerator_count INTEGER NOT NULL CHECK (accelerator_count > 0),
  nodes INTEGER CHECK (nodes > 0),
  server TEXT,
  server_version TEXT,
  precision TEXT,
  parallelism TEXT,
  tensor_parallelism INTEGER CHECK (tensor_parallelism > 0),
  pipeline_parallelism INTEGER CHECK (pipeline_parallelism > 0),
  data_parallelism INTEGER CHECK (data_parallelism > 0),
  expert_parallelism INTEGER CHECK (expert_parallelism > 0),
  speculative TEXT,
  serving_mode TEXT NOT NULL CHECK (serving_mode IN ('aggregated', 'disaggregated')),
  prefill_accelerators INTEGER CHECK (prefill_accelerators >= 0),
  decode_accelerators INTEGER CHECK (decode_accelerators >= 0)
) STRICT;
CREATE INDEX configuration_by_model ON configuration (model, accelerator);

CREATE TABLE workload (
  workload_id TEXT PRIMARY KEY CHECK (workload_id <> ''),
  dataset TEXT,
  input_tokens REAL CHECK (input_tokens >= 0),
  output_tokens REAL CHECK (output_tokens >= 0)
) STRICT;

-- The bytes a figure was read from, by the hash of the original bytes; secrets in them are blanked before storing.
CREATE TABLE report (
  sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  file_name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  -- of the original bytes
  byte_length INTEGER NOT NULL CHECK (byte_length >= 0),
  -- gzip
  content BLOB NOT NULL,
  -- JSON list of what was blanked, in words
  redacted TEXT NOT NULL CHECK (json_valid(redacted))
) STRICT;

-- The audit: each time somebody brought data, whether anything was taken or not.
CREATE TABLE ingest (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  way TEXT NOT NULL CHECK (way IN ('cli', 'http', 'page', 'shipped')),
  reason TEXT NOT NULL,
  -- NULL: nothing new
  revision INTEGER REFERENCES revision (id),
  files INTEGER NOT NULL CHECK (files >= 0),
  load_points INTEGER NOT NULL CHECK (load_points >= 0),
  duplicates INTEGER NOT NULL CHECK (duplicates >= 0),
  -- JSON list
  problems TEXT NOT NULL CHECK (json_valid(problems))
) STRICT;

CREATE TABLE run (
  run_id TEXT PRIMARY KEY CHECK (run_id <> ''),
  configuration_id TEXT NOT NULL REFERENCES configuration (configuration_id),
  workload_id TEXT NOT NULL REFERENCES workload (workload_id),
  format TEXT NOT NULL,
  tool TEXT,
  tool_version TEXT,
  measured_on TEXT,
  source_name TEXT NOT NULL,
  source_url TEXT,
  licence TEXT,
  series_key TEXT,
  -- separated by ';'
  quality_flags TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('shipped', 'user')),
  load_points INTEGER NOT NULL CHECK (load_points > 0),
  ingest_id INTEGER NOT NULL REFERENCES ingest (id),
  added_in_revision INTEGER NOT NULL REFERENCES revision (id),
  retired_in_revision INTEGER REFERENCES revision (id) CHECK (retired_in_revision > added_in_revision)
) STRICT;
CREATE INDEX run_by_configuration ON run (configuration_id, workload_id);
CREATE INDEX run_by_workload ON run (workload_id);

CREATE TABLE run_report (
  run_id TEXT NOT NULL REFERENCES run (run_id),
  sha256 TEXT NOT NULL REFERENCES report (sha256),
  file_name TEXT NOT NULL,
  -- points: load points were read from it; context: it said what was deployed
  role TEXT NOT NULL CHECK (role IN ('points', 'context')),
  PRIMARY KEY (run_id, sha256, file_name)
) STRICT;
CREATE INDEX run_report_by_report ON run_report (sha256);

CREATE TABLE load_point (
  run_id TEXT NOT NULL REFERENCES run (run_id),
  ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
  -- content hash: the same measurement has the same id in every database
  point_id TEXT NOT NULL CHECK (point_id <> ''),
  report_sha256 TEXT NOT NULL REFERENCES report (sha256),
  -- where in the report
  report_at TEXT NOT NULL,
  -- where in the source's own files, as the report states it
  source_ref TEXT,
  load_kind TEXT CHECK (load_kind IN ('concurrency', 'request_rate', 'max')),
  -- requests in flight, or requests/s
  load_value REAL CHECK (load_value >= 0),
  requests_completed INTEGER CHECK (requests_completed >= 0),
  requests_failed INTEGER CHECK (requests_failed >= 0),
  duration_s REAL CHECK (duration_s >= 0),
  request_rate_achieved REAL CHECK (request_rate_achieved >= 0),
  -- tokens/s of the whole deployment
  output_tokens_per_second REAL CHECK (output_tokens_per_second >= 0),
  input_tokens_per_second REAL CHECK (input_tokens_per_second >= 0),
  total_tokens_per_second REAL CHECK (total_tokens_per_second >= 0),
  output_tokens_per_second_derived REAL CHECK (output_tokens_per_second_derived >= 0),
  -- tokens per request
  input_tokens_mean REAL CHECK (input_tokens_mean >= 0),
  output_tokens_mean REAL CHECK (output_tokens_mean >= 0),
  -- ttft, milliseconds
  ttft_ms_mean REAL CHECK (ttft_ms_mean >= 0),
  ttft_ms_p50 REAL CHECK (ttft_ms_p50 >= 0),
  ttft_ms_p90 REAL CHECK (ttft_ms_p90 >= 0),
  ttft_ms_p95 REAL CHECK (ttft_ms_p95 >= 0),
  ttft_ms_p99 REAL CHECK (ttft_ms_p99 >= 0),
  -- tpot, milliseconds
  tpot_ms_mean REAL CHECK (tpot_ms_mean >= 0),
  tpot_ms_p50 REAL CHECK (tpot_ms_p50 >= 0),
  tpot_ms_p90 REAL CHECK (tpot_ms_p90 >= 0),
  tpot_ms_p95 REAL CHECK (tpot_ms_p95 >= 0),
  tpot_ms_p99 REAL CHECK (tpot_ms_p99 >= 0),
  -- itl, milliseconds
  itl_ms_mean REAL CHECK (itl_ms_mean >= 0),
  itl_ms_p50 REAL CHECK (itl_ms_p50 >= 0),
  itl_ms_p90 REAL CHECK (itl_ms_p90 >= 0),
  itl_ms_p95 REAL CHECK (itl_ms_p95 >= 0),
  itl_ms_p99 REAL CHECK (itl_ms_p99 >= 0),
  -- ntpot, milliseconds
  ntpot_ms_mean REAL CHECK (ntpot_ms_mean >= 0),
  ntpot_ms_p50 REAL CHECK (ntpot_ms_p50 >= 0),
  ntpot_ms_p90 REAL CHECK (ntpot_ms_p90 >= 0),
  ntpot_ms_p95 REAL CHECK (ntpot_ms_p95 >= 0),
  ntpot_ms_p99 REAL CHECK (ntpot_ms_p99 >= 0),
  -- e2e, milliseconds
  e2e_ms_mean REAL CHECK (e2e_ms_mean >= 0),
  e2e_ms_p50 REAL CHECK (e2e_ms_p50 >= 0),
  e2e_ms_p90 REAL CHECK (e2e_ms_p90 >= 0),
  e2e_ms_p95 REAL CHECK (e2e_ms_p95 >= 0),
  e2e_ms_p99 REAL CHECK (e2e_ms_p99 >= 0),
  -- separated by ';'
  quality_flags TEXT NOT NULL,
  PRIMARY KEY (run_id, ordinal),
  CHECK (load_kind IS NOT NULL OR load_value IS NULL)
) STRICT;
CREATE INDEX load_point_by_point ON load_point (point_id);
CREATE INDEX load_point_by_report ON load_point (report_sha256, report_at);

-- The same measurement is valid once at any time.
CREATE TRIGGER load_point_is_live_once BEFORE INSERT ON load_point
WHEN EXISTS (
  SELECT 1 FROM load_point AS other JOIN run ON run.run_id = other.run_id
  WHERE other.point_id = NEW.point_id AND run.retired_in_revision IS NULL
)
BEGIN SELECT RAISE(ABORT, 'this load point is already stored'); END;

-- ---------------------------------------------------------------- links and shipped data

CREATE TABLE share (
  slug TEXT PRIMARY KEY CHECK (length(slug) >= 10),
  query TEXT NOT NULL,
  revision INTEGER NOT NULL REFERENCES revision (id),
  created_at TEXT NOT NULL,
  UNIQUE (query, revision)
) STRICT;

-- Which state of data/ this database has taken in; the last row counts.
CREATE TABLE shipped (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  revision INTEGER NOT NULL REFERENCES revision (id)
) STRICT;

-- ---------------------------------------------------------------- append-only
-- A correction retires the old row and adds a new one. The only thing that may change, once, is when a row left.

CREATE TRIGGER revision_is_append_only BEFORE UPDATE ON revision
BEGIN SELECT RAISE(ABORT, 'revision is append-only'); END;

CREATE TRIGGER configuration_is_append_only BEFORE UPDATE ON configuration
BEGIN SELECT RAISE(ABORT, 'configuration is append-only'); END;

CREATE TRIGGER workload_is_append_only BEFORE UPDATE ON workload
BEGIN SELECT RAISE(ABORT, 'workload is append-only'); END;

CREATE TRIGGER report_is_append_only BEFORE UPDATE ON report
BEGIN SELECT RAISE(ABORT, 'report is append-only'); END;

CREATE TRIGGER ingest_is_append_only BEFORE UPDATE ON ingest
BEGIN SELECT RAISE(ABORT, 'ingest is append-only'); END;

CREATE TRIGGER run_report_is_append_only BEFORE UPDATE ON run_report
BEGIN SELECT RAISE(ABORT, 'run_report is append-only'); END;

CREATE TRIGGER load_point_is_append_only BEFORE UPDATE ON load_point
BEGIN SELECT RAISE(ABORT, 'load_point is append-only'); END;

CREATE TRIGGER share_is_append_only BEFORE UPDATE ON share
BEGIN SELECT RAISE(ABORT, 'share is append-only'); END;

CREATE TRIGGER shipped_is_append_only BEFORE UPDATE ON shipped
BEGIN SELECT RAISE(ABORT, 'shipped is append-only'); END;

CREATE TRIGGER model_is_append_only BEFORE UPDATE OF
  row_id, model_id, display_name, family, total_parameters_billions, active_parameters_billions,
  context_length_tokens, weights_precision, weight_bytes, quantised_checkpoints, licence, gated, source, origin, added_in_revision
ON model
BEGIN SELECT RAISE(ABORT, 'model is append-only: only left_in_revision may be set, once'); END;
CREATE TRIGGER model_leaves_once BEFORE UPDATE OF left_in_revision ON model WHEN OLD.left_in_revision IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'model is append-only: only left_in_revision may be set, once'); END;

CREATE TRIGGER accelerator_is_append_only BEFORE UPDATE OF
  row_id, accelerator_id, name, short_name, vendor, memory_gib, memory_bandwidth_gb_per_second, bf16_tflops,
  fp8_tflops, fp4_tflops, tdp_watts, interconnect, kubernetes_resource, gke_node_label, gke_accelerator_label,
  aliases, source, notes, origin, added_in_revision
ON accelerator
BEGIN SELECT RAISE(ABORT, 'accelerator is append-only: only left_in_revision may be set, once'); END;
CREATE TRIGGER accelerator_leaves_once BEFORE UPDATE OF left_in_revision ON accelerator WHEN OLD.left_in_revision IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'accelerator is append-only: only left_in_revision may be set, once'); END;

CREATE TRIGGER price_is_append_only BEFORE UPDATE OF
  row_id, price_id, provider, instance_type, region, accelerator_id, accelerator_count, usd_per_hour, kind,
  accelerator_only, as_of, source, notes, origin, added_in_revision
ON price
BEGIN SELECT RAISE(ABORT, 'price is append-only: only left_in_revision may be set, once'); END;
CREATE TRIGGER price_leaves_once BEFORE UPDATE OF left_in_revision ON price WHEN OLD.left_in_revision IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'price is append-only: only left_in_revision may be set, once'); END;

CREATE TRIGGER run_is_append_only BEFORE UPDATE OF
  run_id, configuration_id, workload_id, format, tool, tool_version, measured_on, source_name, source_url,
  licence, series_key, quality_flags, origin, load_points, ingest_id, added_in_revision
ON run
BEGIN SELECT RAISE(ABORT, 'run is append-only: only retired_in_revision may be set, once'); END;
CREATE TRIGGER run_leaves_once BEFORE UPDATE OF retired_in_revision ON run WHEN OLD.retired_in_revision IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'run is append-only: only retired_in_revision may be set, once'); END;

-- What a configuration's server was started with. NULL = not known; '{}' = started with its defaults.

ALTER TABLE configuration
  ADD COLUMN context_parallelism bigint CHECK (context_parallelism > 0),
  ADD COLUMN speculative_tokens bigint CHECK (speculative_tokens > 0),
  -- JSON objects by the server's own names
  ADD COLUMN server_arguments text COLLATE "C" CHECK (server_arguments IS NULL OR server_arguments::json IS NOT NULL),
  ADD COLUMN environment text COLLATE "C" CHECK (environment IS NULL OR environment::json IS NOT NULL),
  ADD COLUMN engine_options text COLLATE "C" CHECK (engine_options IS NULL OR engine_options::json IS NOT NULL),
  -- container image with its tag or digest
  ADD COLUMN image text COLLATE "C" CHECK (image <> '');

-- What a configuration's server was started with. NULL = not known; '{}' = started with its defaults.

ALTER TABLE configuration ADD COLUMN context_parallelism INTEGER CHECK (context_parallelism > 0);
ALTER TABLE configuration ADD COLUMN speculative_tokens INTEGER CHECK (speculative_tokens > 0);
-- JSON objects by the server's own names
ALTER TABLE configuration ADD COLUMN server_arguments TEXT CHECK (json_valid(server_arguments));
ALTER TABLE configuration ADD COLUMN environment TEXT CHECK (json_valid(environment));
ALTER TABLE configuration ADD COLUMN engine_options TEXT CHECK (json_valid(engine_options));
-- container image with its tag or digest
ALTER TABLE configuration ADD COLUMN image TEXT CHECK (image <> '');

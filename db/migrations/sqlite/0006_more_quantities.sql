-- What else a load point says: shares, the server's own figures, energy, repeats. NULL = not measured.

-- requests cut off, neither answered nor failed
ALTER TABLE load_point ADD COLUMN requests_cancelled INTEGER CHECK (requests_cancelled >= 0);
-- requests/s that met the targets the tool was given
ALTER TABLE load_point ADD COLUMN goodput_requests_per_second REAL CHECK (goodput_requests_per_second >= 0);
-- input tokens read from the prefix cache, 0 to 1 of all
ALTER TABLE load_point ADD COLUMN cached_input_share REAL CHECK (cached_input_share >= 0 AND cached_input_share <= 1);
-- KV cache in use, 0 to 1 of what there is, mean
ALTER TABLE load_point ADD COLUMN kv_cache_share REAL CHECK (kv_cache_share >= 0 AND kv_cache_share <= 1);
-- output tokens of a step of speculative decoding
ALTER TABLE load_point ADD COLUMN acceptance_length REAL CHECK (acceptance_length >= 0);
-- of all accelerators of the deployment
ALTER TABLE load_point ADD COLUMN power_watts_mean REAL CHECK (power_watts_mean >= 0);
ALTER TABLE load_point ADD COLUMN joules_per_output_token REAL CHECK (joules_per_output_token >= 0);
-- times the tool measured this load, and the spread of output tokens/s over them
ALTER TABLE load_point ADD COLUMN repeats INTEGER CHECK (repeats >= 0);
ALTER TABLE load_point ADD COLUMN repeats_relative_spread REAL CHECK (repeats_relative_spread >= 0);
-- from E2E, TTFT and TPOT, where the nominal length contradicts them
ALTER TABLE load_point ADD COLUMN output_tokens_mean_derived REAL CHECK (output_tokens_mean_derived >= 0);

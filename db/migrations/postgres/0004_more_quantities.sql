-- What else a load point says: shares, the server's own figures, energy, repeats. NULL = not measured.

ALTER TABLE load_point
  -- requests cut off, neither answered nor failed
  ADD COLUMN requests_cancelled bigint CHECK (requests_cancelled >= 0),
  -- requests/s that met the targets the tool was given
  ADD COLUMN goodput_requests_per_second double precision CHECK (goodput_requests_per_second >= 0 AND goodput_requests_per_second <= 'Infinity'),
  -- input tokens read from the prefix cache, 0 to 1 of all
  ADD COLUMN cached_input_share double precision CHECK (cached_input_share >= 0 AND cached_input_share <= 1),
  -- KV cache in use, 0 to 1 of what there is, mean
  ADD COLUMN kv_cache_share double precision CHECK (kv_cache_share >= 0 AND kv_cache_share <= 1),
  -- output tokens of a step of speculative decoding
  ADD COLUMN acceptance_length double precision CHECK (acceptance_length >= 0 AND acceptance_length <= 'Infinity'),
  -- of all accelerators of the deployment
  ADD COLUMN power_watts_mean double precision CHECK (power_watts_mean >= 0 AND power_watts_mean <= 'Infinity'),
  ADD COLUMN joules_per_output_token double precision CHECK (joules_per_output_token >= 0 AND joules_per_output_token <= 'Infinity'),
  -- times the tool measured this load, and the spread of output tokens/s over them
  ADD COLUMN repeats bigint CHECK (repeats >= 0),
  ADD COLUMN repeats_relative_spread double precision CHECK (repeats_relative_spread >= 0 AND repeats_relative_spread <= 'Infinity'),
  -- from E2E, TTFT and TPOT, where the nominal length contradicts them
  ADD COLUMN output_tokens_mean_derived double precision CHECK (output_tokens_mean_derived >= 0 AND output_tokens_mean_derived <= 'Infinity');

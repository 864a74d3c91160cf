const BYTES_PER_MIB = 1024 * 1024;

/** Larger files hold raw requests, not results. */
export const MAX_FILE_BYTES = 64 * BYTES_PER_MIB;

/** YAML parses about a hundred times slower than JSON; no report in YAML form comes near this size. */
export const MAX_YAML_BYTES = 4 * BYTES_PER_MIB;

/** Reports nest about eight levels. */
export const MAX_NESTING_DEPTH = 64;

/** Expansions of YAML aliases: more is an attempt to exhaust memory. */
export const MAX_YAML_ALIASES = 100;

/** Larger magnitudes are no measurement in any unit we read (milliseconds, tokens/s, counts). */
export const MAX_MEASURED_VALUE = 1e15;

/** Problems listed of one file; the rest is counted. */
export const MAX_PROBLEMS_PER_FILE = 50;

/** Text of an offending value shown in a problem. */
export const MAX_VALUE_TEXT_LENGTH = 80;

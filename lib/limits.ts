import { BYTES_PER_MIB } from "./units";

/** A file that has to be held whole. */
export const MAX_FILE_BYTES = 64 * BYTES_PER_MIB;

/** Larger JSON is read record by record: parsed whole it takes several times its size. */
export const MAX_HELD_JSON_BYTES = 8 * BYTES_PER_MIB;

/** Larger files are refused unread. */
export const MAX_STREAMED_FILE_BYTES = 8 * 1024 * BYTES_PER_MIB;

/** One record of a file read record by record: it is held whole. */
export const MAX_RECORD_CHARACTERS = 64 * BYTES_PER_MIB;

/** Keys of JSON parsed in one piece: an object of a million keys takes some seconds. */
export const MAX_JSON_KEYS = 1_000_000;

/** Objects and lists of JSON parsed in one piece: a million of them takes half a second, ten million eight. */
export const MAX_JSON_COLLECTIONS = 1_000_000;

/** Results (load points, rows) of one file: each of them is held until all are stored. */
export const MAX_RESULTS_PER_FILE = 200_000;

/** Characters of the first line of a table. */
export const MAX_HEADER_CHARACTERS = 64 * 1024;

/** Characters of one row of a table. */
export const MAX_ROW_CHARACTERS = 1_000_000;

/** Columns of a table: the widest that tools write have a few hundred. */
export const MAX_TABLE_COLUMNS = 2000;

/** Cells of a table, empty ones too: they are held until the table is read. */
export const MAX_TABLE_CELLS = 20_000_000;

/** Files in one archive. */
export const MAX_ARCHIVE_FILES = 100_000;

/** What all archives of one ingest may unpack to. */
export const MAX_UNPACKED_BYTES = 16 * 1024 * BYTES_PER_MIB;

/** Archives within archives (`.tar.gz` counts once). */
export const MAX_ARCHIVE_DEPTH = 3;

/** YAML parses about a hundred times slower than JSON; no report in YAML form comes near this size. */
export const MAX_YAML_BYTES = 4 * BYTES_PER_MIB;

/**
 * Words and marks of a YAML text: its parser takes about three microseconds for each, in one piece. The largest report in YAML
 * form at hand has 22,000.
 */
export const MAX_YAML_TOKENS = 200_000;

/** Keys at the top of a YAML text; reports and side files have some dozens. */
export const MAX_YAML_TOP_KEYS = 1000;

/** Reports nest about eight levels. */
export const MAX_NESTING_DEPTH = 64;

/** Aliases of a YAML text, and expansions of one: more is an attempt to exhaust memory or time. */
export const MAX_YAML_ALIASES = 100;

/** Settings of a server written in one text. */
export const MAX_SETTINGS_TEXT_LENGTH = 200_000;

/** Problems listed of one file; the rest is counted. */
export const MAX_PROBLEMS_PER_FILE = 50;

/** So many problems alike in different files are one problem that counts the others. */
export const MIN_PROBLEMS_ALIKE = 100;

/** Problems of one ingest that are listed and kept; the rest is counted. */
export const MAX_PROBLEMS = 1000;

/** Problems of one ingest that a person can mend by an answer: forms are made from them. */
export const MAX_ASKED_PROBLEMS = 10_000;

/** Text of an offending value shown in a problem. */
export const MAX_VALUE_TEXT_LENGTH = 80;

/** Everything sent in one request, before archives are unpacked. */
export const MAX_UPLOAD_BYTES = MAX_UNPACKED_BYTES;

/** Files sent in one request. */
export const MAX_UPLOAD_FILES = 100_000;

/** Characters of a file's path, sent or in an archive. */
export const MAX_PATH_LENGTH = 1000;

/** Characters of all paths in the archives of one ingest. */
export const MAX_ARCHIVE_PATHS_LENGTH = 16 * BYTES_PER_MIB;

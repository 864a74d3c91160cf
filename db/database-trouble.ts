import { DatabaseRefusedError, DatabaseUnreachableError } from "./database-refused";

/** What is wrong with the database, not with the program. */
export interface DatabaseTrouble {
  /** In whole sentences, with the way out. */
  message: string;
  /** Whether the same may go well in a while. */
  isPassing: boolean;
}

/** By the code of SQLite, of PostgreSQL or of the system, without its details. */
const TROUBLES: Readonly<Record<string, DatabaseTrouble>> = {
  SQLITE_BUSY: {
    message:
      "Another program holds the database locked and did not let go: nothing was stored. Try again; if it stays so, end the other program.",
    isPassing: true,
  },
  SQLITE_READONLY: {
    message:
      "The database cannot be written: the file, its folder or its disk is read-only for this user. Change that, or name another file in IQ_DATABASE.",
    isPassing: false,
  },
  SQLITE_FULL: {
    message: "The disk of the database is full: nothing was stored, what was there is whole. Make room and try again.",
    isPassing: false,
  },
  SQLITE_CANTOPEN: {
    message:
      "The database cannot be opened: this user may not write into its folder, where SQLite keeps files beside it, or the process may have no more files open (ulimit -n). Change that, or name another file in IQ_DATABASE.",
    isPassing: false,
  },
  SQLITE_IOERR: {
    message:
      "The disk of the database failed. Look at the system's log; then `npm run iq -- database check` says what is whole.",
    isPassing: false,
  },
  SQLITE_CORRUPT: {
    message: "The database file is damaged. `npm run iq -- database check` says where; put a backup in its place.",
    isPassing: false,
  },
  EMFILE: {
    message: "This process has too many files open. Allow it more (ulimit -n) and try again.",
    isPassing: true,
  },
  ENFILE: { message: "This machine has too many files open. Try again.", isPassing: true },
  "57014": { message: "The database took longer than it may to answer and was stopped. Try again.", isPassing: true },
  "55P03": {
    message:
      "Another program has been writing for a long time: nothing was stored. Try again; if it stays so, end the other program.",
    isPassing: true,
  },
  "25006": {
    message: "The database takes no writes: it is a replica. Name the primary in IQ_DATABASE.",
    isPassing: false,
  },
  "53100": {
    message: "The disk of the database server is full: nothing was stored. Make room and try again.",
    isPassing: false,
  },
};

/** What an error says of the database; `null` for an error of another kind. */
export function databaseTrouble(error: unknown): DatabaseTrouble | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof DatabaseRefusedError) {
    return { message: error.message, isPassing: error instanceof DatabaseUnreachableError };
  }
  const known = "code" in error ? troubleOf(String(error.code)) : null;
  if (known !== null) return known;
  return databaseTrouble(error.cause);
}

function troubleOf(code: string): DatabaseTrouble | null {
  // SQLite's longer codes say more than a person can act on: SQLITE_READONLY_DBMOVED.
  const [name = ""] = /^SQLITE_[A-Z]+/.exec(code) ?? [code];
  return TROUBLES[name] ?? null;
}

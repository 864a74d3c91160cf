import { DatabaseRefusedError, DatabaseUnreachableError } from "../database-refused";

/** Errors of a server that goes down, comes up, or has too many connections: another try may find it well. */
const PASSING_CODES = new Set(["57P01", "57P02", "57P03", "53300", "08000", "08003", "08006", "08001", "08004"]);

/** Errors of the network between. */
const NETWORK_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

const LOST =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error/;

/** Whether an error says that the database cannot be reached now, not that the question is wrong. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof DatabaseUnreachableError) return true;
  if (error instanceof AggregateError && error.errors.some(isUnreachable)) return true;
  if (error.cause !== undefined && isUnreachable(error.cause)) return true;
  const code = codeOf(error);
  // A socket in the file system that is not there, not any other file.
  if (code === "ENOENT") return "syscall" in error && error.syscall === "connect";
  return PASSING_CODES.has(code) || NETWORK_CODES.has(code) || LOST.test(error.message);
}

/** Code of the system or of PostgreSQL; a name with several addresses fails with an error for each. */
function codeOf(error: Error): string {
  if ("code" in error) return String(error.code);
  return error instanceof AggregateError && error.errors[0] instanceof Error ? codeOf(error.errors[0]) : "";
}

// On globalThis: the start script and each bundled route load this module anew.
const NOTED = Symbol.for("inference-quickstart.database-unreachable");
type WithNote = typeof globalThis & { [NOTED]?: Map<string, { at: number; message: string }> };

/** Remembers that a database could not be reached just now. @param name of the database, without its password */
export function noteUnreachable(name: string, message: string): void {
  const holder: WithNote = globalThis;
  holder[NOTED] ??= new Map();
  holder[NOTED].set(name, { at: performance.now(), message });
}

/**
 * What was last said of a database that could not be reached within the last milliseconds; `null` where all went well.
 * @param name of one database; otherwise of any
 */
export function unreachableWithin(ms: number, name?: string): string | null {
  const holder: WithNote = globalThis;
  const since = performance.now() - ms;
  for (const [known, { at, message }] of holder[NOTED] ?? []) {
    if (at >= since && (name === undefined || name === known)) return message;
  }
  return null;
}

/** What is wrong, by code, and the way out. */
const REASONS: Readonly<Record<string, string>> = {
  "28P01": "the server does not take this user with this password. Correct both in the address.",
  "28000":
    "the server does not let this user in from here. Correct the address, or let them in (pg_hba.conf of the server).",
  "3D000": "the server has no database of this name. Create it (createdb NAME), or correct the address.",
  "42501": "this user may not do what is needed there. Let them own the database (ALTER DATABASE … OWNER TO …).",
  "53300": "the server has as many connections as it takes. Lower IQ_DATABASE_POOL, or raise its max_connections.",
  "57P03": "the server is starting or stopping. Try again in a moment.",
  ENOTFOUND: "there is no host of this name. Correct the address.",
  EAI_AGAIN: "there is no host of this name, as far as can be asked now. Correct the address, or try again.",
  ECONNREFUSED: "nobody answers there. Start the server, or correct host and port in the address.",
  ENOENT: "nobody answers there. Start the server, or correct the path of its socket in the address.",
};

/**
 * An error of a connection in words.
 * @param name the address without its password
 * @returns the error itself where it is not about reaching the database
 */
export function asConnectionError(error: unknown, name: string): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseRefusedError) return error;
  const reason = REASONS[codeOf(error)];
  if (isUnreachable(error)) {
    const words = reason ?? `it does not answer (${error.message}). Start the server, or correct the address.`;
    const message = `The database ${name} cannot be reached: ${words}`;
    noteUnreachable(name, message);
    return new DatabaseUnreachableError(message, { cause: error });
  }
  if (reason === undefined) return error;
  return new DatabaseRefusedError(`The database ${name} cannot be used: ${reason}`, { cause: error });
}

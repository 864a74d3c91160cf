import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

/** How the connections to a server are kept; each can be set in the environment. */
export interface PoolSettings {
  /** Connections of one process at most. */
  size: number;
  /** How long a connection may take to come about. */
  connectTimeoutMs: number;
  /** How long one question may take. */
  statementTimeoutMs: number;
}

const DEFAULTS: PoolSettings = { size: 10, connectTimeoutMs: 5000, statementTimeoutMs: 30_000 };

const VARIABLES: Readonly<Record<keyof PoolSettings, string>> = {
  size: "IQ_DATABASE_POOL",
  connectTimeoutMs: "IQ_DATABASE_CONNECT_TIMEOUT_MS",
  statementTimeoutMs: "IQ_DATABASE_STATEMENT_TIMEOUT_MS",
};

const MAX_SETTING = 3_600_000;

/** What the environment says of the pool, and sensible values for the rest. @throws for a value that is no whole number above 0 */
export function poolSettings(environment: Readonly<Record<string, string | undefined>>): PoolSettings {
  const settings = { ...DEFAULTS };
  for (const key of ["size", "connectTimeoutMs", "statementTimeoutMs"] as const) {
    const text = environment[VARIABLES[key]] ?? "";
    if (text === "") continue;
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > MAX_SETTING) {
      throw new Error(`${VARIABLES[key]}=${text}: expected a whole number from 1 to ${MAX_SETTING}.`);
    }
    settings[key] = value;
  }
  return settings;
}

/** A client that waits longer than the server may take has lost it. */
const GRACE_MS = 5000;

/** Waits before a question is asked again after its connection was lost. */
const RETRY_AFTER_MS = [100, 400, 1500];

/** Numbers of PostgreSQL beyond 32 bits and sums of them: counts of ours, far below where a number loses digits. */
const INT8_OID = 20;
const NUMERIC_OID = 1700;
pg.types.setTypeParser(INT8_OID, Number);
pg.types.setTypeParser(NUMERIC_OID, Number);

/** Errors of a server that goes down, comes up, or has too many connections: another try may find it well. */
const PASSING_CODES = new Set(["57P01", "57P02", "57P03", "53300", "08000", "08003", "08006", "08001", "08004"]);

/** Errors of the network between. */
const NETWORK_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOENT",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/** Whether an error says that the database cannot be reached now, not that the question is wrong. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.cause !== undefined && isUnreachable(error.cause)) return true;
  const code = "code" in error ? String(error.code) : "";
  return (
    PASSING_CODES.has(code) ||
    NETWORK_CODES.has(code) ||
    /Connection terminated|timeout exceeded when trying to connect/.test(error.message)
  );
}

/**
 * Connections to a PostgreSQL server. A question outside a transaction only reads or is whole by itself, so one whose connection
 * is lost is asked again on another one.
 */
export class ConnectionPool extends pg.Pool {
  constructor(address: string, settings: PoolSettings, options: { isReadOnly: boolean }) {
    super({
      connectionString: address,
      max: settings.size,
      connectionTimeoutMillis: settings.connectTimeoutMs,
      statement_timeout: settings.statementTimeoutMs,
      idle_in_transaction_session_timeout: 10 * 60 * 1000,
      keepAlive: true,
      application_name: "inference-quickstart",
      // Estimates of short lists in JSON mislead the planner into compiling questions that take a millisecond.
      options: options.isReadOnly ? "-c jit=off -c default_transaction_read_only=on" : "-c jit=off",
    });
    this.queryTimeoutMs = settings.statementTimeoutMs + GRACE_MS;
    // An idle connection that breaks is replaced when the next one is needed.
    this.on("error", () => undefined);
    const query = this.query.bind(this);
    const retrying = async (...args: Parameters<typeof query>) => {
      for (const wait of RETRY_AFTER_MS) {
        try {
          return await query(...args);
        } catch (error) {
          if (!isUnreachable(error)) throw error;
        }
        await sleep(wait);
      }
      return query(...args);
    };
    this.query = retrying as typeof this.query;
  }

  /** A question that takes longer has lost its server. */
  readonly queryTimeoutMs: number;
}

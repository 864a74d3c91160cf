import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type Environment, wholeSetting } from "../settings";
import { PostgresConnection } from "./connection";
import { asConnectionError, isUnreachable } from "./unreachable";

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

/** What the environment says of the pool, and sensible values for the rest. @throws DatabaseRefusedError as {@link wholeSetting} does */
export function poolSettings(environment: Environment): PoolSettings {
  const settings = { ...DEFAULTS };
  for (const key of ["size", "connectTimeoutMs", "statementTimeoutMs"] as const) {
    settings[key] = wholeSetting(environment, VARIABLES[key], DEFAULTS[key]);
  }
  return settings;
}

/** A client that waits longer than the server may take has lost it. */
const GRACE_MS = 5000;

/** Waits before a question is asked again after its connection was lost, as long as somebody who asked has not waited long. */
const RETRY_AFTER_MS = [100, 400, 1500];
const RETRY_WITHIN_MS = 3000;

/** Numbers of PostgreSQL beyond 32 bits and sums of them: counts of ours, far below where a number loses digits. */
const INT8_OID = 20;
const NUMERIC_OID = 1700;
pg.types.setTypeParser(INT8_OID, Number);
pg.types.setTypeParser(NUMERIC_OID, Number);

/**
 * Connections to a PostgreSQL server. A question outside a transaction only reads or is whole by itself, so one whose connection
 * is lost is asked again on another one.
 */
export class ConnectionPool extends pg.Pool {
  constructor(
    /** The address without its password, for messages. */
    readonly name: string,
    address: string,
    settings: PoolSettings,
    options: { isReadOnly: boolean },
  ) {
    super({
      Client: PostgresConnection,
      connectionString: address,
      max: settings.size,
      connectionTimeoutMillis: settings.connectTimeoutMs,
      statement_timeout: settings.statementTimeoutMs,
      // A question that takes longer than the server lets it has lost its server.
      query_timeout: settings.statementTimeoutMs + GRACE_MS,
      idle_in_transaction_session_timeout: 10 * 60 * 1000,
      keepAlive: true,
      application_name: "inference-quickstart",
      // Estimates of short lists in JSON mislead the planner into compiling questions that take a millisecond.
      options: options.isReadOnly ? "-c jit=off -c default_transaction_read_only=on" : "-c jit=off",
    });
    // An idle connection that breaks is replaced when the next one is needed.
    this.on("error", () => undefined);
    const query = this.query.bind(this);
    const retrying = async (...args: Parameters<typeof query>) => {
      const began = performance.now();
      for (const wait of RETRY_AFTER_MS) {
        try {
          return await query(...args);
        } catch (error) {
          if (!isUnreachable(error) || performance.now() - began > RETRY_WITHIN_MS)
            throw asConnectionError(error, name);
        }
        await sleep(wait);
      }
      try {
        return await query(...args);
      } catch (error) {
        throw asConnectionError(error, name);
      }
    };
    this.query = retrying as typeof this.query;
  }

  /**
   * Gives a connection to work that is one after the other and may take long.
   * @param limitMs of each of its statements; `null` for none
   */
  async withConnection<T>(limitMs: number | null, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.connect().catch((error: unknown) => {
      throw asConnectionError(error, this.name);
    });
    const before =
      client instanceof PostgresConnection ? client.answerWithin(limitMs === null ? false : limitMs + GRACE_MS) : false;
    let failure: unknown = null;
    try {
      await client.query(`SET statement_timeout = ${limitMs ?? 0}`);
      return await work(client);
    } catch (error) {
      failure = error;
      throw asConnectionError(error, this.name);
    } finally {
      if (client instanceof PostgresConnection) client.answerWithin(before);
      // Whoever has lost the server had better not be asked again: a server that hangs would be waited for a second time.
      const isLost = failure !== null && isUnreachable(failure);
      if (!isLost) {
        await client.query("RESET statement_timeout").catch((error: unknown) => {
          failure ??= error;
        });
      }
      client.release(failure !== null && isUnreachable(failure));
    }
  }
}

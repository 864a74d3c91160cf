import { DatabaseRefusedError } from "./database-refused";

export type Environment = Readonly<Record<string, string | undefined>>;

const MAX_SETTING = 3_600_000;

/** A large ingest of another process may hold the lock for seconds. */
const LOCK_TIMEOUT_MS = 120_000;

/** A number of the environment, or another one where it says nothing. @throws DatabaseRefusedError for no whole number above 0 */
export function wholeSetting(environment: Environment, name: string, otherwise: number): number {
  const text = environment[name] ?? "";
  if (text === "") return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= MAX_SETTING) return value;
  throw new DatabaseRefusedError(`${name}=${text}: expected a whole number from 1 to ${MAX_SETTING}.`);
}

/** How long a writer waits for another one before it gives up. */
export function lockTimeoutMs(): number {
  return wholeSetting(process.env, "IQ_DATABASE_LOCK_TIMEOUT_MS", LOCK_TIMEOUT_MS);
}

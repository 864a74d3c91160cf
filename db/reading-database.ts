import type { Database } from "./handle";
import { unreachableWithin } from "./postgres/unreachable";
import { currentRevisionId } from "./store/current-revision";

/** One that could not be reached is not asked again for so long: whoever asks must not wait for it each time. */
const LEFT_ALONE_MS = 5000;

/**
 * Which of two databases to read from: the replica where it has the newest revision of the primary or the primary cannot be
 * reached, otherwise the primary. Asked anew for every request, so that nobody sees less than what was stored before it.
 * @throws what the primary says, where neither can be asked
 */
export async function upToDateOf(
  primary: () => Promise<Database>,
  replica: () => Promise<Database>,
): Promise<Database> {
  const [first, second] = await Promise.allSettled([stateOf(primary), stateOf(replica)]);
  if (second.status === "fulfilled" && (first.status === "rejected" || second.value.revision >= first.value.revision)) {
    return second.value.db;
  }
  if (first.status === "fulfilled") return first.value.db;
  // One that was left alone may be well by now.
  return primary();
}

async function stateOf(open: () => Promise<Database>): Promise<{ db: Database; revision: number }> {
  const db = await open();
  const reason = unreachableWithin(LEFT_ALONE_MS, db.engine.name);
  if (reason !== null) throw new Error(reason);
  return { db, revision: await currentRevisionId(db) };
}

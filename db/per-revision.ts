import type { Database } from "./handle";
import { getCurrentRevision } from "./queries/get-revision";

/** Answers kept of one database; most questions are about its newest revision. */
const MAX_KEPT = 16;

/** Answers to one question that depend on the revision alone. */
export interface PerRevision<T> {
  /** The kept answer, worked out where there is none. */
  get(db: Database, revision: number): Promise<T>;
  has(db: Database, revision: number): Promise<boolean>;
  /** Keeps an answer that was worked out elsewhere, when `newest` was the newest revision. */
  keep(db: Database, revision: number, newest: number, answer: T): Promise<void>;
}

/** Keeps answers by revision. A revision never changes, except by a purge, which makes a new one. */
export function perRevision<T>(work: (db: Database, revision: number) => Promise<T>): PerRevision<T> {
  const kept = new WeakMap<Database, { newest: number; answers: Map<number, T> }>();
  const answersOf = async (db: Database): Promise<{ newest: number; answers: Map<number, T> }> => {
    const newest = (await getCurrentRevision(db)).id;
    const known = kept.get(db);
    if (known?.newest === newest && known.answers.size < MAX_KEPT) return known;
    const fresh = { newest, answers: new Map<number, T>() };
    kept.set(db, fresh);
    return fresh;
  };
  return {
    async get(db, revision) {
      const { answers } = await answersOf(db);
      const known = answers.get(revision);
      if (known !== undefined) return known;
      const answer = await work(db, revision);
      answers.set(revision, answer);
      return answer;
    },
    async has(db, revision) {
      const known = kept.get(db);
      return known?.answers.has(revision) === true && known.newest === (await getCurrentRevision(db)).id;
    },
    async keep(db, revision, newest, answer) {
      const entry = await answersOf(db);
      if (entry.newest === newest) entry.answers.set(revision, answer);
    },
  };
}

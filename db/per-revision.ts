import type { Database } from "./handle";
import { currentRevisionId } from "./store/current-revision";

/** Answers kept of one database; most questions are about its newest revision. */
const MAX_KEPT = 16;

/** Answers to one question that depend on the revision alone. */
export interface PerRevision<T> {
  /** The kept answer, worked out where there is none. */
  get(db: Database, revision: number): T;
  has(db: Database, revision: number): boolean;
  /** Keeps an answer that was worked out elsewhere, when `newest` was the newest revision. */
  keep(db: Database, revision: number, newest: number, answer: T): void;
}

/** Keeps answers by revision. A revision never changes, except by a purge, which makes a new one. */
export function perRevision<T>(work: (db: Database, revision: number) => T): PerRevision<T> {
  const kept = new WeakMap<Database, { newest: number; answers: Map<number, T> }>();
  const answersOf = (db: Database): { newest: number; answers: Map<number, T> } => {
    const newest = currentRevisionId(db);
    const known = kept.get(db);
    if (known?.newest === newest && known.answers.size < MAX_KEPT) return known;
    const fresh = { newest, answers: new Map<number, T>() };
    kept.set(db, fresh);
    return fresh;
  };
  return {
    get(db, revision) {
      const { answers } = answersOf(db);
      const known = answers.get(revision);
      if (known !== undefined) return known;
      const answer = work(db, revision);
      answers.set(revision, answer);
      return answer;
    },
    has: (db, revision) =>
      kept.get(db)?.newest === currentRevisionId(db) && kept.get(db)?.answers.has(revision) === true,
    keep(db, revision, newest, answer) {
      const entry = answersOf(db);
      if (entry.newest === newest) entry.answers.set(revision, answer);
    },
  };
}

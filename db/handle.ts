import type { Placeholder, SQL, SQLWrapper } from "drizzle-orm";
import type { BaseSQLiteDatabase, SQLiteTable } from "drizzle-orm/sqlite-core";

/** Values for the placeholders of a question. */
export type PlaceholderValues = Record<string, unknown>;

/** A question of drizzle that can be prepared. */
export interface Preparable<T> extends SQLWrapper {
  prepare(): { execute(values?: PlaceholderValues): PromiseLike<T> };
}

/** What an insert does about a row that is there already. */
export type OnConflict = "fail" | "ignore";

/** What the two databases do each in their own way. */
export interface DatabaseEngine {
  readonly kind: "sqlite" | "postgres";
  /** Where the database is, for messages: a file, or an address without its password. */
  readonly name: string;
  /** A question that is made once and asked many times. */
  prepare<T>(question: Preparable<T>): (values: PlaceholderValues) => Promise<T>;
  /** The same with rows as lists of what the columns hold: for many rows, where naming each value would take longer than reading it. */
  prepareLists(question: SQLWrapper): (values: PlaceholderValues) => Promise<unknown[][]>;
  /**
   * Inserts rows past drizzle, which would take as long again to name each value.
   * @param rows values as the columns hold them, in the order of the table's columns
   * @returns how many of them are new
   */
  insertLists(table: SQLiteTable, rows: readonly (readonly unknown[])[], onConflict: OnConflict): Promise<number>;
  /** A select of the values of a JSON list of texts: one parameter, however many values. */
  fromJsonList(list: Placeholder | string): SQL;
  /** A select of the pairs of a JSON list of pairs of texts. */
  fromJsonPairs(list: Placeholder | string): SQL;
  /**
   * Runs a transaction that writes. Only one at a time does, whichever process it is of: what it reads first stays true until it
   * has written, and revisions are numbered without gaps. Others wait, and nobody who reads does.
   * @param work asks and writes through the handle it is given, and through no other
   * @throws what `work` throws, and then nothing was written
   */
  write<T>(work: (db: Database) => Promise<T>, options?: { isErasing?: boolean }): Promise<T>;
  /** Asks several questions of one state of the database, whatever is written meanwhile. @param work asks through the handle it is given */
  read<T>(work: (db: Database) => Promise<T>): Promise<T>;
  /** Inside a transaction: references are checked at its end, so that a row can be replaced by another one. */
  deferReferences(): Promise<void>;
  /** Inside a transaction: rows that get their number from the database go on after those that were inserted with theirs. */
  continueNumbering(): Promise<void>;
  /** Inside a transaction that stored very many rows: tells the database's planner how many there are now. */
  refreshStatistics(): Promise<void>;
  /** What the database's own checks say, a sentence each; none where it is whole. */
  faults(): Promise<string[]>;
  /** Gives back, and overwrites, what deleted rows took. */
  compact(): Promise<void>;
  /**
   * Empties the log that still holds what was deleted.
   * @returns false where it still does, because somebody reads an earlier state
   */
  emptyLog(): Promise<boolean>;
  /** Bytes the data takes, and bytes that are free for it where that can be known. */
  space(): Promise<{ usedBytes: number; freeBytes: number | null }>;
  close(): Promise<void>;
}

/**
 * A database: drizzle's questions and writes, which are the same on both engines, and its {@link DatabaseEngine}. Tables are described
 * once (db/schema.ts); await every answer.
 */
export interface Database
  extends Pick<
    BaseSQLiteDatabase<"async", unknown>,
    "select" | "selectDistinct" | "insert" | "update" | "delete" | "$count"
  > {
  readonly engine: DatabaseEngine;
}

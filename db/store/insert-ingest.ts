import type { Database } from "../handle";
import type { IngestRow } from "../schema";
import { insertRow } from "./insert-row";

/** Writes one row of the audit and returns its id. Call inside a write transaction. */
export function insertIngest(db: Database, row: Omit<IngestRow, "id">): number {
  const next = db.$client.prepare<[], { id: number }>("SELECT coalesce(max(id), 0) + 1 AS id FROM ingest").get();
  const id = next?.id ?? 1;
  insertRow(db, "ingest", { id, ...row });
  return id;
}

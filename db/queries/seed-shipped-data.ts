import type { Database } from "../client";
import { type SeedOutcome, seedShipped } from "../store/seed-shipped";

/**
 * Takes in the data that comes with the program, if this state of it is not in yet.
 * @param dataDirectory folder with accelerators.csv, models.csv, prices.csv and figures/
 * @throws when a file there is wrong
 */
export async function seedShippedData(db: Database, dataDirectory: string, now: Date): Promise<SeedOutcome> {
  return seedShipped(db, dataDirectory, now);
}

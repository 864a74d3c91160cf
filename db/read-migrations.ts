import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "./project-root";

export interface Migration {
  version: number;
  name: string;
  sql: string;
}

/** The SQL files of an engine's folder of db/migrations in order; `0001_initial.sql` takes a database to version 1. */
export function readMigrations(engine: "sqlite" | "postgres"): Migration[] {
  const folder = path.join(/* turbopackIgnore: true */ projectRoot(), "db", "migrations", engine);
  return readdirSync(folder)
    .filter((name) => /^\d{4}_.+\.sql$/.test(name))
    .sort()
    .map((name) => ({
      version: Number(name.slice(0, 4)),
      name,
      sql: readFileSync(path.join(/* turbopackIgnore: true */ folder, name), "utf8"),
    }));
}

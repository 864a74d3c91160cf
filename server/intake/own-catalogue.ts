import { type OwnCatalogue, readOwnRows } from "../../db/store/own-rows";
import { appendAll } from "../../lib/append-all";
import type { Accelerator, Model } from "../../lib/catalogue/catalogue";
import { type ParseOutcome, pathOfParsed } from "../../lib/ingest/parse/parse-file";
import { documentsOf } from "../../lib/ingest/parse/parsed-file";
import { problem } from "../../lib/ingest/problem";
import type { Problem } from "../../lib/ingest/report";

/** Own rows of the catalogue that lie beside reports (`iq.catalogue.yaml`), read as they come. */
export interface OwnRows {
  rows: OwnCatalogue;
  problems: Problem[];
  add(parse: ParseOutcome): void;
  /** Rows that stand inside another file, e.g. an export; returns what is wrong with them. */
  addRows(path: string, location: string, value: unknown): Problem[];
  /** A catalogue with these rows over it. */
  over(catalogue: { accelerators: readonly Accelerator[]; models: readonly Model[] }): {
    accelerators: Accelerator[];
    models: Model[];
  };
}

/** None yet. */
export function ownRows(): OwnRows {
  const rows: OwnCatalogue = { accelerators: [], machines: [], models: [], prices: [] };
  const problems: Problem[] = [];
  const addRows = (path: string, location: string, value: unknown): Problem[] => {
    const place = location === "" ? path : `${path}, ${location}`;
    const read = readOwnRows(value);
    if (!read.ok) {
      return read.error.map((fault) => problem(path, location, "", "rows of the catalogue", `${place}: ${fault}`));
    }
    appendAll(rows.accelerators, read.value.accelerators);
    appendAll(rows.machines, read.value.machines);
    appendAll(rows.models, read.value.models);
    appendAll(rows.prices, read.value.prices);
    return [];
  };
  return {
    rows,
    problems,
    addRows,
    add(parse) {
      const value = parse.kind === "parsed" ? documentsOf(parse.file)[0]?.value : undefined;
      appendAll(problems, addRows(pathOfParsed(parse), "", value));
    },
    over({ accelerators, models }) {
      return { accelerators: laidOver(accelerators, rows.accelerators), models: laidOver(models, rows.models) };
    },
  };
}

function laidOver<T extends { id: string }>(under: readonly T[], over: readonly T[]): T[] {
  const ids = new Set(over.map(({ id }) => id));
  return [...under.filter(({ id }) => !ids.has(id)), ...over];
}

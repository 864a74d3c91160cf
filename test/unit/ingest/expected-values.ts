import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import type { ReadPoint } from "../../../lib/ingest/report";
import { projectRoot, publicReports } from "./support";

const RELATIVE_TOLERANCE = 1e-9;

/** What a public report says at one place, worked out by hand, independently of our adapters. */
export interface ExpectedRecord {
  report: string;
  place: string;
  format: string;
  values: Record<string, unknown>;
}

const RECORDS: ExpectedRecord[] = JSON.parse(
  readFileSync(path.join(projectRoot, "test/fixtures/public-report-values.json"), "utf8"),
);

/** Those of the formats whose name starts like one of these. */
export function expectedRecords(...formats: string[]): ExpectedRecord[] {
  const records = RECORDS.filter(({ format }) => formats.some((name) => format.startsWith(name)));
  if (records.length === 0) throw new Error(`no values of ${formats.join(", ")}`);
  return records;
}

/** Path of a public report. */
export function publicReport(name: string): string {
  return path.join(publicReports, name);
}

/** Same shape, same nulls, numbers within the tolerance. */
export function expectAlike(actual: unknown, expected: unknown, at: string): void {
  if (typeof expected === "number") {
    expect(typeof actual, at).toBe("number");
    expect(Math.abs(Number(actual) - expected), at).toBeLessThanOrEqual(RELATIVE_TOLERANCE * Math.abs(expected));
  } else if (typeof expected === "object" && expected !== null) {
    for (const [key, value] of Object.entries(expected))
      expectAlike((actual as Record<string, unknown> | null)?.[key], value, `${at}.${key}`);
  } else {
    expect(actual, at).toBe(expected);
  }
}

/** The point a record speaks of: a line or a member of a list, else the first. */
export function selectedPoint(points: readonly ReadPoint[], place: string): ReadPoint | undefined {
  if (place === "whole file") return points[0];
  if (!place.startsWith("line ")) return points.find((point) => point.location === `$.${place}`);
  return points.find((point) => point.location === place) ?? (points[0]?.location === "$" ? points[0] : undefined);
}

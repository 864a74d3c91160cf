import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import type { ReadPoint } from "../../../lib/ingest/report";
import { hasShared, sharedDirectory } from "./support";

const RELATIVE_TOLERANCE = 1e-9;

/** Canonical values of a public report, derived independently of our adapters. */
export interface ExpectedRecord {
  sample: string;
  select: string;
  format: string;
  expected: Record<string, unknown>;
}

/** Those of the formats whose name starts like one of these; none where the reference material is absent. */
export function expectedRecords(...formats: string[]): ExpectedRecord[] {
  if (!hasShared) return [];
  const file = readFileSync(path.join(sharedDirectory, "reports/expected.json"), "utf8");
  const { records } = JSON.parse(file) as { records: ExpectedRecord[] };
  return records.filter(({ format }) => formats.some((name) => format.startsWith(name)));
}

/** Path of a public report. */
export function sample(name: string): string {
  return path.join(sharedDirectory, "reports/samples", name);
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

/** The point a record names: a line, else the first. */
export function selectedPoint(points: readonly ReadPoint[], select: string): ReadPoint | undefined {
  const line = /^line (\d+)/.exec(select)?.[1];
  return points.find((point) => point.at === `line ${line}`) ?? points[0];
}

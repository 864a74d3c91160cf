/** A database file with the shipped data for all tests of a set to copy. */
import type { TestProject } from "vitest/node";
import { type SeededFile, seededFile } from "./seeded-file";

declare module "vitest" {
  interface ProvidedContext {
    /** Closed and never changed. */
    seededFile: string;
  }
}

let seeded: SeededFile | null = null;

export async function setup(project: TestProject): Promise<void> {
  seeded = await seededFile();
  project.provide("seededFile", seeded.path);
}

export function teardown(): void {
  seeded?.remove();
  seeded = null;
}

import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../../../db/project-root";
import { rawColumn } from "../../../support/raw-sql";
import { seededDatabase } from "../../db/small-data";
import { filesUnder } from "../../ingest/support";
import { databaseFaults, FACTS, ingest, intakeFiles } from "./intake-support";

const CASES = path.join(projectRoot(), "test/fixtures/cases/ingest");

describe("a file that describes runs of other folders", () => {
  it.each([
    ["as it is", ""],
    ["and is large", `\n# ${"x".repeat(2 * 2 ** 20)}\n`],
  ])("is stored with them, from wherever it lies, %s", async (_, more) => {
    const db = await seededDatabase();
    const name = "inference-perf-config-in-parent";
    const files = filesUnder(path.join(CASES, name)).filter(
      ({ path: file }) => !/README\.md|expected\.json/.test(file),
    );
    const contents = Object.fromEntries(
      files.map(({ path: file }) => [
        file,
        readFileSync(path.join(CASES, name, file.replace(`${name}/`, "")), "utf8") +
          (file.endsWith("config.yaml") ? more : ""),
      ]),
    );
    const { problems } = await ingest(db, intakeFiles(contents), { given: FACTS });
    expect(problems).toEqual([]);
    expect(await rawColumn(db, "SELECT DISTINCT file_name FROM run_report WHERE role = 'context'")).toEqual([
      expect.stringMatching(/config\.yaml$/),
    ]);
    expect(await databaseFaults(db)).toEqual([]);
  });
});

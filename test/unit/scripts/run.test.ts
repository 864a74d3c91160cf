import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../../..");

it.each(["scripts/iq.ts", "scripts/start.ts"])(
  "%s started outside its folder says in one line where to start it",
  (entry) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [path.join(ROOT, "scripts/run.js"), entry, "models"],
      {
        cwd: tmpdir(),
        encoding: "utf8",
      },
    );
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: "",
      stderr: `Start the program in its own folder: cd ${ROOT}\n`,
    });
  },
);

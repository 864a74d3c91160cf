import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished } from "vitest";
import { z } from "zod";
import { servedProduct } from "./served-product";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** The part of `iq rank --json` that the tests hold the page against. */
const Rank = z.looseObject({
  revision: z.number(),
  workload: z.string(),
  ranked: z.array(
    z.looseObject({
      configurationId: z.string(),
      accelerator: z.string(),
      acceleratorCount: z.number(),
      server: z.string().nullable(),
      operatingPoint: z.looseObject({
        kind: z.enum(["measured", "interpolated", "atLeast"]),
        outputTokensPerSecond: z.number(),
        throughputBasis: z.enum(["measured", "derived"]),
      }),
      usdPerMillionOutputTokens: z.number().nullable(),
      breakEvenUsdPerAcceleratorHour: z.number().nullable(),
      replicas: z.number().nullable(),
    }),
  ),
  nearMisses: z.array(z.looseObject({ configurationId: z.string() })),
  notComparable: z.array(z.looseObject({ configurationId: z.string(), reason: z.string() })),
});
export type RankAnswer = z.infer<typeof Rank>;

/** Runs `iq` as a process of its own on the database the server has open. */
export function iq(args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ["scripts/run.js", "scripts/iq.ts", ...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: "production", IQ_DATABASE: servedProduct().databaseFile, IQ_PUBLIC_URL: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) =>
      resolve({ status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
}

/** `iq rank --json`. */
export async function iqRank(args: string[]): Promise<RankAnswer> {
  const result = await iq(["rank", ...args, "--json"]);
  expect(result.status, result.stderr).toBe(0);
  return Rank.parse(JSON.parse(result.stdout));
}

/** A folder that lasts as long as the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "iq-browser-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { freePort } from "../support/free-port";

const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 10_000;

export interface Product {
  origin: string;
  /** Process started → port answers, the build being there. */
  startMs: number;
  /** Of the process that serves. */
  processId: number;
  stop(): Promise<void>;
}

function spawnStart(
  args: string[],
  environment: Record<string, string>,
  imports: readonly string[] = [],
): ChildProcess {
  const loaded = imports.flatMap((name) => ["--import", name]);
  return spawn(process.execPath, [...loaded, "scripts/run.js", "scripts/start.ts", ...args], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Builds the product where its sources changed; the bench measures production builds only. */
export async function buildProduct(): Promise<void> {
  const build = spawnStart(["--build-only"], {});
  let output = "";
  for (const stream of [build.stdout, build.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const [code] = await once(build, "exit");
  if (code !== 0) throw new Error(`The product could not be built:\n${output}`);
}

/**
 * Starts the product the way users do, on a free port with its own database.
 * @param measured modules loaded beside it, and what they read from the environment
 */
export async function startProduct(
  database: string,
  measured: { imports: readonly string[]; environment: Record<string, string> } = { imports: [], environment: {} },
): Promise<Product> {
  const port = await freePort();
  const begun = performance.now();
  const environment = { IQ_DATABASE: database, ...measured.environment };
  const child = spawnStart(["--port", String(port)], environment, measured.imports);
  const kill = () => child.kill("SIGTERM");
  process.once("exit", kill);
  const stop = async () => {
    process.off("exit", kill);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    const hard = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await gone;
    clearTimeout(hard);
  };
  let output = "";
  try {
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`The product did not start:\n${output}`)), START_TIMEOUT_MS);
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        if (!output.includes("is ready")) return;
        clearTimeout(late);
        resolve();
      };
      child.stdout?.on("data", read);
      child.stderr?.on("data", read);
      child.once("exit", () => {
        clearTimeout(late);
        reject(new Error(`The product ended instead of starting:\n${output}`));
      });
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { origin: `http://127.0.0.1:${port}`, startMs: performance.now() - begun, processId: child.pid ?? 0, stop };
}

import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";

export const ROOT = path.resolve(import.meta.dirname, "../..");
/** A first build on a small machine may take minutes. */
const START_TIMEOUT_MS = 300_000;
/** Lines of the server's output shown when it does not start. */
const OUTPUT_LINES_SHOWN = 30;

/** The product as a user starts it. It leads a process group of its own. */
export interface Product {
  process: ChildProcess;
  /** Its address without trailing slash, once it is ready. */
  ready: Promise<string>;
}

/** Builds the product where needed, so that several can start at once. */
export async function buildProduct(): Promise<void> {
  const child = spawn(process.execPath, ["scripts/run.js", "scripts/start.ts", "--build-only"], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (status !== 0) throw new Error(`The product was not built:\n${lastLines(Buffer.concat(output).toString())}`);
}

function lastLines(output: string): string {
  return output.split("\n").slice(-OUTPUT_LINES_SHOWN).join("\n");
}

/** Starts the product (which builds itself where needed). */
export function startProduct(databaseFile: string, port: number): Product {
  const child = spawn(process.execPath, ["scripts/run.js", "scripts/start.ts"], {
    cwd: ROOT,
    env: {
      ...process.env,
      NODE_ENV: "production",
      PORT: String(port),
      IQ_DATABASE: databaseFile,
      IQ_PUBLIC_URL: "",
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  const ready = new Promise<string>((resolve, reject) => {
    const fail = (reason: string) => reject(new Error(`${reason}\n${lastLines(output)}`));
    const timer = setTimeout(() => fail("The product was not ready in time."), START_TIMEOUT_MS);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const address = /is ready: (http:\/\/\S+)/.exec(output)?.[1];
      if (address !== undefined) {
        clearTimeout(timer);
        resolve(address);
      }
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      fail(`The product ended by itself: ${signal ?? `status ${code}`}.`);
    });
  });
  return { process: child, ready };
}

/** Signals a product and everything it started. */
export function signalProduct(product: Product | null, signal: NodeJS.Signals): void {
  if (product?.process.pid === undefined) return;
  try {
    process.kill(-product.process.pid, signal);
  } catch {
    // The group has ended already.
  }
}

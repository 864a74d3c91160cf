/**
 * One server for all browser tests: the product as a user starts it, on a fresh database in a temporary folder.
 * Whatever happens, no process and no file is left behind.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of the running product, without trailing slash. */
    baseUrl: string;
    /** Its database, for the command line to work on too. */
    databaseFile: string;
    /** The browser's program. */
    chromePath: string;
  }
}

const ROOT = path.resolve(import.meta.dirname, "../..");
const BROWSER_NAMES = ["chromium", "google-chrome", "chromium-browser"];
/** A first build on a small machine may take minutes. */
const START_TIMEOUT_MS = 300_000;
/** How long a server may take to end by itself. */
const STOP_TIMEOUT_MS = 5_000;
/** Lines of the server's output shown when it does not start. */
const OUTPUT_LINES_SHOWN = 30;

let server: ChildProcess | null = null;
let stopping = false;
let folder: string | null = null;

export async function setup(project: TestProject): Promise<void> {
  process.once("exit", clear);
  try {
    const chromePath = findBrowser();
    folder = mkdtempSync(path.join(tmpdir(), "iq-browser-"));
    const databaseFile = path.join(folder, "quickstart.db");
    const baseUrl = await startProduct(databaseFile, await freePort());
    project.provide("baseUrl", baseUrl);
    project.provide("databaseFile", databaseFile);
    project.provide("chromePath", chromePath);
  } catch (error) {
    await teardown();
    throw error;
  }
}

export async function teardown(): Promise<void> {
  stopping = true;
  if (server !== null && server.exitCode === null && server.signalCode === null) {
    const ended = new Promise((resolve) => server?.once("exit", resolve));
    signalServer("SIGTERM");
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, STOP_TIMEOUT_MS))]);
  }
  clear();
}

/** Signals the server and everything it started: it leads a process group of its own. */
function signalServer(signal: NodeJS.Signals): void {
  if (server?.pid === undefined) return;
  try {
    process.kill(-server.pid, signal);
  } catch {
    // The group has ended already.
  }
}

/** Also when the tests are broken off: synchronous, so that an exit handler can do it. */
function clear(): void {
  process.off("exit", clear);
  signalServer("SIGKILL");
  server = null;
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
  folder = null;
}

/** Starts the product (which builds itself where needed) and waits until it says that it is ready. */
function startProduct(databaseFile: string, port: number): Promise<string> {
  const child = spawn(process.execPath, ["--import", "tsx", "scripts/start.ts"], {
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
  server = child;
  let output = "";
  let isReady = false;
  return new Promise((resolve, reject) => {
    const fail = (reason: string) =>
      reject(new Error(`${reason}\n${output.split("\n").slice(-OUTPUT_LINES_SHOWN).join("\n")}`));
    const timer = setTimeout(() => fail("The product was not ready in time."), START_TIMEOUT_MS);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const ready = /is ready: (http:\/\/\S+)/.exec(output)?.[1];
      if (ready !== undefined) {
        isReady = true;
        clearTimeout(timer);
        resolve(ready);
      }
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      const reason = `The product ended by itself: ${signal ?? `status ${code}`}.`;
      // After the start nobody waits here any more; the tests to come fail, and this says why.
      if (isReady && !stopping) console.error(reason);
      fail(reason);
    });
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

/** `CHROME_PATH`, else a Chromium on the path, else (as root on a Debian-like system) the one apt installs. */
function findBrowser(): string {
  const named = process.env.CHROME_PATH ?? "";
  if (named !== "") {
    if (!existsSync(named)) throw new Error(`CHROME_PATH=${named}: there is no such file.`);
    return named;
  }
  const found = browserOnPath();
  if (found !== null) return found;
  if (process.getuid?.() === 0 && existsSync("/etc/debian_version")) {
    console.log("No Chromium found: installing it with apt-get …");
    const quiet = { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } } as const;
    spawnSync("apt-get", ["update"], quiet);
    spawnSync("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], quiet);
    const installed = browserOnPath();
    if (installed !== null) return installed;
  }
  throw new Error("The browser tests need Chromium or Chrome: install one, or name its program in CHROME_PATH.");
}

function browserOnPath(): string | null {
  for (const name of BROWSER_NAMES) {
    for (const directory of (process.env.PATH ?? "").split(path.delimiter)) {
      const file = path.join(directory, name);
      if (directory !== "" && existsSync(file)) return file;
    }
  }
  return null;
}

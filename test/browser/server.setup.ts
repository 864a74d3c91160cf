/**
 * For each worker of the browser tests a server of its own: the product as a user starts it, on a fresh database in a
 * temporary folder. Files side by side so share no data. Whatever happens, no process and no file is left behind.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { freePort } from "../support/free-port";
import { seededFile } from "../support/seeded-file";
import { buildProduct, type Product, signalProduct, startProduct } from "./product";

/** A running product as the tests know it. */
export interface ServedProduct {
  /** Its address, without trailing slash. */
  baseUrl: string;
  /** Its database, for the command line to work on too. */
  databaseFile: string;
}

declare module "vitest" {
  interface ProvidedContext {
    /** The running products, one a worker. */
    products: ServedProduct[];
    /** The browser's program. */
    chromePath: string;
  }
}

/** The shell has the same engine without windows, toolbars and services, which take a third of the work of opening a page. */
const SHELL = "chromium-headless-shell";
const BROWSER_NAMES = [SHELL, "chromium", "google-chrome", "chromium-browser"];
/** How long a server may take to end by itself. */
const STOP_TIMEOUT_MS = 5_000;

const products: Product[] = [];
let stopping = false;
let folder: string | null = null;

export async function setup(project: TestProject): Promise<void> {
  process.once("exit", clear);
  try {
    const chromePath = findBrowser();
    folder = mkdtempSync(path.join(tmpdir(), "iq-browser-"));
    await buildProduct();
    const databaseFiles = Array.from({ length: Number(project.config.maxWorkers) }, (_, index) =>
      path.join(folder ?? "", `quickstart-${index + 1}.db`),
    );
    // The first begins with nothing, as a user's does; the others would only read the same figures again.
    const seeded = await seededFile();
    for (const file of databaseFiles.slice(1)) copyFileSync(seeded.path, file);
    seeded.remove();
    project.provide("products", await Promise.all(databaseFiles.map(serve)));
    project.provide("chromePath", chromePath);
  } catch (error) {
    await teardown();
    throw error;
  }
}

async function serve(databaseFile: string): Promise<ServedProduct> {
  const product = startProduct(databaseFile, await freePort());
  products.push(product);
  const baseUrl = await product.ready;
  // Nobody waits for it any more; the tests to come fail, and this says why.
  product.process.once("exit", (code, signal) => {
    if (!stopping) console.error(`The product ended by itself: ${signal ?? `status ${code}`}.`);
  });
  return { baseUrl, databaseFile };
}

export async function teardown(): Promise<void> {
  stopping = true;
  await Promise.all(products.map(stop));
  clear();
}

async function stop(product: Product): Promise<void> {
  const server = product.process;
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  signalProduct(product, "SIGTERM");
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, STOP_TIMEOUT_MS))]);
}

/** Also when the tests are broken off: synchronous, so that an exit handler can do it. */
function clear(): void {
  process.off("exit", clear);
  for (const product of products.splice(0)) signalProduct(product, "SIGKILL");
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
  folder = null;
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
    // Not every such system has the shell as a package of its own.
    for (const name of [SHELL, "chromium"]) {
      spawnSync("apt-get", ["install", "-y", "--no-install-recommends", name], quiet);
      const installed = browserOnPath();
      if (installed !== null) return installed;
    }
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

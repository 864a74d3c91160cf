/**
 * `npm start`: opens the database (creating and seeding it on the first run), builds the application when its sources
 * are newer than the last build, and serves it on loopback. `npm run dev` does the same with hot reload.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "../db/project-root";
import { isLoopbackName, LOOPBACK_HOST, serverAccess } from "../lib/api/server-access";
import { publicUrl } from "../server/public-url";
import { endWithNpm } from "./start/end-with-npm";
import { precompress } from "./start/precompress";
import { type ListenError, serve } from "./start/serve";

const root = projectRoot();
const nextBin = createRequire(import.meta.url).resolve("next/dist/bin/next");
const SOURCES = [
  "app",
  "components",
  "lib",
  "db",
  "server",
  "scripts/start/security-headers.js",
  "next.config.js",
  "package-lock.json",
  "postcss.config.mjs",
  "tsconfig.json",
];
const FIRST_PORT = 3000;
/** Ports tried after it when nobody named one. */
const FURTHER_PORTS = Array.from({ length: 19 }, (_, index) => FIRST_PORT + 1 + index);

const { values } = parseArgs({
  options: { dev: { type: "boolean" }, port: { type: "string" }, "build-only": { type: "boolean" } },
});
process.env.NEXT_TELEMETRY_DISABLED = "1";

function newestChange(entry: string): number {
  const stats = statSync(entry);
  if (!stats.isDirectory()) return stats.mtimeMs;
  let newest = 0;
  for (const name of readdirSync(entry)) newest = Math.max(newest, newestChange(path.join(entry, name)));
  return newest;
}

/** Builds when there is no build or a source is newer than it. */
function buildIfNeeded(): void {
  const buildId = path.join(root, ".next", "BUILD_ID");
  const builtAt = existsSync(buildId) ? statSync(buildId).mtimeMs : 0;
  const changedAt = Math.max(...SOURCES.map((source) => newestChange(path.join(root, source))));
  if (builtAt > changedAt) return;
  console.log(
    builtAt === 0 ? "Building the application (once, about half a minute) …" : "The sources changed: building again …",
  );
  const built = spawnSync(process.execPath, [nextBin, "build"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (built.status !== 0) {
    process.stderr.write(`${built.stdout}\n${built.stderr}\nThe build failed.\n`);
    process.exit(1);
  }
  precompress(path.join(root, ".next", "static"));
}

/** The port asked for by flag or variable; `null` = none. */
function namedPort(): number | null {
  const named = values.port ?? process.env.PORT;
  if (named === undefined || named === "") return null;
  const port = Number(named);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  console.error(`PORT=${named}: expected a whole number from 1 to 65535.`);
  process.exit(2);
}

/** Prints why the server cannot listen, and the way out, and ends the program. */
function cannotListen(host: string, named: number | null, reason: ListenError): never {
  if (reason.code !== "EADDRINUSE") {
    console.error(`Cannot listen on ${host}${named === null ? "" : `, port ${named}`}: ${reason.message}`);
  } else if (named === null) {
    console.error(`No free port from ${FIRST_PORT} to ${FURTHER_PORTS.at(-1)}. Choose one: PORT=8080 npm start`);
  } else {
    console.error(`Port ${named} is taken on ${host}. Choose another: PORT=${named + 1} npm start`);
  }
  process.exit(1);
}

/** Ends the program where the address others reach it by cannot be one: every link it would give leads nowhere. */
function checkPublicUrl(): void {
  try {
    publicUrl();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(2);
  }
}

/** In a process of its own: what the first start takes to read the shipped data in is given back before anything is served. */
function prepareDatabase(): void {
  const args = ["scripts/run.js", "scripts/start/prepare-database.ts"];
  const prepared = spawnSync(process.execPath, [...process.execArgv, ...args], { cwd: root, stdio: "inherit" });
  if (prepared.status !== 0) process.exit(prepared.status ?? 1);
}

/** The name a person types for an address that is listened on. */
function addressOf(host: string): string {
  if (isLoopbackName(host) || host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

function sayWhoMayWrite(host: string): void {
  const access = serverAccess(process.env);
  if (access.kind === "readOnly") console.log(access.reason);
  else if (access.kind === "token") console.log(`Listening on ${host}: writes need the token in IQ_TOKEN.`);
}

async function main(): Promise<void> {
  if (values["build-only"] === true) {
    buildIfNeeded();
    return;
  }
  const named = namedPort();
  checkPublicUrl();
  prepareDatabase();
  if (values.dev !== true) buildIfNeeded();
  const host = process.env.HOST === undefined || process.env.HOST === "" ? LOOPBACK_HOST : process.env.HOST;
  if (values.dev === true) {
    const server = spawn(
      process.execPath,
      [nextBin, "dev", "-H", host, ...(named === null ? [] : ["-p", String(named)])],
      {
        cwd: root,
        stdio: "inherit",
      },
    );
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => server.kill(signal));
    endWithNpm(() => server.kill("SIGTERM"));
    server.on("exit", (code) => process.exit(code ?? 0));
    return;
  }
  const served = await serve(root, host, named === null ? [FIRST_PORT, ...FURTHER_PORTS] : [named]);
  if (!served.ok) cannotListen(host, named, served.error);
  const { server, port } = served.value;
  const end = () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, end);
  endWithNpm(end);
  console.log(`Inference Quickstart is ready: http://${addressOf(host)}:${port}`);
  sayWhoMayWrite(host);
}

await main();

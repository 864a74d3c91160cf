/**
 * Programs written in TypeScript, started from one bundle of them and all they import: commands, the server, worker threads.
 * Loading some hundred modules one by one, ours through a TypeScript loader and those of packages, took most of each
 * command's time. Plain JavaScript, so that it is there before anything that translates.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The project's folder. */
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Inside `node_modules`, so that the packages a bundle leaves outside are found from there. */
const FOLDER = path.join(root, "node_modules", ".cache", "inference-quickstart");

/** Packages that find files of their own from where they lie; the last is not there. */
const LEFT_OUTSIDE = ["better-sqlite3", "esbuild", "next", "pg-native"];

/** Packages that are no ES modules ask for Node's own modules by `require`. */
const REQUIRE =
  'import { createRequire as createRequireOfBundle } from "node:module"; const require = createRequireOfBundle(import.meta.url);';

/** Whether the bundle is newer than each file that went into it (their list lies beside it) and than the packages. */
function isFresh(bundle, inputs) {
  if (!existsSync(bundle) || !existsSync(inputs)) return false;
  const madeAt = statSync(bundle).mtimeMs;
  return JSON.parse(readFileSync(inputs, "utf8")).every((name) => {
    const stats = statSync(path.join(root, name), { throwIfNoEntry: false });
    return stats !== undefined && stats.mtimeMs < madeAt;
  });
}

/** Writes to a temporary name, then renames: another process or thread may be reading the old file. */
function replaceFile(file, content, writtenAt, maker) {
  const unfinished = `${file}.${maker}`;
  writeFileSync(unfinished, content);
  utimesSync(unfinished, writtenAt, writtenAt);
  renameSync(unfinished, file);
}

/** The bundle of a program, made anew where one of its sources is newer. */
async function bundleOf(entry) {
  const bundle = path.join(FOLDER, `${entry.replaceAll(/[/\\]/g, "-").replace(/\.ts$/, "")}.mjs`);
  const inputs = `${bundle}.inputs.json`;
  if (isFresh(bundle, inputs)) return bundle;
  // A source that changes while the bundle is made is newer than the bundle.
  const begunAt = new Date();
  const { build } = await import("esbuild");
  const built = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: bundle,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    external: LEFT_OUTSIDE,
    banner: { js: REQUIRE },
    metafile: true,
    write: false,
  });
  mkdirSync(FOLDER, { recursive: true });
  // The lock file stands for the packages.
  const sources = Object.keys(built.metafile.inputs).filter((name) => !name.startsWith("node_modules/"));
  const maker = crypto.randomUUID();
  // The bundle last: it is fresh only once what belongs to it is there.
  replaceFile(inputs, JSON.stringify([...sources, "package-lock.json", "server/bundle.js"]), begunAt, maker);
  for (const file of built.outputFiles) replaceFile(file.path, file.contents, begunAt, maker);
  return bundle;
}

/**
 * Runs a program from its bundle.
 * @param {string} entry its path in the project, `scripts/iq.ts`
 * @returns {Promise<void>} once it has ended, or has set up what it waits for
 */
export async function runBundled(entry) {
  const bundle = await bundleOf(entry);
  await import(pathToFileURL(bundle).href);
}

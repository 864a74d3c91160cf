/**
 * `node scripts/run.js scripts/iq.ts …`: runs a program written in TypeScript, from one bundle of it and what it
 * imports of this project (packages stay outside). The bundle is made again when one of its sources is newer.
 * Loading three hundred modules one by one through a TypeScript loader took two thirds of each command's time.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
/** Inside `node_modules`, so that the packages a bundle imports are found from there. */
const FOLDER = path.join(root, "node_modules", ".cache", "inference-quickstart");

/** Whether the bundle is newer than each file that went into it (their list lies beside it) and than the packages. */
function isFresh(bundle, inputs) {
  if (!existsSync(bundle) || !existsSync(inputs)) return false;
  const madeAt = statSync(bundle).mtimeMs;
  return JSON.parse(readFileSync(inputs, "utf8")).every((name) => {
    const stats = statSync(path.join(root, name), { throwIfNoEntry: false });
    return stats !== undefined && stats.mtimeMs < madeAt;
  });
}

/** Writes to a temporary name, then renames: another command may be reading the old file. */
function replaceFile(file, content, writtenAt) {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, content);
  utimesSync(unfinished, writtenAt, writtenAt);
  renameSync(unfinished, file);
}

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
    packages: "external",
    metafile: true,
    write: false,
  });
  mkdirSync(FOLDER, { recursive: true });
  // The bundle last: it is fresh only once what belongs to it is there.
  replaceFile(
    inputs,
    JSON.stringify([...Object.keys(built.metafile.inputs), "package-lock.json", "scripts/run.js"]),
    begunAt,
  );
  for (const file of built.outputFiles) replaceFile(file.path, file.contents, begunAt);
  return bundle;
}

/** Whether a command runs in this folder or below it; it looks for its data from there. */
function isInside(folder) {
  return folder === root || folder.startsWith(root.endsWith(path.sep) ? root : root + path.sep);
}

if (!isInside(process.cwd())) {
  console.error(`Start the program in its own folder: cd ${root}`);
  process.exit(2);
}
const [, , entry, ...args] = process.argv;
const bundle = await bundleOf(entry);
process.argv = [process.argv[0], bundle, ...args];
await import(pathToFileURL(bundle).href);

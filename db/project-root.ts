import { existsSync } from "node:fs";
import path from "node:path";

/**
 * The folder that holds `db/migrations` and `data`: the working directory of every npm script, or the nearest
 * folder above it (a command started in a subfolder). Not taken from `import.meta.url`: a bundler moves the code.
 * @throws if there is none: the program was started outside its own folder
 */
export function projectRoot(): string {
  const start = process.cwd();
  for (let folder = path.resolve(/* turbopackIgnore: true */ start); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(/* turbopackIgnore: true */ folder, "db", "migrations"))) return folder;
    if (folder === path.dirname(folder)) {
      throw new Error(`Start the program in its own folder (the one with package.json); ${start} is not inside it.`);
    }
  }
}

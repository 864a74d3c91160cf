import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import path from "node:path";

/** The oldest PostgreSQL the product runs on. */
export const OLDEST_POSTGRES = 15;

/** Programs of PostgreSQL that the tests start; a package of its clients alone has not all of them. */
const PROGRAMS = ["initdb", "pg_ctl", "postgres"];

/** Where systems keep the programs of PostgreSQL, a folder for each version: Debian, Red Hat, Homebrew, Postgres.app. */
const FOLDERS: readonly { parent: string; name: RegExp }[] = [
  { parent: "/usr/lib/postgresql", name: /^\d+$/ },
  { parent: "/usr", name: /^pgsql-\d+$/ },
  { parent: "/opt/homebrew/opt", name: /^postgresql(@\d+)?$/ },
  { parent: "/usr/local/opt", name: /^postgresql(@\d+)?$/ },
  { parent: "/Applications/Postgres.app/Contents/Versions", name: /^\d+$/ },
];

/**
 * The folder with the programs of the newest installed PostgreSQL. Where there is none, root on a Debian-like system gets the one
 * apt installs; its own server, if Debian starts one, is not used.
 * @returns `null` where there is none, or only older ones than the product runs on
 */
export function postgresPrograms(): string | null {
  const installed = newestInstalled();
  if (installed !== null || process.getuid?.() !== 0 || !existsSync("/etc/debian_version")) return installed;
  console.log("No PostgreSQL found: installing it with apt-get …");
  const quiet = { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } } as const;
  spawnSync("apt-get", ["update"], quiet);
  spawnSync("apt-get", ["install", "-y", "--no-install-recommends", "postgresql"], quiet);
  return newestInstalled();
}

function newestInstalled(): string | null {
  const found = [...new Set([...onPath(), ...inKnownFolders()])]
    .filter((folder) => PROGRAMS.every((program) => existsSync(path.join(folder, program))))
    .map((folder) => ({ folder, version: versionOf(folder) }))
    .filter(({ version }) => version >= OLDEST_POSTGRES)
    .sort((a, b) => b.version - a.version);
  return found[0]?.folder ?? null;
}

/** Folders of the path lead to the real ones: often single programs are linked there. */
function onPath(): string[] {
  return (process.env.PATH ?? "")
    .split(path.delimiter)
    .map((folder) => path.join(folder, "pg_ctl"))
    .filter((program) => path.isAbsolute(program) && existsSync(program))
    .map((program) => path.dirname(realpathSync(program)));
}

function inKnownFolders(): string[] {
  return FOLDERS.filter(({ parent }) => existsSync(parent)).flatMap(({ parent, name }) =>
    readdirSync(parent)
      .filter((entry) => name.test(entry))
      .map((entry) => path.join(parent, entry, "bin"))
      .filter((folder) => existsSync(folder))
      .map((folder) => realpathSync(folder)),
  );
}

/** Major version; 0 where the program does not run. */
function versionOf(folder: string): number {
  const { stdout } = spawnSync(path.join(folder, "postgres"), ["--version"], { encoding: "utf8" });
  return Number(/ (\d+)/.exec(stdout ?? "")?.[1] ?? 0);
}

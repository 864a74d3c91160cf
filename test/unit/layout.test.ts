import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { groupBy } from "@/lib/group-by";

const root = path.join(import.meta.dirname, "../..");
const SOURCE_FOLDERS = ["app", "components", "db", "lib", "scripts", "server"];

/** What each folder may import of ours, beside itself. Data flows one way, and so do imports. The longest name that fits a file counts. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  app: ["components", "server", "db", "lib"],
  components: ["lib"],
  scripts: ["server", "db", "lib"],
  server: ["db", "lib"],
  db: ["lib"],
  // Values and helpers every room may use.
  lib: ["lib/measurement", "lib/catalogue"],
  "lib/measurement": ["lib", "lib/catalogue"],
  "lib/catalogue": ["lib"],
  "lib/redact": ["lib"],
  "lib/ingest": ["lib", "lib/measurement", "lib/catalogue", "lib/redact"],
  "lib/export": ["lib", "lib/measurement", "lib/catalogue", "lib/ingest"],
  "lib/frontier": ["lib", "lib/measurement", "lib/catalogue"],
  "lib/selection": ["lib", "lib/measurement", "lib/catalogue", "lib/frontier"],
  "lib/answer": ["lib", "lib/measurement", "lib/catalogue", "lib/frontier", "lib/selection"],
  // What a question may say in an address.
  "lib/params": ["lib", "lib/measurement", "lib/catalogue", "lib/frontier", "lib/selection", "lib/answer"],
  // Of ingest the names of models and sources, for the Job that sends its own report.
  "lib/manifests": [
    "lib",
    "lib/catalogue",
    "lib/measurement",
    "lib/ingest",
    "lib/frontier",
    "lib/selection",
    "lib/answer",
    "lib/params",
  ],
  // A cluster as it is, held against what is measured and what is written.
  "lib/cluster": ["lib/*"],
  // What pages show and machines get of all that.
  "lib/api": ["lib/*"],
  "lib/explorer": ["lib/*"],
  "lib/runs": ["lib/*"],
  "lib/upload": ["lib/*"],
};

interface Module {
  file: string;
  imports: string[];
  /** Names of the values and types declared and exported here. */
  exported: string[];
}

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => path.join(folder, name));
}

const files = new Set(SOURCE_FOLDERS.flatMap(filesBelow));

/** The file an import leads to; `null` for packages and files that are no source. */
function resolved(importer: string, specifier: string): string | null {
  const target = specifier.startsWith("@/")
    ? specifier.slice("@/".length)
    : specifier.startsWith(".")
      ? path.join(path.dirname(importer), specifier)
      : null;
  if (target === null) return null;
  return [target, `${target}.ts`, `${target}.tsx`].find((candidate) => files.has(candidate)) ?? null;
}

const modules: Module[] = [...files].map((file) => {
  const text = readFileSync(path.join(root, file), "utf8");
  const specifiers = [...text.matchAll(/(?:from|import\(|^import)\s*"([^"]+)"/gm)].map(
    ([, specifier = ""]) => specifier,
  );
  const declarations = text.matchAll(
    /^export (?:abstract |async )*(?:function\*?|const|class|type|interface|enum) (\w+)/gm,
  );
  return {
    file,
    imports: specifiers.flatMap((specifier) => resolved(file, specifier) ?? []),
    exported: [...declarations].flatMap(([, name]) => name ?? []),
  };
});

function roomOf(file: string): string {
  const rooms = Object.keys(MAY_IMPORT).filter((room) => file.startsWith(`${room}/`));
  return rooms.sort((a, b) => b.length - a.length)[0] ?? "";
}

describe("the layout", () => {
  it("lets imports run one way", () => {
    const wrong = modules.flatMap(({ file, imports }) =>
      imports.flatMap((target) => {
        const [from, to] = [roomOf(file), roomOf(target)];
        const allowed = from === to || (MAY_IMPORT[from] ?? []).some((room) => covers(room, to, from));
        return allowed ? [] : [`${file} imports ${target}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it("has no circle of imports", () => {
    const edges = new Map(modules.map(({ file, imports }) => [file, imports]));
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, trail: readonly string[]) => {
      const start = trail.indexOf(file);
      if (start >= 0) circles.push([...trail.slice(start), file].join(" → "));
      if (start >= 0 || done.has(file)) return;
      for (const target of edges.get(file) ?? []) visit(target, [...trail, file]);
      done.add(file);
    };
    for (const { file } of modules) visit(file, []);
    expect(circles).toEqual([]);
  });

  it("gives a name to one thing: nothing exported is declared in two files", () => {
    const homes = groupBy(
      modules
        // Next asks every route and page for exports of the same names.
        .filter(({ file }) => !file.startsWith("app/"))
        .flatMap(({ file, exported }) => exported.map((name) => ({ name, file }))),
      ({ name }) => name,
    );
    expect(homes.size).toBeGreaterThan(1000);
    expect([...homes].filter(([, declared]) => new Set(declared.map(({ file }) => file)).size > 1)).toEqual([]);
  });

  it("reads the imports of every file", () => {
    expect(modules.length).toBeGreaterThan(500);
    expect(modules.find(({ file }) => file === "lib/selection/rank.ts")?.imports).toContain("lib/compare-text.ts");
    expect(modules.every(({ file }) => roomOf(file) !== "")).toBe(true);
  });
});

/** `lib` names the files right in it from within lib, and all of it from outside; `lib/*` all of it. */
function covers(allowed: string, room: string, from: string): boolean {
  if (allowed === "lib/*" || (allowed === "lib" && !from.startsWith("lib"))) return room.startsWith("lib");
  return allowed === room;
}

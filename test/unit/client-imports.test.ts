import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");

function fileOf(from: string, named: string): string | null {
  const base = named.startsWith("@/") ? path.join(ROOT, named.slice(2)) : path.resolve(path.dirname(from), named);
  if (!named.startsWith(".") && !named.startsWith("@/")) return null;
  return [base, `${base}.ts`, `${base}.tsx`].find((file) => existsSync(file) && statSync(file).isFile()) ?? null;
}

/** Modules a file needs when it runs; those it takes types from alone are left out. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const fixed = [...text.matchAll(/^(?:import|export)\s+(type\s+)?([^;]*?)\s*from\s+"([^"]+)"/gm)].flatMap(
    ([, type, what = "", named = ""]) => {
      const items =
        /^\{([\s\S]*)\}$/
          .exec(what.trim())?.[1]
          ?.split(",")
          .map((item) => item.trim())
          .filter(Boolean) ?? null;
      const isTypes = type !== undefined || (items?.every((item) => item.startsWith("type ")) ?? false);
      return isTypes ? [] : [named];
    },
  );
  return [...fixed, ...[...text.matchAll(/\bimport\("([^"]+)"\)/g)].map(([, named = ""]) => named)];
}

describe("what is sent to the browser", () => {
  it("needs nothing of Node: its stand-ins are hundreds of kilobytes of script", () => {
    const clients = ["app", "components"]
      .flatMap((folder) =>
        readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((file) =>
          path.join(ROOT, folder, file),
        ),
      )
      .filter((file) => /\.tsx?$/.test(file))
      .filter((file) => /^"use client";/m.test(readFileSync(file, "utf8")));
    expect(clients.length).toBeGreaterThan(20);
    const cameFrom = new Map<string, string | null>(clients.map((file) => [file, null]));
    const found: string[] = [];
    const waiting = [...clients];
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      for (const named of importsOf(file)) {
        if (named.startsWith("node:")) {
          const way = [named];
          for (let at: string | null = file; at !== null; at = cameFrom.get(at) ?? null)
            way.push(path.relative(ROOT, at));
          found.push(way.join(" ← "));
        }
        const next = fileOf(file, named);
        if (next === null || cameFrom.has(next)) continue;
        cameFrom.set(next, file);
        waiting.push(next);
      }
    }
    expect(found).toEqual([]);
  });
});

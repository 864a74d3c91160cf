import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ManifestFile } from "../../lib/manifests/write/kustomize-tree";

export const hasKubectl = spawnSync("kubectl", ["version", "--client"], { stdio: "ignore" }).status === 0;

/** Overlays of a tree as kubectl builds them, in the order of the platforms. */
export function builtOverlays(files: readonly ManifestFile[], name: string, platforms: readonly string[]): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), "kustomize-"));
  try {
    for (const { path: file, text } of files) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }
    return platforms.map((platform) => {
      const overlay = path.join(folder, name, "overlays", platform);
      const run = spawnSync("kubectl", ["kustomize", overlay], { encoding: "utf8", maxBuffer: 2 ** 26 });
      if (run.status !== 0) throw new Error(`${platform}: ${run.stderr}`);
      return run.stdout;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

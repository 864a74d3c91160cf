import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ManifestFile } from "../../lib/manifests/write/kustomize-tree";

export const hasKubectl = spawnSync("kubectl", ["version", "--client"], { stdio: "ignore" }).status === 0;

/** A tree of files as the product writes it, and those of its overlays that are wanted. */
export interface TreeToBuild {
  files: readonly ManifestFile[];
  /** Of its topmost folder. */
  name: string;
  platforms: readonly string[];
}

const HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";

/** Marks whose object it is, where those of several overlays, mostly with the same names, stand in one build. */
const MARK = /qz(\d+)qz-/;

/**
 * Overlays of trees as kubectl builds them, in the order of the platforms. One run for all of them: it takes four times as long to
 * start as to build one. Each overlay is built whole, then its objects' names get a mark, by which they are told apart and which is
 * taken off again.
 */
export function builtTrees(trees: readonly TreeToBuild[]): string[][] {
  return inFolder(trees, (folder) => {
    const overlays = trees.flatMap(({ name, platforms }, tree) =>
      platforms.map((platform) => path.posix.join("..", "..", `tree-${tree}`, name, "overlays", platform)),
    );
    if (overlays.length === 0) return trees.map(() => []);
    overlays.forEach((overlay, index) => {
      const marked = `${HEAD}namePrefix: qz${index}qz-\nresources:\n- ${overlay}\n`;
      write(path.join(folder, "all", `${index}`, "kustomization.yaml"), marked);
    });
    const resources = overlays.map((_, index) => `- "${index}"\n`).join("");
    write(path.join(folder, "all", "kustomization.yaml"), `${HEAD}resources:\n${resources}`);
    const built = overlays.map((): string[] => []);
    for (const object of kustomize(path.join(folder, "all")).split(/^---\n/m)) {
      const [mark = "", index = ""] = MARK.exec(object) ?? [];
      built[Number(index)]?.push(object.replaceAll(mark, ""));
    }
    const texts = built.map((objects) => objects.join("---\n"));
    return trees.map(({ platforms }) => texts.splice(0, platforms.length));
  });
}

/** One overlay as a person builds it. */
export function builtAlone(tree: Omit<TreeToBuild, "platforms">, platform: string): string {
  return inFolder([{ ...tree, platforms: [platform] }], (folder) =>
    kustomize(path.join(folder, "tree-0", tree.name, "overlays", platform)),
  );
}

function inFolder<T>(trees: readonly TreeToBuild[], build: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), "kustomize-"));
  try {
    trees.forEach(({ files }, tree) => {
      for (const file of files) write(path.join(folder, `tree-${tree}`, file.path), file.text);
    });
    return build(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function kustomize(folder: string): string {
  const run = spawnSync("kubectl", ["kustomize", folder], { encoding: "utf8", maxBuffer: 2 ** 28 });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout;
}

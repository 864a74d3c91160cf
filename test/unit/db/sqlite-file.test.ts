import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openDatabase } from "../../../db/client";
import { DatabaseRefusedError } from "../../../db/database-refused";
import { databaseTrouble } from "../../../db/database-trouble";
import { networkFileSystem, networkWarning, warningAbout } from "../../../db/sqlite/network-file-system";
import { seedShipped } from "../../../db/store/seed-shipped";
import { structuralFaults } from "../../../db/store/structural-faults";
import { figuresCsv, ingestTexts, NOW, smallData, temporaryDatabase, temporaryDirectory } from "./small-data";

const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;

const MINE = figuresCsv("me", [{ concurrency: 2, outputTokensPerSecond: 90, ttftMs: 55 }]);

/** Runs work as somebody who may not write everywhere. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (!isRoot) return work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

/** A folder whose files somebody else may read and not write. */
function readOnlyFolder(): string {
  const folder = temporaryDirectory();
  onTestFinished(() => chmodSync(folder, 0o755));
  chmodSync(folder, 0o555);
  return folder;
}

async function messageOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  return databaseTrouble(error)?.message ?? `no trouble: ${error}`;
}

describe("a database on a network file system", () => {
  it.each([
    [0x6969, "NFS"],
    [0xff534d42, "SMB (CIFS)"],
    [0xff534d42 | 0, "SMB (CIFS)"],
    [0xfe534d42, "SMB"],
    [0x01021997, "9p, as of a virtual machine's or WSL's shared folder"],
    [0x65735546, "FUSE, as sshfs and buckets are"],
    [0xef53, null], // ext4
    [0x58465342, null], // XFS
    [0x9123683e, null], // Btrfs
    [0x01021994, null], // tmpfs
    [0x794c7630, null], // overlayfs
    [0x2fc12fc1, null], // ZFS
  ])("is known by its number %i", (type, name) => {
    expect(networkFileSystem(type)).toBe(name);
  });

  it("is warned of with the reason and the way out, and a local one is not", () => {
    expect(warningAbout("/mnt/a.db", "NFS")).toMatch(
      /^Warning: \/mnt\/a\.db lies on a network file system \(NFS\)\. .* can be damaged.* local disk in IQ_DATABASE, or .*IQ_DATABASE=postgres:/,
    );
    expect(networkWarning("a.db", temporaryDirectory())).toBeNull();
  });
});

describe("a database file that cannot be used", () => {
  it("is told in one line where its folder cannot be made or written, or is none", async () => {
    const folder = readOnlyFolder();
    const open = temporaryDirectory();
    chmodSync(open, 0o777);
    const file = path.join(open, "file");
    writeFileSync(file, "");
    const asFolder = path.join(open, "folder.db");
    mkdirSync(asFolder);
    for (const [address, words] of [
      [path.join(folder, "new.db"), /may not write into its folder/],
      [path.join(folder, "new", "new.db"), /new\.db cannot be opened or made \(EACCES/],
      [path.join(file, "new.db"), /new\.db cannot be opened or made \((EEXIST|ENOTDIR)/],
      [asFolder, /folder\.db cannot be opened or made \(EISDIR/],
    ] as const) {
      const opening = asNobody(() => openDatabase(address));
      await expect(opening).rejects.toThrow(DatabaseRefusedError);
      expect(await messageOf(opening)).toMatch(words);
      expect(await messageOf(opening)).not.toContain("\n");
    }
  });

  it("can be read where it is read-only, and says why it takes nothing", async () => {
    const folder = temporaryDirectory();
    const file = path.join(folder, "test.db");
    await (await openDatabase(file)).engine.close();
    chmodSync(file, 0o444);
    chmodSync(folder, 0o777);
    await asNobody(async () => {
      const db = await temporaryDatabase(file);
      expect(await messageOf(ingestTexts(db, { "mine.csv": MINE }))).toMatch(
        /cannot be written: the file, its folder or its disk is read-only/,
      );
    });
  });

  it("is as before where the disk is full, says so, and goes on when there is room", async (context) => {
    const folder = temporaryDirectory();
    const mounted = isRoot && spawnSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", folder]).status === 0;
    if (!mounted) context.skip("a small disk needs the right to mount one");
    onTestFinished(() => void spawnSync("umount", ["-l", folder]));
    const db = await temporaryDatabase(path.join(folder, "test.db"));
    await seedShipped(db, smallData(), NOW);
    const filling = path.join(folder, "filling");
    spawnSync("dd", ["if=/dev/zero", `of=${filling}`, "bs=4k"]);
    const many = figuresCsv(
      "me",
      Array.from({ length: 2000 }, (_, index) => ({ concurrency: index + 1, outputTokensPerSecond: 90, ttftMs: 55 })),
    );
    expect(await messageOf(ingestTexts(db, { "mine.csv": many }))).toMatch(
      /The disk of the database is full: nothing was stored, what was there is whole/,
    );
    expect(await structuralFaults(db)).toEqual([]);
    spawnSync("rm", [filling]);
    expect(await ingestTexts(db, { "mine.csv": MINE })).toMatchObject({ problems: [], loadPoints: 1 });
  });
});

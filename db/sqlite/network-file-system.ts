import { statfsSync } from "node:fs";

/** File systems over a network, or of another machine's, by the number Linux gives them (statfs, f_type). */
const NETWORK_TYPES: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0xff534d42, "SMB (CIFS)"],
  [0xfe534d42, "SMB"],
  [0x517b, "SMB"],
  [0x01021997, "9p, as of a virtual machine's or WSL's shared folder"],
  [0x65735546, "FUSE, as sshfs and buckets are"],
  [0x5346414f, "AFS"],
  [0x6b414653, "AFS"],
  [0x73757245, "Coda"],
  [0x00c36400, "Ceph"],
  [0x0bd00bd0, "Lustre"],
  [0x47504653, "GPFS"],
  [0xbacbacbc, "a folder shared by VMware"],
  [0x786f4256, "a folder shared by VirtualBox"],
  [0x7c7c6673, "a folder shared by Parallels"],
]);

const THIRTY_TWO_BITS = 0xffffffff;

/** Name of a network file system by its number; `null` for a local one. */
export function networkFileSystem(type: number): string | null {
  // Some systems give the number with a sign.
  return NETWORK_TYPES.get((type & THIRTY_TWO_BITS) >>> 0) ?? null;
}

/** What to tell whoever keeps a database file in a folder that is no local one; `null` in a local one. */
export function networkWarning(file: string, folder: string): string | null {
  // Other systems number them otherwise.
  if (process.platform !== "linux") return null;
  const name = networkFileSystem(statfsSync(folder).type);
  return name === null ? null : warningAbout(file, name);
}

/** The warning itself. */
export function warningAbout(file: string, fileSystem: string): string {
  return (
    `Warning: ${file} lies on a network file system (${fileSystem}). Locks do not hold there as SQLite needs them: with more than one ` +
    "program at a time the database can be damaged, and others may read old data. Name a file on a local disk in IQ_DATABASE, or a " +
    "PostgreSQL server (IQ_DATABASE=postgres://…); `npm run iq -- database copy` takes the data there."
  );
}

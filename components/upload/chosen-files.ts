import { compareText } from "@/lib/compare-text";
/** A file somebody chose, with its path from what was chosen. */
export interface ChosenFile {
  path: string;
  file: File;
}

/** Files of an input; those of a chosen folder keep their folders. */
export function filesOfInput(files: FileList | null): ChosenFile[] {
  return [...(files ?? [])]
    .map((file) => ({ path: file.webkitRelativePath || file.name, file }))
    .filter(({ path }) => !isHidden(path));
}

/**
 * Files that were dropped, those of folders with them, sorted by path.
 * @throws where a folder cannot be read
 */
export async function filesOfDrop(transfer: DataTransfer): Promise<ChosenFile[]> {
  // The browser empties the list when the event is over, so everything is taken from it first.
  const dropped = [...transfer.items]
    .filter((item) => item.kind === "file")
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const found: ChosenFile[] = [];
  for (const { entry, file } of dropped) {
    if (entry !== null) await collect(entry, "", found);
    else if (file !== null) found.push({ path: file.name, file });
  }
  return found.filter(({ path }) => !isHidden(path)).sort((a, b) => compareText(a.path, b.path));
}

async function collect(entry: FileSystemEntry, folder: string, found: ChosenFile[]): Promise<void> {
  const path = `${folder}${entry.name}`;
  if (isFile(entry)) {
    found.push({ path, file: await fileOf(entry) });
  } else if (isFolder(entry)) {
    const reader = entry.createReader();
    // A reader returns part of the folder at a time, and an empty list at its end.
    for (let entries = await nextEntries(reader); entries.length > 0; entries = await nextEntries(reader)) {
      for (const inner of entries) await collect(inner, `${path}/`, found);
    }
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

function nextEntries(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

/** Files the user did not mean: hidden ones and those macOS adds. */
function isHidden(path: string): boolean {
  return path.split("/").some((step) => step.startsWith(".") || step === "__MACOSX");
}

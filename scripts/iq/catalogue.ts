import { readFileSync, statSync } from "node:fs";
import { type Command, Option } from "commander";
import { parse, stringify } from "yaml";
import { database } from "../../db/client";
import {
  type CatalogueChange,
  type CatalogueEntry,
  listCatalogue,
  retireFromCatalogue,
  rowsByKind,
  storeOwnCatalogue,
} from "../../db/store/edit-catalogue";
import { CATALOGUE_KINDS, type CatalogueKind, idOfRow, type PlainRow, readOwnRows } from "../../db/store/own-rows";
import { plural } from "../../lib/format";
import { BYTES_PER_MIB } from "../../lib/units";
import { resolveNamed } from "./read-paths";
import { RefusedError, UsageError } from "./usage-error";

const MAX_FILE_BYTES = 4 * BYTES_PER_MIB;

interface WriteOptions {
  file?: string;
  set: PlainRow;
  reason?: string;
  json?: boolean;
}

interface ListOptions {
  own?: boolean;
  kind?: CatalogueKind;
  json?: boolean;
}

/** `iq catalogue list|export|add|edit|retire` */
export function addCatalogueCommand(program: Command): void {
  const catalogue = program
    .command("catalogue")
    .description("Accelerators, machines, models and prices: what is known of them, and your own.");
  const kinds = () => new Option("--kind <kind>", "only these").choices(CATALOGUE_KINDS);
  catalogue
    .command("list")
    .description("What holds now, with where it came from.")
    .addOption(kinds())
    .option("--own", "only rows of your own")
    .option("--json", "one JSON object on stdout")
    .action(list);
  catalogue
    .command("export")
    .description("The same as YAML, in the form add and edit read; iq.catalogue.yaml beside reports has it too.")
    .addOption(kinds())
    .option("--own", "only rows of your own")
    .action(exportYaml);
  for (const [name, description] of [
    ["add", "Add rows of your own: from a file, or one by --set."],
    ["edit", "Change rows: columns that are not named stay as they are."],
  ] as const) {
    catalogue
      .command(name)
      .description(description)
      .argument("[kind]", `${CATALOGUE_KINDS.join(", ")}: for --set`)
      .option("--file <file>", "YAML or JSON with lists of accelerators, machines, models and prices")
      .option("--set <column=value>", "a column of the row; several", setColumn, {})
      .option("--reason <text>", "why, for the list of revisions")
      .option("--json", "one JSON object on stdout")
      .action((kind: string | undefined, options: WriteOptions) => write(name, kind, options));
  }
  catalogue
    .command("retire")
    .description("Take rows out from a new revision on. Links made before keep showing them.")
    .argument("<kind>", CATALOGUE_KINDS.join(", "))
    .argument("<id...>", "as list names them")
    .option("--reason <text>", "why, for the list of revisions")
    .action(retire);
}

/** `memory_gib=96` joined to the columns given so far. */
function setColumn(text: string, before: PlainRow): PlainRow {
  const equals = text.indexOf("=");
  if (equals <= 0) throw new UsageError(`--set ${text}: expected column=value, e.g. memory_gib=96.`);
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}

function kindNamed(text: string | undefined): CatalogueKind {
  const kind = CATALOGUE_KINDS.find((name) => name === text || name === `${text}s`);
  if (kind === undefined) throw new UsageError(`Name a kind: ${CATALOGUE_KINDS.join(", ")}.`);
  return kind;
}

async function chosen({ own, kind }: ListOptions): Promise<CatalogueEntry[]> {
  const entries = await listCatalogue(await database());
  return entries.filter((entry) => (kind ?? entry.kind) === entry.kind && (own !== true || entry.origin === "user"));
}

async function list(options: ListOptions): Promise<void> {
  const entries = await chosen(options);
  if (options.json === true) {
    console.log(JSON.stringify({ entries }, null, 2));
    return;
  }
  for (const { kind, id, origin, addedInRevision, row } of entries) {
    const whose = origin === "user" ? "own" : "shipped";
    console.log(
      `${kind} ${id}: ${whose}, from revision ${addedInRevision}, source ${String(row.source ?? "not stated")}`,
    );
  }
}

async function exportYaml(options: ListOptions): Promise<void> {
  const entries = await chosen(options);
  process.stdout.write(stringify(rowsByKind(entries)));
}

async function write(name: "add" | "edit", kind: string | undefined, options: WriteOptions): Promise<void> {
  const isSet = Object.keys(options.set).length > 0;
  if (isSet === (options.file !== undefined)) throw new UsageError("Give --file, or a kind and --set.");
  const value = options.file === undefined ? { [kindNamed(kind)]: [options.set] } : fileValue(options.file);
  const db = await database();
  const entries = await listCatalogue(db);
  const named = new Map(entries.map((entry) => [`${entry.kind} ${entry.id}`, entry.row]));
  const rows = readOwnRows(value, (of, id) =>
    name === "edit" ? (named.get(`${of} ${id.replace(/ +/g, " ").trim()}`) ?? null) : null,
  );
  const from = options.file ?? "--set";
  if (!rows.ok) throw new RefusedError(rows.error.map((fault) => `${from}: ${fault}`).join("\n"));
  const ids = Object.entries(value as Record<string, PlainRow[]>).flatMap(([of, list]) =>
    list.map((row) => `${of} ${idOfRow(kindNamed(of), row)}`),
  );
  const wrong = ids.find((id) => named.has(id) !== (name === "edit"));
  if (wrong !== undefined) {
    throw new RefusedError(
      name === "add"
        ? `Nothing was stored: ${wrong} is in the catalogue; iq catalogue edit changes it.`
        : `Nothing was stored: ${wrong} is not in the catalogue; iq catalogue add adds it.`,
    );
  }
  const stored = await storeOwnCatalogue(db, rows.value, {
    reason: options.reason ?? `catalogue: ${name} ${ids.length === 1 ? ids[0] : plural(ids.length, "row")}`,
    now: new Date(),
  });
  if (!stored.ok) throw new RefusedError(stored.error);
  if (options.json === true) console.log(JSON.stringify(stored.value, null, 2));
  else for (const line of changeLines(stored.value)) console.log(line);
}

function changeLines({ added, changed, same, revision }: CatalogueChange): string[] {
  const lines = [
    ...added.map((id) => `added ${id}`),
    ...changed.map((id) => `changed ${id}`),
    ...same.map((id) => `${id} is as it was`),
  ];
  const isNew = added.length + changed.length > 0;
  return [...lines, isNew ? `Dataset revision ${revision}.` : `Nothing new. Dataset revision stays ${revision}.`];
}

/** @throws RefusedError where the file is no YAML or JSON, or too large */
function fileValue(named: string): unknown {
  const file = resolveNamed(named);
  if (!statSync(file).isFile()) throw new UsageError(`${named} is a folder: name the file.`);
  if (statSync(file).size > MAX_FILE_BYTES) {
    throw new RefusedError(`${named} is larger than a catalogue can be (${MAX_FILE_BYTES / BYTES_PER_MIB} MiB).`);
  }
  try {
    return parse(readFileSync(file, "utf8"), { maxAliasCount: 0 });
  } catch (error) {
    throw new RefusedError(`${named} is no YAML: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

async function retire(kind: string, ids: string[], options: { reason?: string }): Promise<void> {
  const of = kindNamed(kind);
  const reason = options.reason ?? `catalogue: retire ${of} ${ids.join(", ")}`;
  const done = await retireFromCatalogue(await database(), of, ids, { reason, now: new Date() });
  if (!done.ok) throw new RefusedError(done.error);
  console.log(`Retired ${plural(ids.length, "row")}. Dataset revision ${done.value}.`);
}

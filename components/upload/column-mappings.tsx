import { plural } from "@/lib/format";
import { askedTables } from "@/lib/ingest/columns/asked-tables";
import type { Problem } from "@/lib/ingest/report";
import { ColumnMappingForm, type UsedMapping } from "./column-mapping";

/** Tables asked about at once; the others follow as these are answered. */
const TABLES_SHOWN = 10;

/** Files with the same columns that are named; the rest are counted. */
const FILES_NAMED = 3;

interface ColumnMappingsProps {
  problems: readonly Problem[];
  /** Mappings in use: they can be changed. */
  used: readonly UsedMapping[];
  onUse: (mapping: UsedMapping) => void;
}

/** Asks, for each kind of table nobody knows, what its columns mean. */
export function ColumnMappings({ problems, used, onUse }: ColumnMappingsProps) {
  const asked = askedTables(problems).filter(({ key }) => used.every(({ table }) => table.key !== key));
  if (asked.length === 0 && used.length === 0) return null;
  return (
    <section aria-labelledby="column-mappings" className="mt-6 border-line border-t pt-4" data-column-mappings="">
      <h3 id="column-mappings" className="font-semibold text-[17px]">
        What the columns mean
      </h3>
      {asked.slice(0, TABLES_SHOWN).map((table) => (
        <div key={table.key} className="mt-2">
          <p className="[overflow-wrap:anywhere]">
            {table.wrong ??
              `${filesText(table.files)} ${table.files.length === 1 ? "is a table" : "are tables"} in no format we read.`}{" "}
            Say what its columns mean; what is filled in is a guess from their names and first values.
          </p>
          <ColumnMappingForm table={table} onUse={onUse} />
        </div>
      ))}
      {asked.length > TABLES_SHOWN && (
        <p className="mt-3 text-muted">… and {plural(asked.length - TABLES_SHOWN, "more kind")} of table.</p>
      )}
      {used.map(({ table, draft }) => (
        <details key={table.key} className="mt-2" data-used-mapping="">
          <summary>
            <span className="[overflow-wrap:anywhere]">{filesText(table.files)}</span>
            <span className="text-muted"> · read by your mapping; open it to change it</span>
          </summary>
          <ColumnMappingForm table={table} before={draft} onUse={onUse} />
        </details>
      ))}
    </section>
  );
}

function filesText(files: readonly string[]): string {
  const more = files.length - FILES_NAMED;
  return `${files.slice(0, FILES_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

import { useId } from "react";
import { type AskedTable, draftUnits, firstValueRead, type MappingDraft } from "@/lib/ingest/columns/asked-tables";
import { IGNORE, type MappingFault, type WrittenColumn } from "@/lib/ingest/columns/column-mapping";
import { unitText } from "@/lib/ingest/columns/column-units";
import { FIELD_CHOICES, fieldLabel } from "@/lib/ingest/columns/field-labels";

/** First values shown of a column. */
const VALUES_SHOWN = 3;

/** More units than a time has: those of rates, whose names are long. */
const TIME_UNITS = 4;

interface ColumnRowProps {
  table: AskedTable;
  draft: MappingDraft;
  column: WrittenColumn;
  /** What to look at in the suggestion; `null` = nothing. */
  note: string | null;
  fault: MappingFault | null;
  onField: (field: string) => void;
  onUnit: (unit: string) => void;
}

/** One column of the table: its first values, what it means, in which unit, and its first value as it would be read. */
export function ColumnRow({ table, draft, column, note, fault, onField, onUnit }: ColumnRowProps) {
  const id = useId();
  const index = table.header.indexOf(column.column);
  const values = table.sample.map((row) => row[index] ?? "").filter((value) => value !== "");
  const units = draftUnits(column.field, draft.loadKind).map(unitText);
  const { cell, read, wrong } = firstValueRead(table, draft, column);
  const ignored = column.field === IGNORE;
  const described = [fault === null ? null : `${id}-fault`, `${id}-read`].filter((item) => item !== null).join(" ");
  return (
    <li
      className="grid gap-x-4 gap-y-1 border-line border-b py-2 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)]"
      data-column={column.column}
    >
      <div className="min-w-0">
        <p className={`font-[550] [overflow-wrap:anywhere] ${ignored ? "text-muted" : ""}`} id={`${id}-name`}>
          {column.column}
        </p>
        <p className="truncate text-[13px] text-muted">{values.slice(0, VALUES_SHOWN).join(" · ") || "no value"}</p>
      </div>
      <div className="min-w-0">
        <div className="flex flex-wrap gap-2">
          <select
            className="field min-w-0 flex-[1_1_150px]"
            aria-label={`Meaning of ${column.column}`}
            aria-invalid={fault !== null && fault.key !== "unit"}
            aria-describedby={described}
            value={column.field}
            onChange={(event) => onField(event.target.value)}
          >
            <option value={IGNORE}>Not read</option>
            {FIELD_CHOICES.map((group) => (
              <optgroup key={group.label} label={group.label}>
                {group.fields.map((field) => (
                  <option key={field} value={field}>
                    {fieldLabel(field)}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
          {units.length > 0 && (
            <select
              className={`field min-w-0 ${units.length > TIME_UNITS ? "flex-[1_1_205px]" : "flex-[0_1_110px]"}`}
              aria-label={`Unit of ${column.column}`}
              aria-invalid={fault?.key === "unit"}
              aria-describedby={described}
              value={column.unit ?? units[0]}
              onChange={(event) => onUnit(event.target.value)}
            >
              {units.map((unit) => (
                <option key={unit} value={unit}>
                  {unit}
                </option>
              ))}
            </select>
          )}
        </div>
        {fault !== null && (
          <p id={`${id}-fault`} className="mt-0.5 text-[13px] text-warn-ink">
            {faultText(fault)}
          </p>
        )}
        <p id={`${id}-read`} className="mt-0.5 text-[13px] text-muted [overflow-wrap:anywhere]">
          {wrong !== null ? (
            <span className="text-warn-ink">
              {cell}: {wrong}
            </span>
          ) : (
            [read === null ? null : `${cell} → ${read}`, note].filter((part) => part !== null).join(" · ")
          )}
        </p>
      </div>
    </li>
  );
}

/** What is wrong with a column as a sentence that names fields as the list does. */
function faultText({ key, value, sentence }: MappingFault): string {
  const text = key === "field" ? sentence.replace(value, fieldLabel(value)) : sentence;
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

import { useId, useMemo, useRef, useState } from "react";
import {
  type AskedTable,
  askableColumns,
  draftSettings,
  hasCommas,
  type MappingDraft,
  suggestedDraft,
  withField,
  withLoadKind,
  withUnit,
} from "@/lib/ingest/columns/asked-tables";
import { columnMapping, type MappingFault } from "@/lib/ingest/columns/column-mapping";
import { DECIMAL_MARKS } from "@/lib/ingest/parse/cell-number";
import { LOAD_KINDS } from "@/lib/measurement/measurement";
import { ColumnRow } from "./column-row";

/** A mapping a person settled on. */
export interface UsedMapping {
  table: AskedTable;
  draft: MappingDraft;
  /** Text of `iq.columns.yaml`. */
  yaml: string;
}

interface ColumnMappingFormProps {
  table: AskedTable;
  /** As it was used before; left out = start with a suggestion. */
  before?: MappingDraft | undefined;
  /** The mapping is to be used: the tables are checked again with it. */
  onUse: (mapping: UsedMapping) => void;
}

const LOAD_KIND_LABELS = {
  concurrency: "requests in flight",
  request_rate: "requests/s offered",
  max: "everything at once",
};
const DECIMAL_LABELS = { point: "1,234.5", comma: "1.234,5" };

/** Asks what the columns of a table mean: a field and a unit for each, with its first value as it would be read. */
export function ColumnMappingForm({ table, before, onUse }: ColumnMappingFormProps) {
  const suggested = useMemo(() => suggestedDraft(table), [table]);
  const [draft, setDraft] = useState(before ?? suggested.draft);
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const { mapping, faults } = columnMapping(draft.columns, draftSettings(draft));
  const shown = tried ? faults : [];

  /** The text of the mapping, or `null` where it cannot be used: the first fault is then in focus. */
  async function yamlText(): Promise<string | null> {
    setTried(true);
    if (faults.length > 0) {
      requestAnimationFrame(() => {
        form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-faults]')?.focus();
      });
      return null;
    }
    const samples = new Map(table.header.map((name, index) => [name, table.sample.map((row) => row[index] ?? "")]));
    const { columnMappingYaml } = await import("@/lib/ingest/columns/column-mapping-write");
    return columnMappingYaml(mapping, samples);
  }

  return (
    <form
      ref={form}
      className="mt-3"
      onSubmit={(event) => {
        event.preventDefault();
        void yamlText().then((yaml) => {
          if (yaml !== null) onUse({ table, draft, yaml });
        });
      }}
      data-mapping=""
    >
      <WholeTable table={table} draft={draft} onDraft={setDraft} />
      <ul className="mt-3 border-line border-t">
        {draft.columns.map((column) => (
          <ColumnRow
            key={column.column}
            table={table}
            draft={draft}
            column={column}
            note={
              suggested.draft.columns.find((item) => item.column === column.column)?.field === column.field
                ? (suggested.notes.get(column.column) ?? null)
                : null
            }
            fault={shown.find((fault) => fault.column === column.column) ?? null}
            onField={(field) => setDraft(withField(draft, column.column, field))}
            onUnit={(unit) => setDraft(withUnit(draft, column.column, unit))}
          />
        ))}
      </ul>
      <RepeatedNames header={table.header} />
      <label className="mt-3 block max-w-[420px] text-[13px]">
        Written where nothing was measured
        <span className="text-muted"> · besides empty cells, -, n/a and NaN; several separated by commas</span>
        <input
          type="text"
          className="field mt-0.5 block w-full"
          placeholder="e.g. OOM"
          maxLength={200}
          value={draft.notMeasured}
          onChange={(event) => setDraft({ ...draft, notMeasured: event.target.value })}
        />
      </label>
      <Faults faults={shown} />
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <button type="submit" className="button button-primary">
          Use this mapping
        </button>
        <button
          type="button"
          className="button"
          onClick={() => {
            void yamlText().then((yaml) => {
              if (yaml !== null) download(yaml);
            });
          }}
        >
          Download iq.columns.yaml
        </button>
        <span className="text-[13px] text-muted">Kept beside such tables, the file answers this the next time.</span>
      </div>
    </form>
  );
}

interface WholeTableProps {
  table: AskedTable;
  draft: MappingDraft;
  onDraft: (draft: MappingDraft) => void;
}

/** What holds for all columns: the kind of load, and how numbers are written where that is in doubt. */
function WholeTable({ table, draft, onDraft }: WholeTableProps) {
  const id = useId();
  const hasKindColumn = draft.columns.some(({ field }) => field === "load_kind");
  return (
    <>
      <Choice
        legend="The load is"
        name={`${id}-kind`}
        choices={LOAD_KINDS.map((kind) => ({ value: kind, label: LOAD_KIND_LABELS[kind] }))}
        value={hasKindColumn ? null : draft.loadKind}
        disabled={hasKindColumn}
        note={hasKindColumn ? "a column says it" : null}
        onChange={(kind) => onDraft(withLoadKind(draft, kind))}
      />
      {hasCommas(table) && (
        <Choice
          legend="Numbers are written"
          name={`${id}-decimal`}
          choices={DECIMAL_MARKS.map((mark) => ({ value: mark, label: DECIMAL_LABELS[mark] }))}
          value={draft.decimal}
          disabled={false}
          note={null}
          onChange={(mark) => onDraft({ ...draft, decimal: mark })}
        />
      )}
    </>
  );
}

/** Names that several columns have: nobody could tell which column a mapping means. */
function RepeatedNames({ header }: { header: readonly string[] }) {
  const askable = askableColumns(header);
  const repeated = [...new Set(header)].filter((name) => name !== "" && !askable.includes(name));
  if (repeated.length === 0) return null;
  return (
    <p className="mt-2 text-[13px] text-muted">
      {repeated.map((name) => `“${name}”`).join(", ")}: more than one column is called so. Rename them in the table to
      have them read.
    </p>
  );
}

/** What is wrong with the mapping as a whole; mistakes in one column are shown beside that column. */
function Faults({ faults }: { faults: readonly MappingFault[] }) {
  const whole = faults.filter((fault) => fault.column === null);
  return (
    <div role="alert">
      {faults.length > 0 && (
        <div tabIndex={-1} className="mt-3 rounded-lg bg-warn px-3 py-2 text-warn-ink" data-faults="">
          {whole.length === 0
            ? "Some columns above cannot be read so."
            : whole.map(({ key, sentence }) => (
                <p key={`${key} ${sentence}`}>{`${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}`}</p>
              ))}
        </div>
      )}
    </div>
  );
}

interface ChoiceProps<T extends string> {
  legend: string;
  name: string;
  choices: readonly { value: T; label: string }[];
  value: T | null;
  disabled: boolean;
  note: string | null;
  onChange: (value: T) => void;
}

/** One of a few, as radio buttons on a line. */
function Choice<T extends string>({ legend, name, choices, value, disabled, note, onChange }: ChoiceProps<T>) {
  return (
    <fieldset className="mt-2 flex flex-wrap items-baseline gap-x-4 gap-y-1" disabled={disabled}>
      <legend className="float-left mr-4 text-muted max-sm:float-none max-sm:mb-1">{legend}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className="inline-flex min-h-[24px] items-baseline gap-1.5">
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          {choice.label}
        </label>
      ))}
      {note !== null && <span className="text-[13px] text-muted">{note}</span>}
    </fieldset>
  );
}

function download(yaml: string): void {
  const address = URL.createObjectURL(new Blob([yaml], { type: "application/yaml" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = "iq.columns.yaml";
  link.click();
  // The browser may still be about to read it.
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

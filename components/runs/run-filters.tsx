import type { ReactNode } from "react";
import { flagFromText, flagLabel } from "@/lib/measurement/quality-flags";
import { RUNS_PATH } from "@/lib/params/run-params";
import type { RunsPage } from "@/lib/runs/types";

/** The filters of the list of runs: a plain form whose state is the address. */
export function RunFilters({ page }: { page: RunsPage }) {
  const { facets, names } = page;
  const { filter } = page.query;
  return (
    <form method="get" action={RUNS_PATH} aria-label="Filter runs">
      <div className="grid grid-cols-2 gap-x-3 gap-y-2 md:grid-cols-4 xl:grid-cols-[repeat(5,minmax(0,1fr))_auto_auto]">
        <div className="col-span-2 xl:col-span-1">
          <Choice name="model" label="Model" value={filter.model} options={facets.models} />
        </div>
        <Choice
          name="accelerator"
          label="Accelerator"
          value={filter.accelerator}
          options={facets.accelerators}
          text={(id) => names.accelerators[id] ?? id}
        />
        <Choice name="source" label="Source" value={filter.source} options={facets.sources} />
        <Choice
          name="tool"
          label="Tool"
          value={filter.format}
          options={facets.formats}
          text={(id) => names.formats[id] ?? id}
        />
        <Choice
          name="flag"
          label="Caveat"
          value={filter.flag}
          options={facets.flags}
          text={(flag) => flagLabel(flagFromText(flag))}
        />
        <DateField name="from" label="Measured from" value={filter.measuredFrom} />
        <DateField name="to" label="Measured to" value={filter.measuredTo} />
      </div>
      {filter.ingestId !== null && <input type="hidden" name="ingest" value={filter.ingestId} />}
      <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <button type="submit" className="button button-primary">
          Filter
        </button>
        <label className="flex items-center gap-1.5">
          <input type="checkbox" name="retired" value="1" defaultChecked={filter.withRetired} />
          With retired runs
        </label>
      </div>
    </form>
  );
}

function Field({ name, label, children }: { name: string; label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <label htmlFor={`filter-${name}`} className="mb-0.5 block text-[12px] text-muted">
        {label}
      </label>
      {children}
    </div>
  );
}

function DateField({ name, label, value }: { name: string; label: string; value: string | null }) {
  return (
    <Field name={name} label={label}>
      <input id={`filter-${name}`} className="field w-full" type="date" name={name} defaultValue={value ?? ""} />
    </Field>
  );
}

function Choice({
  name,
  label,
  value,
  options,
  text = (option) => option,
}: {
  name: string;
  label: string;
  value: string | null;
  options: readonly string[];
  text?: (option: string) => string;
}) {
  // A value of the address that does not occur is shown all the same: it is why the list is empty.
  const listed = value === null || options.includes(value) ? options : [value, ...options];
  return (
    <Field name={name} label={label}>
      <select id={`filter-${name}`} className="field w-full" name={name} defaultValue={value ?? ""}>
        <option value="">any</option>
        {listed.map((option) => (
          <option key={option} value={option}>
            {text(option)}
          </option>
        ))}
      </select>
    </Field>
  );
}

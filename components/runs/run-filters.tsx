import type { ReactNode } from "react";
import { formatCount } from "@/lib/format";
import { flagFromText, flagLabel } from "@/lib/measurement/quality-flags";
import { RUNS_PATH } from "@/lib/params/run-params";
import type { RunsPage } from "@/lib/runs/types";
import { ApplyAtOnce } from "./apply-at-once";

/** The filters of the list of runs: a plain form whose state is the address. */
export function RunFilters({ page }: { page: RunsPage }) {
  const { facets, counts, names } = page;
  const { filter } = page.query;
  return (
    <form method="get" action={RUNS_PATH} aria-label="Filter runs">
      <ApplyAtOnce />
      <div className="mb-2">
        <label htmlFor="filter-q" className="mb-0.5 block text-[12px] text-muted">
          Search
        </label>
        <input
          id="filter-q"
          className="field w-full max-w-[560px]"
          type="search"
          name="q"
          maxLength={200}
          placeholder="model, accelerator, source or tool"
          defaultValue={filter.search ?? ""}
          autoComplete="off"
        />
      </div>
      <div className="grid grid-cols-2 gap-x-3 gap-y-2 md:grid-cols-4 xl:grid-cols-[repeat(5,minmax(0,1fr))_auto_auto]">
        <div className="col-span-2 xl:col-span-1">
          <Choice name="model" label="Model" value={filter.model} options={facets.models} counts={counts?.models} />
        </div>
        <Choice
          name="accelerator"
          label="Accelerator"
          value={filter.accelerator}
          options={facets.accelerators}
          counts={counts?.accelerators}
          text={(id) => names.accelerators[id] ?? id}
        />
        <Choice name="source" label="Source" value={filter.source} options={facets.sources} counts={counts?.sources} />
        <Choice
          name="tool"
          label="Tool"
          value={filter.format}
          options={facets.formats}
          counts={counts?.formats}
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
  counts,
  text = (option) => option,
}: {
  name: string;
  label: string;
  value: string | null;
  options: readonly string[];
  /** Runs each would leave; those that leave none are not offered. */
  counts?: Record<string, number> | undefined;
  text?: (option: string) => string;
}) {
  // A value of the address that does not occur is shown all the same: it is why the list is empty.
  const offered = options.filter((option) => counts === undefined || option === value || option in counts);
  const listed = value === null || offered.includes(value) ? offered : [value, ...offered];
  return (
    <Field name={name} label={label}>
      <select id={`filter-${name}`} className="field w-full" name={name} defaultValue={value ?? ""}>
        <option value="">any</option>
        {listed.map((option) => (
          <option key={option} value={option}>
            {text(option)}
            {counts === undefined ? "" : ` (${formatCount(counts[option] ?? 0)})`}
          </option>
        ))}
      </select>
    </Field>
  );
}

import { type FormEvent, useId, useState } from "react";
import { amountText } from "@/lib/explorer/sentence";
import { ANY_WORKLOAD, type AskedWorkload, isAnyWorkload, nearestWorkloads } from "@/lib/selection/asked-workload";
import { lengthsText } from "@/lib/words";
import type { EditorProps } from "./editor-props";

/** The reader's own lengths, or one of the workloads this model was really measured under, with how much data each has. */
export function WorkloadEditor({ data, query, onChange, onClose }: EditorProps) {
  const asked = query.askedWorkload;
  const listed =
    asked === null
      ? data.workloads.map((entry) => ({ entry, differences: [] }))
      : nearestWorkloads(data.workloads, asked);
  return (
    <div>
      <OwnRequests
        asked={asked ?? ANY_WORKLOAD}
        onSet={(askedWorkload) => {
          onClose();
          onChange({ ...query, workload: null, askedWorkload, axes: { ...query.axes, latency: null } });
        }}
      />
      <p className="mt-3 mb-1 border-line border-t pt-2 text-[13px] text-muted">
        Measured for {data.model?.displayName ?? "this model"}, {asked === null ? "most data" : "nearest"} first
      </p>
      {listed.map(({ entry: { workload, loadPoints, configurations, accelerators }, differences }) => {
        const chosen = workload.workloadId === data.workload?.workloadId;
        return (
          <button
            key={workload.workloadId}
            type="button"
            aria-pressed={chosen}
            className={`block w-full rounded-md px-2 py-1.5 text-left hover:bg-soft ${chosen ? "bg-soft" : ""}`}
            onClick={() => {
              onClose();
              onChange({ ...query, workload: workload.workloadId, axes: { ...query.axes, latency: null } });
            }}
          >
            <span className={chosen ? "font-semibold" : ""}>{lengthsText(workload)}</span>{" "}
            <span className="text-muted">{workload.workloadId}</span>
            <div className="text-[12px] text-muted">{amountText(loadPoints, configurations, accelerators.length)}</div>
            {differences.length > 0 && <div className="text-[12px] text-muted">{differences.join("; ")}</div>}
          </button>
        );
      })}
    </div>
  );
}

const PERCENT = 100;

interface Fields {
  input: string;
  output: string;
  cached: string;
  turns: string;
}

function textOf(value: number | null): string {
  return value === null ? "" : String(value);
}

function within(text: string, max: number): number | null {
  const value = Number(text.replaceAll(",", ""));
  return text.trim() !== "" && value > 0 && value <= max ? value : null;
}

/** What was typed as a workload; a text is what is wrong with it. */
function readFields({ input, output, cached, turns }: Fields): AskedWorkload | string {
  const inputTokens = within(input, 1e7);
  const outputTokens = within(output, 1e7);
  if ((inputTokens === null) !== (outputTokens === null)) return "Give both lengths, in tokens, or none.";
  if (inputTokens === null && input.trim() + output.trim() !== "") return "Lengths are tokens above 0.";
  const percent = cached.trim() === "" ? null : Number(cached);
  if (percent !== null && !(percent >= 0 && percent <= PERCENT)) return "The cached share lies between 0 and 100%.";
  const count = within(turns, 1000);
  if (turns.trim() !== "" && (count === null || !Number.isInteger(count)))
    return "Turns are a whole number up to 1,000.";
  return {
    inputTokens: inputTokens === null ? null : Math.round(inputTokens),
    outputTokens: outputTokens === null ? null : Math.round(outputTokens),
    cachedInputShare: percent === null ? null : percent / PERCENT,
    turns: count,
  };
}

/** Lengths of one's own requests, how much of their input is there from before, and turns. */
function OwnRequests({ asked, onSet }: { asked: AskedWorkload; onSet: (asked: AskedWorkload | null) => void }) {
  const [fields, setFields] = useState<Fields>({
    input: textOf(asked.inputTokens),
    output: textOf(asked.outputTokens),
    cached: textOf(asked.cachedInputShare === null ? null : Number((asked.cachedInputShare * PERCENT).toPrecision(6))),
    turns: textOf(asked.turns),
  });
  const [problem, setProblem] = useState<string | null>(null);
  const problemId = useId();

  function submit(event: FormEvent) {
    event.preventDefault();
    const read = readFields(fields);
    if (typeof read === "string") setProblem(read);
    else onSet(isAnyWorkload(read) ? null : read);
  }

  const field = (key: keyof Fields, label: string, placeholder: string) => (
    <label className="text-[12px] text-muted">
      {label}
      <input
        // biome-ignore lint/a11y/noAutofocus: opening the popover is asking for it
        autoFocus={key === "input"}
        type="text"
        inputMode="decimal"
        placeholder={placeholder}
        className="field mt-1.5 block w-[84px] text-[14px] text-ink"
        aria-describedby={problemId}
        value={fields[key]}
        onChange={(event) => {
          setProblem(null);
          setFields({ ...fields, [key]: event.target.value });
        }}
      />
    </label>
  );

  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
      {field("input", "Tokens in", "any")}
      {field("output", "Tokens out", "any")}
      {field("cached", "% cached", "not said")}
      {field("turns", "Turns", "not said")}
      <button type="submit" className="button button-primary">
        Find the nearest
      </button>
      <p className="w-full text-[12px] text-muted" id={problemId} aria-live="polite">
        {problem ??
          "Your own requests: what was measured so answers, else the nearest, and what differs is said. Cached: the part of the input that earlier requests or turns began with."}
      </p>
    </form>
  );
}

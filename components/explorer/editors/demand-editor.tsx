import { type FormEvent, useId, useState } from "react";
import { Select } from "@/components/select";
import { type Demand, parseDemand } from "@/lib/selection/demand";
import type { EditorProps } from "./editor-props";

type Kind = Demand["kind"];

const KINDS: readonly (readonly [Kind, string])[] = [
  ["requests", "requests per second"],
  ["people", "people at once"],
  ["requestsPerDay", "requests a day"],
  ["tokensPerDay", "output tokens a day"],
  ["day", "a day's curve"],
];

/** What the form holds: one amount, one number beside it, and the list of a day. */
interface Fields {
  kind: Kind;
  amount: string;
  thinkSeconds: string;
  peakFactor: string;
  day: string;
}

function fieldsOf(demand: Demand | null): Fields {
  const empty: Fields = { kind: "requests", amount: "", thinkSeconds: "0", peakFactor: "2", day: "" };
  switch (demand?.kind) {
    case undefined:
      return empty;
    case "requests":
      return { ...empty, amount: String(demand.requestsPerSecond) };
    case "people":
      return { ...empty, kind: "people", amount: String(demand.people), thinkSeconds: String(demand.thinkSeconds) };
    case "requestsPerDay":
      return {
        ...empty,
        kind: "requestsPerDay",
        amount: String(demand.requestsPerDay),
        peakFactor: String(demand.peakFactor),
      };
    case "tokensPerDay":
      return {
        ...empty,
        kind: "tokensPerDay",
        amount: String(demand.tokensPerDay),
        peakFactor: String(demand.peakFactor),
      };
    case "day":
      return { ...empty, kind: "day", day: demand.requestsPerSecondByHour.join(" ") };
  }
}

function isEmpty({ kind, amount, day }: Fields): boolean {
  return (kind === "day" ? day : amount).trim() === "";
}

function demandOf({ kind, amount, thinkSeconds, peakFactor, day }: Fields): Demand | null {
  switch (kind) {
    case "requests":
      return parseDemand(amount);
    case "people":
      return parseDemand(`people:${amount}:${thinkSeconds}`);
    case "requestsPerDay":
      return parseDemand(`requests-a-day:${amount}:${peakFactor}`);
    case "tokensPerDay":
      return parseDemand(`tokens-a-day:${amount}:${peakFactor}`);
    case "day":
      return parseDemand(`day:${day.trim().replace(/[\s,;]+/g, ",")}`);
  }
}

const WRONG: Record<Kind, string> = {
  requests: "Requests per second must be a number above 0.",
  people: "People must be a number above 0, the time to think 0 seconds to a day.",
  requestsPerDay: "Requests a day must be a number above 0, the peak 1 to 1,000 times the mean.",
  tokensPerDay: "Tokens a day must be a number above 0, the peak 1 to 1,000 times the mean.",
  day: "A day has 24 numbers, requests per second of each hour from midnight on.",
};

/** The demand as the reader knows it, and the share of capacity kept free. */
export function DemandEditor({ query, view, onChange, onClose }: EditorProps) {
  const { demand, headroom } = view.question;
  const [fields, setFields] = useState(() => fieldsOf(demand));
  const [percent, setPercent] = useState(String(Math.round(headroom * 100)));
  const [problem, setProblem] = useState<string | null>(null);
  const problemId = useId();
  const set = (changed: Partial<Fields>) => {
    setProblem(null);
    setFields({ ...fields, ...changed });
  };

  function submit(event: FormEvent) {
    event.preventDefault();
    const next = isEmpty(fields) ? null : demandOf(fields);
    if (next === null && !isEmpty(fields)) {
      setProblem(WRONG[fields.kind]);
      return;
    }
    onChange({ ...query, question: { ...query.question, demand: next, headroom: Number(percent) / 100 } });
    onClose();
  }

  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-2" noValidate>
      <label className="text-[12px] text-muted">
        Demand in
        <Select
          className="field mt-1.5 block text-[14px] text-ink"
          choices={KINDS}
          value={fields.kind}
          onChoose={(kind) => set({ kind })}
        />
      </label>
      {fields.kind === "day" ? (
        <label className="w-full text-[12px] text-muted">
          Requests per second of each hour, from midnight on
          <textarea
            className="field mt-1.5 block h-20 w-full text-[14px] text-ink"
            placeholder="24 numbers, e.g. pasted from a spreadsheet"
            aria-describedby={problemId}
            value={fields.day}
            onChange={(event) => set({ day: event.target.value })}
          />
        </label>
      ) : (
        <NumberField
          label={KINDS.find(([kind]) => kind === fields.kind)?.[1] ?? ""}
          value={fields.amount}
          describedBy={problemId}
          isFirst
          onChange={(amount) => set({ amount })}
        />
      )}
      {fields.kind === "people" && (
        <NumberField
          label="seconds to think"
          value={fields.thinkSeconds}
          describedBy={problemId}
          onChange={(thinkSeconds) => set({ thinkSeconds })}
        />
      )}
      {(fields.kind === "requestsPerDay" || fields.kind === "tokensPerDay") && (
        <NumberField
          label="peak, × the mean"
          value={fields.peakFactor}
          describedBy={problemId}
          onChange={(peakFactor) => set({ peakFactor })}
        />
      )}
      <label className="text-[12px] text-muted">
        Headroom, %
        <input
          type="number"
          min="0"
          max="90"
          step="1"
          required
          className="field mt-1.5 block w-24 text-[14px] text-ink"
          value={percent}
          onChange={(event) => setPercent(event.target.value)}
        />
      </label>
      <button type="submit" className="button button-primary">
        Set
      </button>
      <p className="w-full text-[12px] text-muted" id={problemId} aria-live="polite">
        {problem ??
          (fields.kind === "people"
            ? "Each waits for an answer, then thinks before asking again. 0 seconds to think asks for most."
            : "Gives replicas, machines and the bill. Empty: the ranking alone, without a plan.")}
      </p>
    </form>
  );
}

function NumberField({
  label,
  value,
  describedBy,
  isFirst = false,
  onChange,
}: {
  label: string;
  value: string;
  describedBy: string;
  isFirst?: boolean;
  onChange: (text: string) => void;
}) {
  return (
    <label className="text-[12px] text-muted">
      {`${label.slice(0, 1).toUpperCase()}${label.slice(1)}`}
      <input
        // biome-ignore lint/a11y/noAutofocus: opening the popover is asking for it
        autoFocus={isFirst}
        type="text"
        inputMode="decimal"
        placeholder={isFirst ? "any" : ""}
        className="field mt-1.5 block w-36 text-[14px] text-ink"
        aria-describedby={describedBy}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
